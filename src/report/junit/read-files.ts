import { readFile } from 'node:fs/promises';

import { fail } from '../../base/result.ts';
import { formatSize } from '../size.ts';
import { Bounds } from './bounds.ts';
import { toText } from './to-text.ts';

import type { Result } from '../../base/result.ts';
import type { TestCase, TestFile } from '../../event/tests.ts';

/** A report, and what it is called where it is shown. */
export interface NamedReport {
  readonly shown: string;
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
}

/** What stands in the reports of one task, and what is wrong with those that do not count. */
export interface FilesRead {
  readonly files: readonly TestFile[];
  readonly useless: readonly string[];
}

/** It takes some seconds for so much. */
const maxBytes = 16_000_000;

/** Reads reports one after the other, and no further once `isOver`. */
export async function readFiles(
  reports: readonly NamedReport[],
  isOver: () => boolean,
): Promise<FilesRead> {
  const files: TestFile[] = [];
  const bounds = new Bounds();
  const useless: string[] = [];
  for (const report of reports) {
    if (isOver()) break;
    const cases = await read(report);
    if (cases.ok) files.push(bounds.take(report.shown, cases.value));
    else useless.push(`report ${report.shown} does not count: ${cases.failure}`);
  }
  return { files, useless };
}

async function read({ path, bytes }: NamedReport): Promise<Result<TestCase[], string>> {
  if (bytes > maxBytes)
    return fail(`it has ${formatSize(bytes)}, more than ${formatSize(maxBytes)}`);
  // Loaded only where there are reports.
  const { parseJunit } = await import('./parse.ts');
  try {
    return parseJunit(toText(await readFile(path)));
  } catch (error) {
    return fail((error as Error).message);
  }
}
