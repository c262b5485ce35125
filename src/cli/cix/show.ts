import { cleanLine } from '../../report/clean.ts';
import { cixLogLine, isWanted } from '../terminal/cix-level.ts';
import { cixReporter } from '../terminal/cix-reporter.ts';
import { openPort } from '../terminal/port.ts';
import { consoleLook } from './remote/log.ts';

import type { ChainVoice } from '../chain-voice.ts';
import type { Show } from '../show.ts';
import type { CixLevel } from '../terminal/cix-level.ts';
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

/** What CIX's own log says of a chain. */
export function cixVoice(flags: ColorFlags, world: World): ChainVoice {
  const { color, level } = consoleLook(flags, world);
  const line = (of: CixLevel, text: string): string =>
    isWanted(of, level) ? `${cixLogLine(Date.now(), of, text, color)}\n` : '';
  return {
    next: ({ file }, index, of) =>
      line('info', `Executing pipeline ${index + 1} of ${of}: ${cleanLine(file)}`),
    skipped: ({ file }, index, of) =>
      line('warn', `Skipping pipeline ${index + 1} of ${of}: ${cleanLine(file)}`),
    ended(ends, _tookMs, cancelledBy) {
      const bad = ends.find(({ outcome }) => outcome !== 'succeeded' && outcome !== 'skipped');
      if (cancelledBy !== undefined && (!bad || bad.outcome === 'cancelled'))
        return line('warn', `Execution was cancelled by SIG${cancelledBy}`);
      if (bad) return line('error', `Execution failed: ${cleanLine(bad.link.file)} ${bad.outcome}`);
      return line('info', `All ${ends.length} pipelines completed successfully`);
    },
  };
}
