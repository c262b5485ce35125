import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { fail, ok } from '../../base/result.ts';
import { cleanLine } from '../../report/clean.ts';
import { AppendFile } from './append-file.ts';
import { cixLevelOf, cixLogLine, isWanted } from './cix-level.ts';
import { cixReporter } from './cix-reporter.ts';
import { taskFilesReporter } from './task-files.ts';

import type { Result } from '../../base/result.ts';
import type { Logging } from '../show.ts';
import type { Veil } from '../veil.ts';
import type { CixLevel } from './cix-level.ts';
import type { Environment } from './color.ts';
import type { Reporter } from './reporter.ts';

/**
 * Reporters that write the log files of a run, beside what is shown; none when none are wanted. They
 * add to files that are there. The failure is a sentence.
 */
export function openLogFiles(
  logging: Logging,
  { cwd, env }: { readonly cwd: string; readonly env: Environment },
): Result<readonly Reporter[], string> {
  const { mode } = logging;
  if (mode === 'console') return ok([]);
  const { folder, path } = placeOf(logging, cwd);
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

/**
 * Writes lines into the log file of the runs, before, between and after them; `undefined` when none is
 * wanted. A file that cannot be written is for the runs to tell.
 */
export function openLog(
  logging: Logging,
  { cwd, env, veil }: { readonly cwd: string; readonly env: Environment; readonly veil: Veil },
): ((level: CixLevel, text: string) => void) | undefined {
  if (logging.mode === 'console') return undefined;
  const { path } = placeOf(logging, cwd);
  const from = cixLevelOf(env);
  return (level, text) => {
    if (!isWanted(level, from)) return;
    try {
      mkdirSync(dirname(path), { recursive: true });
      const line = cixLogLine(Date.now(), level, cleanLine(veil.text(text)), false);
      appendFileSync(path, `${line}\n`);
    } catch {
      return;
    }
  };
}

function placeOf(
  { path: folderPath, name = 'cix-execution.log' }: Logging,
  cwd: string,
): { readonly folder: string; readonly path: string } {
  const folder = resolve(cwd, folderPath);
  return { folder, path: join(folder, name) };
}

const closing = (file: AppendFile, reporter: Reporter): Reporter => ({
  async run(records, reread) {
    using _file = file;
    await reporter.run(records, reread);
  },
});
