import { once } from 'node:events';

import { cleanLine } from '../report/clean.ts';

import type { InputQuestion } from '../dialect/harness/inputs-given.ts';
import type { World } from './world.ts';

/** Whether somebody is there to be asked. */
export const canAsk = ({ stdin, stderr, asks = stderr }: World): boolean =>
  stdin.isTTY === true && asks.isTTY === true;

/**
 * Asks on the terminal for an input; `undefined` when standard input has ended. Rejects when `signal`
 * aborts.
 */
export async function askInput(
  { path, fallback, expected, problem }: InputQuestion,
  { stdin, stderr, asks = stderr, veil }: World,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { createInterface } = await import('node:readline/promises');
  using lines = createInterface({ input: stdin, output: asks, terminal: true });
  // It takes Ctrl-C for itself.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  const details = [
    ...(expected === undefined ? [] : [expected]),
    ...(fallback === undefined ? [] : [`default: ${fallback}`]),
  ];
  const about = details.length > 0 ? ` (${details.join('; ')})` : '';
  if (problem !== undefined) asks.write(`${veil.text(cleanLine(problem))}\n`);
  const closed = once(lines, 'close').then(() => undefined);
  return await Promise.race([
    lines.question(`${veil.text(cleanLine(`${path}${about}`))}: `, { signal }),
    closed,
  ]);
}
