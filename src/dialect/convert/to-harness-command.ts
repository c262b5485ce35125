import { harnessFilling, harnessText } from './harness-writer.ts';
import { cixSurroundings } from './cix-surroundings.ts';
import { toHarnessContainer } from './to-harness-container.ts';
import { toHarnessLine } from './to-harness-line.ts';
import { toHarnessScript } from './to-harness-script.ts';
import { isPlain } from './plain-text.ts';
import { quoted } from './shell-words.ts';

import type { Command, RunStep, Service, Text } from '../../plan/plan.ts';
import type { HarnessWriter } from './harness-writer.ts';
import type { Part } from './losses.ts';
import type { Written } from './write-yaml.ts';

type Words = { readonly [key: string]: Written };

/** What a step or a service of Harness says in its `spec` about what it launches. */
export function toHarnessCommand(
  node: RunStep | Service,
  part: Part,
  writer: HarnessWriter,
): Words {
  const { command } = node;
  const { image, container, user } = command;
  const around = cixSurroundings(node, part, writer.losses);
  const { environment, ...told } = toRun(node, around.lines, part, writer);
  return {
    ...(image && { image: harnessText(image, part, ['image'], writer) }),
    ...told,
    ...toEnvironment(command, { ...around.environment, ...environment }, part, writer),
    ...(container && toHarnessContainer(node, container, part, writer)),
    ...(user && toUser(user, image !== undefined, part, writer)),
  };
}

function toRun(
  node: RunStep | Service,
  told: readonly string[],
  part: Part,
  writer: HarnessWriter,
): Words & { readonly environment?: Readonly<Record<string, string>> } {
  const { run, image, workingDir } = node.command;
  const { losses } = writer;
  if (run.kind === 'script')
    return toHarnessScript(run, [...told, ...movedTo(node.command)], part, writer);
  const given = run.kind === 'argv' ? run.argv : (run.arguments ?? []);
  if (node.kind === 'service') {
    if (workingDir !== undefined)
      losses.tell(part, ['working-dir'], 'it starts in the workspace: Harness has no other folder');
    const words = given.map((word) => harnessText(word, part, ['arguments', 'entrypoint'], writer));
    if (words.length === 0) return {};
    return run.kind === 'argv' ? { entrypoint: words } : { args: words };
  }
  if (given.length === 0) return {};
  if (run.kind === 'image' && image)
    losses.tell(
      part,
      ['arguments'],
      "the image's ENTRYPOINT is not started: a shell runs the words by themselves",
      'name the program in front of them if the image has an ENTRYPOINT',
    );
  const { line, environment } = toHarnessLine(given, node.command, part, writer);
  return { command: [...movedTo(node.command), line].join('\n'), environment };
}

/** Harness starts everything in the workspace. */
const movedTo = ({ workingDir }: Command): readonly string[] =>
  workingDir === undefined ? [] : [`cd ${quoted(workingDir)}`];

function toEnvironment(
  { environment }: Command,
  around: Readonly<Record<string, string>>,
  part: Part,
  writer: HarnessWriter,
): Words {
  const { local } = writer;
  const own = new Set(environment.map(({ name }) => name));
  const told = [...local].filter(([name]) => !own.has(name));
  const entries = [
    ...Object.entries(around),
    ...told.map(([name, path]): [string, string] => [name, `<+${path}>`]),
    ...environment.map((one): [string, string] => [
      one.name,
      harnessFilling(one, part, ['environment'], writer),
    ]),
  ];
  const twice = entries.map(([name]) => name).find((name, at, all) => all.indexOf(name) !== at);
  if (twice !== undefined)
    writer.losses.tell(part, ['environment'], `\`${twice}\` has its last value only`);
  return entries.length > 0 ? { envVariables: Object.fromEntries(entries) } : {};
}

function toUser(user: Text, hasImage: boolean, part: Part, writer: HarnessWriter): Words {
  const text = harnessText(user, part, ['user'], writer);
  if (text === '') return {};
  if (hasImage && (/^\d+$/.test(text) || !isPlain(user)))
    return { runAsUser: /^\d+$/.test(text) ? Number(text) : text };
  writer.losses.tell(
    part,
    ['user'],
    `it does not run as \`${text}\`: Harness has the numbers of users only, and those of containers`,
  );
  return {};
}
