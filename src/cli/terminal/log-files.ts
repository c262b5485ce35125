import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { fail, ok } from '../../base/result.ts';
import { AppendFile } from './append-file.ts';
import { cixLevelOf } from './cix-level.ts';
import { cixReporter } from './cix-reporter.ts';
import { taskFilesReporter } from './task-files.ts';

import type { Result } from '../../base/result.ts';
import type { Logging } from '../show.ts';
import type { Environment } from './color.ts';
import type { Reporter } from './reporter.ts';

/**
 * Reporters that write the log files of a run, beside what is shown; none when none are wanted. They
 * add to files that are there. The failure is a sentence.
 */
export function openLogFiles(
  { mode, path: folderPath, name = 'cix-execution.log' }: Logging,
  { cwd, env }: { readonly cwd: string; readonly env: Environment },
): Result<readonly Reporter[], string> {
  if (mode === 'console') return ok([]);
  const folder = resolve(cwd, folderPath);
  const path = join(folder, name);
  try {
    mkdirSync(folder, { recursive: true });
    mkdirSync(dirname(path), { recursive: true });
    const file = new AppendFile(path);
    const shows = mode === 'file' ? 'everything' : 'events';
    const log = cixReporter(file.port(), { color: false, level: cixLevelOf(env), shows });
    return ok(
      mode === 'file' ? [closing(file, log)] : [closing(file, log), taskFilesReporter(folder)],
    );
  } catch (error) {
    return fail(`cannot write log files: ${(error as Error).message}`);
  }
}

const closing = (file: AppendFile, reporter: Reporter): Reporter => ({
  async run(records, reread) {
    using _file = file;
    await reporter.run(records, reread);
  },
});
