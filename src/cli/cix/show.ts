import { cleanLine } from '../../report/clean.ts';
import { cixLevelOf, cixLogLine, isWanted } from '../terminal/cix-level.ts';
import { cixReporter } from '../terminal/cix-reporter.ts';
import { lookOf } from '../terminal/color.ts';
import { openPort } from '../terminal/port.ts';

import type { ChainVoice } from '../chain-voice.ts';
import type { Show } from '../show.ts';
import type { CixLevel } from '../terminal/cix-level.ts';
import type { ColorFlags } from '../terminal/color.ts';
import type { World } from '../world.ts';

/** What the console of CIX shows of a chain and its runs. */
export function cixShow(flags: ColorFlags, { stdout, env }: World): Show {
  const isTTY = stdout.isTTY === true;
  // As CIX does it: a CI service that shows colours is no terminal.
  const color = lookOf(flags, env, isTTY).color && (flags.color === true || isTTY);
  const level = cixLevelOf(env);
  return {
    reporter: () => cixReporter(openPort(stdout), { color, level, shows: 'everything' }),
    voice: cixVoice((of, text) =>
      isWanted(of, level) ? `${cixLogLine(Date.now(), of, text, color)}\n` : '',
    ),
  };
}

function cixVoice(line: (level: CixLevel, text: string) => string): ChainVoice {
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
