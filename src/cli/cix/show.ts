import { logVoice } from '../chain-voice.ts';
import { cixLogLine, isWanted } from '../terminal/cix-level.ts';
import { cixReporter } from '../terminal/cix-reporter.ts';
import { openPort } from '../terminal/port.ts';
import { consoleLook } from './remote/log.ts';

import type { ChainVoice } from '../chain-voice.ts';
import type { Show } from '../show.ts';
import type { ColorFlags } from '../terminal/color.ts';
import type { World } from '../world.ts';

/** What the console of CIX shows of a chain and its runs. */
export function cixShow(flags: ColorFlags, world: World): Show {
  const look = consoleLook(flags, world);
  return {
    reporter: () => cixReporter(openPort(world.stdout), look),
    voice: cixVoice(flags, world),
  };
}

/** What the console of CIX says of a chain. */
export function cixVoice(flags: ColorFlags, world: World): ChainVoice {
  const { color, level } = consoleLook(flags, world);
  return logVoice((of, text) =>
    isWanted(of, level) ? `${cixLogLine(Date.now(), of, text, color)}\n` : '',
  );
}
