import { unreachable } from '../base/unreachable.ts';
import { fill } from '../expression/fill.ts';
import { handOver, kindOf } from './hand-over.ts';

import type { CommandSpec } from '../executor/executor.ts';
import type { Variables } from '../expression/fill.ts';
import type { Argv, Command, Output, Script, Text } from '../plan/plan.ts';

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
  outputs: readonly Output[] = [],
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
      return {
        kind: 'script',
        interpreter: run.shell,
        text: scriptText(run, timeMark, variables, outputs),
      };
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
 * interpreter gets the lines as they are. What the run wants of its variables, it hands over at its end.
 */
export function scriptText(
  { shell, lines: written, announce }: Script,
  timeMark: string,
  variables: Variables,
  outputs: readonly Output[] = [],
): string {
  const lines = filledLines(written, variables);
  const told = tellings({ shell, announce }, lines, timeMark);
  const { before, after } = handOver({ shell }, lines.join('\n'), outputs, timeMark);
  if (!isShell(shell[0])) return [...before, ...lines, ...after, ''].join('\n');
  const tell = told.length > 0 && maySurvive(lines) ? statusKeeper : String.raw`printf '%s\n'`;
  const body = lines.map((line, index) => {
    const telling = told[index];
    return telling === undefined ? line : `${tell} ${quoted(telling)}\n${line}`;
  });
  const functions = tell === statusKeeper ? [tellFunction] : [];
  return ['set -e', ...functions, ...before, ...body, ...after, ''].join('\n');
}

const statusKeeper = 'continuo_tell';

/**
 * Tells a line and leaves `$?` as it was, for scripts that go on after a failure. While a failure ends
 * the script it must not: the status of `[ -e x ] && y` would be taken for one.
 */
const tellFunction = `${statusKeeper}() {
set -- "$?" "$1"
printf '%s\\n' "$2"
case $- in *e*) ;; *) return "$1" ;; esac
}`;

/** Whether a script may stop ending at the first command that fails. */
const maySurvive = (lines: readonly string[]): boolean =>
  lines.some((line) => /\bset\s+\+|errexit/.test(line));

/** The lines in which a command's script tells what it is about to run, as they come from it. */
export function toldLines(
  run: Command['run'],
  timeMark: string,
  variables: Variables,
): readonly string[] {
  if (run.kind !== 'script') return [];
  const lines = filledLines(run.lines, variables);
  return tellings(run, lines, timeMark).flatMap((telling) => telling.split('\n'));
}

/** What is told of each line; nothing of any when that is not wanted, or by no shell. */
function tellings(
  { shell, announce }: Pick<Script, 'shell' | 'announce'>,
  lines: readonly string[],
  timeMark: string,
): readonly string[] {
  if (announce === 'minimal' || !isShell(shell[0])) return [];
  const told = announce === 'timestamp' ? `+ ${timeMark}` : '+ ';
  return lines.map((line) => told + line.trimEnd());
}

const filledLines = (lines: Script['lines'], variables: Variables): readonly string[] =>
  lines.map((line) => (typeof line === 'string' ? line : fill(line, variables).value));

const isShell = (interpreter: string): boolean => kindOf(interpreter) === 'shell';

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
