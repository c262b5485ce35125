import { cixLevelOf, cixLogLine, isWanted } from '../../terminal/cix-level.ts';
import { lookOf } from '../../terminal/color.ts';

import type { CixLevel } from '../../terminal/cix-level.ts';
import type { CixLook } from '../../terminal/cix-reporter.ts';
import type { ColorFlags } from '../../terminal/color.ts';
import type { World } from '../../world.ts';

/** How the console of CIX looks. */
export function consoleLook(flags: ColorFlags, { stdout, env }: World): CixLook {
  const isTTY = stdout.isTTY === true;
  // As CIX does it: a CI service that shows colours is no terminal.
  const color = lookOf(flags, env, isTTY).color && (flags.color === true || isTTY);
  return { color, level: cixLevelOf(env), shows: 'everything' };
}

/** Says lines of CIX's own log. */
export function consoleLog(
  flags: ColorFlags,
  world: World,
): (level: CixLevel, text: string) => void {
  const { color, level } = consoleLook(flags, world);
  return (of, text) => {
    if (isWanted(of, level)) world.stdout.write(`${cixLogLine(Date.now(), of, text, color)}\n`);
  };
}
