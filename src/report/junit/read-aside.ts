import { basename, join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { readFiles } from './read-files.ts';

import type { FilesRead, NamedReport } from './read-files.ts';

/** A megabyte may take a second, in which nothing else would go on; less is read before a thread has begun. */
const mostInPlace = 50_000;

/**
 * Reads the reports of one task; such as hold everything else up in a thread of their own, which is
 * ended when `signal` aborts. Rejects then, and when the thread dies, of memory for example.
 */
export async function readAside(
  reports: readonly NamedReport[],
  signal: AbortSignal,
): Promise<FilesRead> {
  const bytes = reports.reduce((sum, report) => sum + report.bytes, 0);
  if (bytes <= mostInPlace) return await readFiles(reports, () => signal.aborted);
  const isSource = basename(import.meta.filename).endsWith('.ts');
  const program = isSource ? 'reading-thread.ts' : 'junit-reading.js';
  const thread = new Worker(join(import.meta.dirname, program), { workerData: reports });
  const { promise, resolve, reject } = Promise.withResolvers<FilesRead>();
  thread.once('message', resolve);
  thread.once('error', reject);
  // Whoever has settled before is not moved by this.
  thread.once('exit', (code) => reject(new Error(`their thread ended with ${code}`)));
  const leave = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', leave, { once: true });
  try {
    signal.throwIfAborted();
    return await promise;
  } finally {
    signal.removeEventListener('abort', leave);
    await thread.terminate();
  }
}
