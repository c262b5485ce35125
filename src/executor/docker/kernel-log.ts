import { closeSync, constants, openSync, readSync } from 'node:fs';

/** One record and its facts; the kernel refuses to be read by less than one. */
const recordBytes = 16 * 1024;

/**
 * Whether the kernel of this machine says that it killed a process of this container for memory. An
 * engine does not always hear of it: it listens to a container from just after its start on, and no
 * more once its control group is gone. Nobody knows where the log may not be read, or the engine is
 * on another machine: then it is `false`.
 */
export function killedByKernel(container: string, log = '/dev/kmsg'): boolean {
  const told = Buffer.from(container);
  const file = open(log);
  if (file === undefined) return false;
  try {
    const record = Buffer.alloc(recordBytes);
    for (;;) {
      const bytes = readRecord(file, record);
      if (bytes === 0) return false;
      if (bytes === undefined) continue;
      const text = record.subarray(0, bytes);
      if (text.includes(told) && isKill(text.toString('latin1'), container)) return true;
    }
  } finally {
    closeSync(file);
  }
}

/** The group of a container is called by its id, by some engines with words around it. */
const isKill = (record: string, container: string): boolean =>
  (/^[^;]*;oom-kill:.*\btask_memcg=([^,\n]*)/.exec(record)?.[1] ?? '').includes(container);

/** None is left at 0. `undefined`: one was overwritten before it was read. */
function readRecord(file: number, record: Buffer): number | undefined {
  try {
    return readSync(file, record);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPIPE' ? undefined : 0;
  }
}

function open(log: string): number | undefined {
  try {
    return openSync(log, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}
