import { execFile } from 'node:child_process';
import { closeSync, constants, openSync, unlinkSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';

/** The two streams from a task to us, and what else ties its processes to it. */
export interface Pipes {
  /** How the paths of all of them start, and of no others. */
  readonly pathStart: string;
  readonly stdout: Pipe;
  readonly stderr: Pipe;
  /**
   * An open file without a name, for the task's `tieFd`. A daemon gives up its session, parent,
   * output and environment, and few look for files that they did not open. Absent where nothing
   * can get away.
   */
  readonly tie?: number;
}

/** One stream. As long as anybody holds the write end, it cannot end. */
export interface Pipe {
  readonly writeEnd: number;
  readonly reader: Socket;
}

const firstBatch = 8;
const largestBatch = 64;

/**
 * Named pipes, made in batches ahead of need. Node would hand a child sockets instead, which no
 * process can open a second time: `echo >/dev/stderr` fails on them, and so does every server that
 * logs to `/dev/stdout`.
 */
export class PipeStore implements AsyncDisposable {
  readonly #folder: string;
  readonly #ahead: string[] = [];
  #made = 0;
  #perBatch = firstBatch;
  #making: Promise<boolean>;

  /** Starts making the first ones. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#making = this.#make();
  }

  /** The start of the paths of a new pair, for `openPipes`. `undefined` where none can be made. */
  async take(): Promise<string | undefined> {
    for (;;) {
      const next = this.#ahead.shift();
      if (next !== undefined) return next;
      const making = this.#making;
      if (!(await making)) return undefined;
      if (this.#ahead.length === 0 && making === this.#making) this.#making = this.#make();
    }
  }

  /** Takes a pair for another task that nobody writes to any more. */
  giveBack(pathStart: string): void {
    this.#ahead.unshift(pathStart);
  }

  /** Settles when nothing more is being made. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#making;
  }

  #make(): Promise<boolean> {
    const starts = Array.from({ length: this.#perBatch }, () =>
      join(this.#folder, `${this.#made++}.`),
    );
    // Who needed that many soon needs more, and each batch is a process of its own.
    this.#perBatch = Math.min(this.#perBatch * 2, largestBatch);
    const paths = starts.flatMap((start) => [`${start}out`, `${start}err`]);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    // Open to writers of any user, or a task of another one could not open it by /dev/stdout.
    execFile('mkfifo', ['-m', '622', ...paths], { cwd: '/' }, (error) => {
      if (!error) this.#ahead.push(...starts);
      resolve(!error);
    });
    return promise;
  }
}

/** Opens both ends of both pipes of a pair, and a tie if it is wanted. */
export function openPipes(pathStart: string, isTied: boolean): Pipes | undefined {
  const stdout = openPipe(`${pathStart}out`);
  const stderr = openPipe(`${pathStart}err`);
  const tie = isTied ? openTie(`${pathStart}tie`) : undefined;
  if (stdout && stderr && (tie !== undefined || !isTied)) {
    return { pathStart, stdout, stderr, ...(tie !== undefined && { tie }) };
  }
  if (tie !== undefined) closeSync(tie);
  for (const half of [stdout, stderr]) {
    half?.reader.destroy();
    if (half) closeSync(half.writeEnd);
  }
  return undefined;
}

/** Closes our copies of what a task has got. */
export function handOver({ stdout, stderr, tie }: Pipes): void {
  for (const fd of [stdout.writeEnd, stderr.writeEnd, tie]) if (fd !== undefined) closeSync(fd);
}

function openTie(path: string): number | undefined {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_CREAT | constants.O_EXCL, 0);
    unlinkSync(path);
    return fd;
  } catch {
    // EMFILE, mostly.
    return undefined;
  }
}

function openPipe(path: string): Pipe | undefined {
  const opened: number[] = [];
  try {
    opened.push(openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
    opened.push(openSync(path, constants.O_WRONLY));
    const [fd, writeEnd] = opened as [number, number];
    return { writeEnd, reader: new Socket({ fd, readable: true, writable: false }) };
  } catch {
    // EMFILE, mostly.
    for (const fd of opened) closeSync(fd);
    return undefined;
  }
}
