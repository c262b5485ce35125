import { parentPort, workerData } from 'node:worker_threads';

import { readFiles } from './read-files.ts';

import type { NamedReport } from './read-files.ts';

// It is ended from outside when nobody wants to know any more.
parentPort?.postMessage(await readFiles(workerData as readonly NamedReport[], () => false));
