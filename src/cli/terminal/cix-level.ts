import type { Environment } from './color.ts';

/** How much a line matters, the least first, in CIX's words. */
const levels = ['silly', 'debug', 'info', 'warn', 'error'] as const;

export type CixLevel = (typeof levels)[number];

/** The level that somebody named in whatever case; `undefined` for what is none. */
export const parseCixLevel = (text: string): CixLevel | undefined =>
  levels.find((level) => level === text.toLowerCase());

/** The level that `LOG_LEVEL` asks for; `info` when it is not set, or says something else. */
export const cixLevelOf = ({ LOG_LEVEL = '' }: Environment): CixLevel =>
  parseCixLevel(LOG_LEVEL) ?? 'info';

/** Whether a line is wanted where lines of this level and above it are. */
export const isWanted = (line: CixLevel, from: CixLevel): boolean =>
  levels.indexOf(line) >= levels.indexOf(from);

const colors: Readonly<Record<CixLevel, number>> = {
  silly: 35,
  debug: 34,
  info: 32,
  warn: 33,
  error: 31,
};

/** A line of CIX's own log: the local time with its offset, the level, a tab, and what is said. */
export function cixLogLine(at: number, level: CixLevel, text: string, color: boolean): string {
  const word = level.toUpperCase();
  const shown = color ? `\x1b[${colors[level]}m${word}\x1b[0m` : word;
  return `${localTime(at)}  ${shown}${' '.repeat(5 - word.length)}\t${text}`;
}

/** `2026-11-21T06:57:35+00:00`, by the clock on the wall. */
export function localTime(at: number): string {
  const offset = -new Date(at).getTimezoneOffset();
  const wall = new Date(at + offset * 60_000).toISOString().slice(0, 19);
  const two = (number: number): string => String(number).padStart(2, '0');
  const away = Math.abs(offset);
  return `${wall}${offset < 0 ? '-' : '+'}${two(Math.floor(away / 60))}:${two(away % 60)}`;
}
