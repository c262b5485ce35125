import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { Writable } from 'node:stream';

import { unblocked } from './terminal/unblocked.ts';
import { Veil } from './veil.ts';

import type { Readable } from 'node:stream';
import type { CixLevel } from './terminal/cix-level.ts';
import type { TextStream } from './terminal/port.ts';

/** What a command sees of the process it runs in. Only `main` makes one from the real thing. */
export interface World {
  /** The name of the program, as what it says of itself begins with it. */
  readonly program: 'continuo' | 'cix';
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdin: Readable & Partial<Pick<NodeJS.ReadStream, 'isTTY' | 'setRawMode'>>;
  readonly stdout: TextStream;
  /** Shows no secret that `veil` hides. */
  readonly stderr: TextStream;
  readonly veil: Veil;
  /** Writes what is said here into the log file of a chain, too, when there is one. */
  readonly log?: (level: CixLevel, text: string) => void;
  /** Where questions are asked when not on `stderr`. */
  readonly asks?: TextStream;
  /** Texts that are read in place of files, by their absolute paths. */
  readonly texts?: ReadonlyMap<string, string>;
  /** The folder that every file lies below that is read of pipelines. Absent: it may lie anywhere. */
  readonly readsBelow?: string;
}

/** The process that Continuo runs in. */
export function realWorld(program: World['program']): World {
  const veil = new Veil();
  return {
    program,
    env: process.env,
    cwd: process.cwd(),
    // It is opened when it is first looked at, which takes some time.
    get stdin() {
      return process.stdin;
    },
    stdout: unblocked(process.stdout),
    stderr: veil.over(process.stderr),
    veil,
  };
}

/** The same, where what is said is written into a log file, too. */
export const logged = (world: World, log: World['log']): World =>
  // Not spread: standard input is opened when it is first looked at.
  log ? (Object.defineProperties<object>({ log }, descriptorsOf(world)) as World) : world;

const descriptorsOf = (world: World): PropertyDescriptorMap =>
  Object.getOwnPropertyDescriptors(world);

/** The same, where nobody hears what is said, and only questions are asked. */
export const silenced = (world: World): World => ({
  ...world,
  asks: world.stderr,
  stdout: nowhere(),
  stderr: nowhere(),
});

const nowhere = (): TextStream => new Writable({ write: (_bytes, _encoding, done) => done() });

/**
 * Where runs are remembered: `--state-dir`, `CONTINUO_STATE_DIR`, or `continuo` in the user's state
 * folder (XDG Base Directory Specification, `XDG_STATE_HOME`). Absolute.
 */
export function stateDirOf(flag: string | undefined, { env, cwd }: World): string {
  const own = flag ?? env['CONTINUO_STATE_DIR'];
  if (own !== undefined && own !== '') return resolve(cwd, own);
  const xdg = env['XDG_STATE_HOME'];
  // The specification has relative paths ignored.
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), '.local', 'state');
  return join(base, 'continuo');
}

/** Who asks, as runs are told. */
export const nameOf = ({ env }: World): string => env['USER'] ?? 'somebody';

export const leasesDirOf = (stateDir: string): string => join(stateDir, 'leases');
