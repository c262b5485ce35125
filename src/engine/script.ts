import { unreachable } from '../base/unreachable.ts';
import { fill } from '../expression/fill.ts';

import type { CommandSpec } from '../executor/executor.ts';
import type { Variables } from '../expression/fill.ts';
import type { Argv, Command, Script, Text } from '../plan/plan.ts';

/** The word in a command's output that stands for the time of its arrival, if it has one. */
export const timeMarkOf = (run: Command['run'], timeMark: string): { timeMark?: string } =>
  run.kind === 'script' && run.announce === 'timestamp' && isShell(run.shell[0])
    ? { timeMark }
    : {};

/** What an executor is to run for a step's, service's or probe's words. */
export function toCommandSpec(
  run: Command['run'],
  timeMark: string,
  variables: Variables,
): CommandSpec {
  const filled = (text: Text): string => fill(text, variables).value;
  switch (run.kind) {
    case 'argv':
      return { kind: 'argv', argv: wordsOf(run, filled) };
    case 'image':
      return {
        kind: 'image',
        ...(run.arguments && { arguments: run.arguments.map(filled) }),
      };
    case 'script':
      return { kind: 'script', interpreter: run.shell, text: scriptText(run, timeMark, variables) };
    default:
      return unreachable(run);
  }
}

function wordsOf({ argv: [first, ...rest] }: Argv, filled: (text: Text) => string): Words {
  return [filled(first), ...rest.map(filled)];
}

type Words = readonly [string, ...string[]];

/**
 * The whole text of a script. A shell stops at the first line that fails and tells each line before
 * it runs; where `timeMark` stands in what it tells, the recorder puts the time. Any other
 * interpreter gets the lines as they are.
 */
export function scriptText(
  { shell, lines: written, announce }: Script,
  timeMark: string,
  variables: Variables,
): string {
  const lines = written.map((line) =>
    typeof line === 'string' ? line : fill(line, variables).value,
  );
  if (!isShell(shell[0])) return lines.map((line) => `${line}\n`).join('');
  const told = announce === 'timestamp' ? `+ ${timeMark}` : '+ ';
  const body = lines.map((line) =>
    announce === 'minimal' ? line : `printf '%s\\n' ${quoted(told + line.trimEnd())}\n${line}`,
  );
  return ['set -e', ...body, ''].join('\n');
}

const shells = new Set(['sh', 'bash', 'dash', 'ash', 'ksh', 'mksh', 'zsh', 'busybox']);

const isShell = (interpreter: string): boolean =>
  shells.has(interpreter.slice(interpreter.lastIndexOf('/') + 1));

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
