import { once } from 'node:events';

/** Where a reporter writes: a terminal, a pipe or a file. */
export interface OutputPort {
  /**
   * `false` when `drained` should be awaited before more is written. `onTaken` is called once the
   * reader has all of it or will never read: bytes are on loan until then.
   */
  write(text: string | Uint8Array, onTaken?: () => void): boolean;

  /** Settles when there is room again, or when nobody will ever read. Never rejects. */
  drained(): Promise<void>;

  readonly isTTY: boolean;
  /** Of a terminal; a usual size elsewhere. */
  readonly columns: number;
  readonly rows: number;

  /** Calls back whenever the size changes, until what it returns is called. */
  onResize(listener: () => void): () => void;

  /** Writes `text` should the process exit before what it returns is called. */
  atExit(text: string): () => void;
}

/** What a port needs of a Node stream; `process.stdout` is one. */
export type TextStream = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  readonly writableNeedDrain?: boolean;
};

/**
 * A port on a stream. A reader that goes away (`| head`) is no error: what is written from then on
 * is dropped.
 */
export function openPort(stream: TextStream): OutputPort {
  let gone = false;
  const left = new AbortController();
  const waiting = new Set<() => void>();
  const leave = (): void => {
    gone = true;
    left.abort();
    for (const taken of waiting) taken();
  };
  const write = (text: string | Uint8Array, onTaken?: () => void): boolean => {
    if (gone || !onTaken) {
      onTaken?.();
      return gone || stream.write(text);
    }
    const taken = (): void => {
      if (waiting.delete(taken)) onTaken();
    };
    waiting.add(taken);
    return stream.write(text, taken);
  };
  stream.on('error', leave);
  stream.on('close', leave);
  return {
    write,
    async drained() {
      if (gone || stream.writableNeedDrain === false) return;
      await once(stream, 'drain', { signal: left.signal }).catch(() => undefined);
    },
    get isTTY() {
      return stream.isTTY === true;
    },
    get columns() {
      return stream.columns ?? 80;
    },
    get rows() {
      return stream.rows ?? 24;
    },
    onResize(listener) {
      stream.on('resize', listener);
      return () => stream.off('resize', listener);
    },
    atExit(text) {
      const write = (): void => {
        if (!gone) stream.write(text);
      };
      process.once('exit', write);
      return () => process.off('exit', write);
    },
  };
}

/** Writes, and waits until the reader has it all. Bytes may be used again then. */
export function send(port: OutputPort, text: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => void port.write(text, resolve));
}
