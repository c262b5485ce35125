import { lookOf } from './terminal/color.ts';
import { paint } from '../report/look.ts';
import { logLinesOf } from './log-lines.ts';

import type { ColorFlags } from './terminal/color.ts';
import type { World } from './world.ts';

/** Says on standard error what is wrong, and what to do about it. */
export function complain(world: World, flags: ColorFlags, text: string): void {
  say(world, flags, 'bad', 'error', text);
}

/** Says on standard error what is worth knowing. */
export function warn(world: World, flags: ColorFlags, text: string): void {
  say(world, flags, 'warn', 'warning', text);
}

function say(
  { program, stderr, env, log }: World,
  flags: ColorFlags,
  tone: 'bad' | 'warn',
  word: string,
  text: string,
): void {
  const look = lookOf(flags, env, stderr.isTTY === true);
  stderr.write(`${program}: ${paint(look, tone, word)}: ${text}\n`);
  for (const line of logLinesOf(text)) log?.(tone === 'bad' ? 'error' : 'warn', line);
}
