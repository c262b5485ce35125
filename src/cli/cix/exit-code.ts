import { exitCode } from '../exit-code.ts';

/** What the process of `cix` ends with, by what our commands come to: scripts of CIX look at it. */
const codes = new Map<number, number>([
  [exitCode.ok, 0],
  [exitCode.usage, 1],
  [exitCode.invalid, 2],
  [exitCode.failed, 3],
  [exitCode.server, 4],
  [exitCode.unavailable, 5],
  [exitCode.bug, 100],
]);

/** The server is there, and says no: there is no such pipeline, or it has ended. It has this number in CIX. */
export const refused = 6;

/** CIX's code for what one of our commands came to. Signals have the codes that shells give them. */
export const codeOfCix = (code: number): number => codes.get(code) ?? code;

/** What one of our commands came to, by CIX's code for that. */
export const codeFromCix = (code: number): number =>
  [...codes].find(([, theirs]) => theirs === code)?.[0] ?? code;
