import { parseVolume } from '../../plan/container-text.ts';
import { nearest } from '../common/nearest.ts';
import { child, keysOf, members, oneOrMany, ownerSpan, textOf, valueSpan } from '../common/tree.ts';
import { containerOnly } from './container-keys.ts';
import { isLiteral } from './text.ts';

import type { Findings } from '../common/diagnostic.ts';
import type { Spot } from '../common/tree.ts';

/** Reports what of a step goes neither with the image it has nor with having none. */
export function checkContainer(spot: Spot, about: string, findings: Findings): void {
  checkWork(spot, about, findings);
  if (child(spot, 'image')) checkVolumes(spot, about, findings);
  // A misspelt one is reported as such.
  else if (!keysOf(spot).some((key) => nearest(key, ['image'])))
    checkNoImage(spot, about, findings);
}

function checkNoImage(spot: Spot, about: string, findings: Findings): void {
  const report = (found: Spot | undefined, key: string, hint: string): void => {
    if (!found) return;
    const message = `${about}: \`${key}\` is only for a step with an \`image\``;
    findings.error(ownerSpan(found), message, { hint });
  };
  for (const key of containerOnly)
    report(child(spot, key), key, `name the \`image\` that it runs in, or remove \`${key}\``);
  for (const probe of oneOrMany(child(spot, 'ready')))
    report(
      child(probe, 'health'),
      'ready.health',
      'a process of this machine has no HEALTHCHECK: use `tcp`, `http`, `exec` or `log`',
    );
}

/** A step launches one thing. */
function checkWork(spot: Spot, about: string, findings: Findings): void {
  const commands = child(spot, 'commands');
  const hasImage = child(spot, 'image') !== undefined;
  for (const key of ['arguments', 'entrypoint']) {
    const found = child(spot, key);
    if (!found) continue;
    if (commands && (key === 'arguments' || hasImage))
      findings.error(ownerSpan(found), `${about}: \`${key}\` cannot stand beside \`commands\``, {
        hint: `\`commands\` are a script, \`${key}\` words that are executed as they are: keep one of them`,
        related: [{ message: 'the commands stand here', span: ownerSpan(commands) }],
      });
    const isProgram = key === 'entrypoint' || !hasImage;
    const [first] = members(found);
    if (first && isProgram && textOf(first) === '')
      findings.error(
        valueSpan(first),
        `${about}: item 1 of \`${key}\` must be the name of a program`,
      );
  }
  const isOther = ['arguments', 'entrypoint', 'image'].some((key) => child(spot, key));
  for (const key of ['commands-shell', 'commands-output']) {
    const found = child(spot, key);
    if (found && !commands && isOther && !keysOf(spot).some(isNearCommands))
      findings.warning(ownerSpan(found), `${about}: \`${key}\` says nothing without \`commands\``);
  }
}

const isNearCommands = (key: string): boolean => nearest(key, ['commands']) !== undefined;

/** One place of the container shows one thing. */
function checkVolumes(spot: Spot, about: string, findings: Findings): void {
  const mountPoint = child(spot, 'workspace-mount-point');
  const workspace = (textOf(mountPoint) ?? '/cix/src').replace(/\/+$/, '');
  const taken = new Map<string, Spot>();
  for (const volume of members(child(spot, 'volumes'))) {
    const written = textOf(volume) ?? '';
    const parsed = isLiteral(written) ? parseVolume(written) : undefined;
    if (parsed?.ok !== true) continue;
    const { target } = parsed.value;
    const earlier = taken.get(target);
    if (target === workspace)
      findings.error(valueSpan(volume), `${about}: the workspace is mounted at \`${target}\``, {
        hint: 'mount the volume elsewhere, or the workspace, by `workspace-mount-point`',
        ...(mountPoint && {
          related: [{ message: 'the workspace goes here', span: valueSpan(mountPoint) }],
        }),
      });
    else if (earlier)
      findings.error(valueSpan(volume), `${about}: \`${target}\` is the target of two volumes`, {
        related: [{ message: 'first mounted here', span: valueSpan(earlier) }],
      });
    taken.set(target, earlier ?? volume);
  }
}
