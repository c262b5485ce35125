import { formatDuration } from '../base/duration.ts';
import { cleanLine } from '../report/clean.ts';
import { jsonLine } from '../report/json-line.ts';
import { paint, signsOf } from '../report/look.ts';

import type { Look, Tone } from '../report/look.ts';
import type { Link, LinkEnd, LinkOutcome } from './chain.ts';
import type { CixLevel } from './terminal/cix-level.ts';

/** Tells of a chain of several files, around what is told of their runs: whole lines, or nothing. */
export interface ChainVoice {
  /** The turn of a file has come; `index` counts from 0. */
  next(link: Link, index: number, of: number): string;
  skipped(link: Link, index: number, of: number): string;
  /** The last word; `cancelledBy` is the signal that asked for the end. */
  ended(ends: readonly LinkEnd[], tookMs: number, cancelledBy: string | undefined): string;
}

/** Of a single file, its run says everything. */
export const silentVoice: ChainVoice = { next: () => '', skipped: () => '', ended: () => '' };

/** For people. */
export function textVoice(look: Look): ChainVoice {
  const { event, skipped, good, bad } = signsOf(look);
  const place = ({ role, file }: Link, index: number, of: number): string =>
    `file ${index + 1} of ${of}: ${cleanLine(file)}${role === 'pipeline' ? '' : ` (${role})`}`;
  const gap = (index: number): string => (index === 0 ? '' : '\n');
  const line = (tone: Tone, text: string): string => `${paint(look, tone, text)}\n`;
  return {
    next: (link, index, of) => `${gap(index)}${line('bold', `${event} ${place(link, index, of)}`)}`,
    skipped: (link, index, of) =>
      `${gap(index)}${line('dim', `${skipped} ${place(link, index, of)} skipped`)}`,
    ended(ends, tookMs, cancelledBy) {
      const blame = ends.find(({ outcome }) => outcome !== 'succeeded' && outcome !== 'skipped');
      const took = ` after ${formatDuration(tookMs)}`;
      const list = told(ends);
      const rest = `${took}${list === '' ? '' : `: ${list}`}\n`;
      if (cancelledBy !== undefined && (!blame || blame.outcome === 'cancelled'))
        return `\n${paint(look, 'warn', `${skipped} chain cancelled by ${cancelledBy}`)}${rest}`;
      if (blame) return `\n${paint(look, 'bad', `${bad} chain failed`)}${rest}`;
      return `\n${paint(look, 'good', `${good} all ${ends.length} files succeeded`)}${took}\n`;
    },
  };
}

/** As CIX's own log has it. What `say` answers is told. */
export function logVoice(say: (level: CixLevel, text: string) => string): ChainVoice {
  return {
    next: ({ file }, index, of) =>
      say('info', `Executing pipeline ${index + 1} of ${of}: ${cleanLine(file)}`),
    skipped: ({ file }, index, of) =>
      say('warn', `Skipping pipeline ${index + 1} of ${of}: ${cleanLine(file)}`),
    ended(ends, _tookMs, cancelledBy) {
      const bad = ends.find(({ outcome }) => outcome !== 'succeeded' && outcome !== 'skipped');
      if (cancelledBy !== undefined && (!bad || bad.outcome === 'cancelled'))
        return say('warn', `Execution was cancelled by SIG${cancelledBy}`);
      if (bad) return say('error', `Execution failed: ${cleanLine(bad.link.file)} ${bad.outcome}`);
      return say('info', `All ${ends.length} pipelines completed successfully`);
    },
  };
}

/** Tells the same in the log of the runs alone. */
export const writtenVoice = (log: (level: CixLevel, text: string) => void): ChainVoice =>
  logVoice((level, text) => {
    log(level, text);
    return '';
  });

/** What one tells, while another tells the same elsewhere. */
export const withVoice = (shown: ChainVoice, other: ChainVoice): ChainVoice => ({
  next(...args) {
    other.next(...args);
    return shown.next(...args);
  },
  skipped(...args) {
    other.skipped(...args);
    return shown.skipped(...args);
  },
  ended(...args) {
    other.ended(...args);
    return shown.ended(...args);
  },
});

/** For programs: lines of JSON among those of the runs. */
export function jsonVoice(now: () => number): ChainVoice {
  const tell = (type: string, facts: object): string =>
    jsonLine({ type: `chain.${type}`, at: now(), ...facts });
  return {
    next: (link, index, of) => tell('next', { ...link, index: index + 1, of }),
    skipped: (link, index, of) => tell('skipped', { ...link, index: index + 1, of }),
    ended: (ends, tookMs, cancelledBy) =>
      tell('ended', {
        tookMs: Math.round(tookMs),
        ...(cancelledBy !== undefined && { cancelledBy }),
        files: ends.map(({ link, outcome }) => ({ ...link, outcome })),
      }),
  };
}

const words: Readonly<Record<LinkOutcome, string>> = {
  succeeded: 'succeeded',
  failed: 'failed',
  invalid: 'is not valid',
  unavailable: 'cannot run here',
  cancelled: 'was cancelled',
  skipped: 'was skipped',
};

/** Whatever did not succeed, and the teardown in any case. */
const told = (ends: readonly LinkEnd[]): string =>
  ends
    .filter(({ link, outcome }) => outcome !== 'succeeded' || link.role === 'teardown')
    .map(({ link, outcome }) => {
      const role = link.role === 'pipeline' ? '' : `${link.role} `;
      return `${role}${cleanLine(link.file)} ${words[outcome]}`;
    })
    .join(', ');
