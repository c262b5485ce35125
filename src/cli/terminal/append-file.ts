import { closeSync, openSync, writeSync } from 'node:fs';

import type { OutputPort } from './port.ts';

/** A file that is only ever added to. What is written is in it at once. Throws when it cannot be. */
export class AppendFile implements Disposable {
  readonly #fd: number;

  constructor(path: string) {
    this.#fd = openSync(path, 'a');
  }

  write(bytes: Uint8Array): void {
    let rest = bytes;
    while (rest.length > 0) rest = rest.subarray(writeSync(this.#fd, rest));
  }

  /** The same as a place for a reporter. */
  port(): OutputPort {
    return {
      write: (text, onTaken) => {
        this.write(typeof text === 'string' ? Buffer.from(text) : text);
        onTaken?.();
        return true;
      },
      drained: () => Promise.resolve(),
      isTTY: false,
      columns: 100,
      rows: 24,
      onResize: () => () => undefined,
      atExit: () => () => undefined,
    };
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }
}
