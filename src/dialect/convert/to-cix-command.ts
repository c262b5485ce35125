import { cixText, fallbackOf } from './cix-writer.ts';
import { harnessSurroundings } from './harness-surroundings.ts';
import { toCixContainer } from './to-cix-container.ts';
import { toCixScript } from './to-cix-script.ts';

import type { Command, TaskNode, Text, Variable } from '../../plan/plan.ts';
import type { CixWriter } from './cix-writer.ts';
import type { Part } from './losses.ts';
import type { Written } from './write-yaml.ts';

type Words = { readonly [key: string]: Written };

/** What a step or a service of CIX says about what it launches. */
export function toCixCommand(node: TaskNode, part: Part, writer: CixWriter): Words {
  const { command } = node;
  const { run, image, container, user, workingDir } = command;
  const told = harnessSurroundings(node, part, writer);
  const variables = [...told.variables, ...command.environment];
  const written = run.kind === 'script' ? toCixScript(run, variables, { part, writer }) : undefined;
  const environment = [...variables, ...(written?.variables ?? [])].map((one) =>
    toVariable(one, part, writer),
  );
  return {
    ...(image && { image: cixText(image, part, ['spec.image'], writer) }),
    ...(container && toCixContainer(container, node, part, writer)),
    ...(user && { user: cixText(user, part, ['spec.runAsUser'], writer) }),
    ...(workingDir !== undefined && { 'working-dir': workingDir }),
    ...(environment.length > 0 && { environment }),
    ...(written &&
      run.kind === 'script' && {
        ...(run.shell.join(' ') !== 'sh' && { 'commands-shell': run.shell.join(' ') }),
        ...(run.announce !== 'timestamp' && { 'commands-output': run.announce }),
        commands: [...told.lines, ...written.commands],
      }),
    ...toWords(run, image !== undefined, part, writer),
  };
}

function toWords(run: Command['run'], hasImage: boolean, part: Part, writer: CixWriter): Words {
  const words = (texts: readonly Text[]): string[] =>
    texts.map((word) => cixText(word, part, ['spec.entrypoint', 'spec.args'], writer));
  if (run.kind === 'argv') return { [hasImage ? 'entrypoint' : 'arguments']: words(run.argv) };
  return run.kind === 'image' && run.arguments ? { arguments: words(run.arguments) } : {};
}

function toVariable({ name, value }: Variable, part: Part, writer: CixWriter): Words {
  const keys = [`spec.envVariables.${name}`, 'spec.envVariables'];
  const fallback = fallbackOf(value, writer);
  const text = cixText(value, part, keys, writer);
  return {
    name,
    ...(text !== `$$${name}` && { value: text }),
    ...(fallback !== undefined && { default: fallback }),
  };
}
