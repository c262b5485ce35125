import { brief } from '../common/brief.ts';
import { nearest } from '../common/nearest.ts';
import { child, keysOf, members, ownerSpan, textOf, valueSpan } from '../common/tree.ts';
import { checkContainer } from './check-container.ts';
import { checkEnvCommand } from './check-env-command.ts';
import { isStepName, serviceOnly, stepOnly } from './schema.ts';

import type { Findings } from '../common/diagnostic.ts';
import type { Spot } from '../common/tree.ts';

/** Reports what is wrong with a step beyond the shape of its single keys. */
export function checkStep(spot: Spot, about: string, isService: boolean, findings: Findings): void {
  checkName(spot, about, findings);
  checkEnvironment(spot, about, findings);
  const given = keysOf(spot).filter((key) => key !== 'arguments' || !isEmpty(child(spot, key)!));
  if (!given.some(isWork))
    findings.error(ownerSpan(child(spot, 'name') ?? spot), `${about}: it has nothing to do`, {
      hint: 'give it `commands`, `arguments` or an `image`',
    });
  checkContainer(spot, about, findings);
  checkEnvCommand(spot, about, findings);
  if (isService) checkService(spot, about, findings);
  else
    for (const key of serviceOnly) {
      const found = child(spot, key);
      if (found)
        findings.error(
          ownerSpan(found),
          `${about}: \`${key}\` is only for a step with \`background: true\``,
          {
            hint: `add \`background: true\` if it is a service, or remove \`${key}\``,
          },
        );
    }
}

/** Misspelt keys are reported as such. */
const isWork = (key: string): boolean => work.includes(key) || nearest(key, work) !== undefined;

const isEmpty = ({ tree }: Spot): boolean => tree.kind === 'list' && tree.items.length === 0;

const work = ['commands', 'arguments', 'image'];

/** What YAML takes for a number is a name too, as it is written. */
function checkName(spot: Spot, about: string, findings: Findings): void {
  const name = child(spot, 'name');
  if (name?.tree.kind !== 'scalar' || typeof name.tree.value !== 'number' || name.tree.value < 0)
    return;
  if (!isStepName(name.tree.text))
    findings.error(valueSpan(name), `${about}: \`name\` must begin with a letter or a digit`);
}

/** Reports variables that are given twice. */
export function checkEnvironment(spot: Spot, about: string, findings: Findings): void {
  const first = new Map<string, Spot>();
  for (const variable of members(child(spot, 'environment'))) {
    const name = child(variable, 'name');
    const text = textOf(name);
    if (!name || text === undefined) continue;
    const earlier = first.get(text);
    if (!earlier) first.set(text, name);
    else
      findings.error(
        valueSpan(name),
        `${about}: \`${brief(text)}\` stands twice in \`environment\``,
        {
          hint: 'a variable has one value',
          related: [{ message: 'first given here', span: valueSpan(earlier) }],
        },
      );
  }
}

const instead: Readonly<Record<(typeof stepOnly)[number], string>> = {
  timeout:
    'a service runs until its scope ends; to limit how long it may take to become ready, use `ready: {…, timeout: 30s}`',
  retry: 'to start a service again when it ends, use `on-exit: restart`',
  'continue-on-fail': 'to go on when a service ends before its time, use `on-exit: ignore`',
};

function checkService(spot: Spot, about: string, findings: Findings): void {
  for (const key of stepOnly) {
    const found = child(spot, key);
    if (found)
      findings.error(
        ownerSpan(found),
        `${about}: \`${key}\` is not for a step with \`background: true\``,
        {
          hint: instead[key],
        },
      );
  }
}
