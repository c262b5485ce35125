import { fail, ok } from '../base/result.ts';
import { complain, warn } from './complain.ts';
import { exitCode } from './exit-code.ts';
import { readPipelines } from './read-pipelines.ts';
import { tellDiagnostics } from './tell-diagnostics.ts';
import { leasesDirOf, stateDirOf } from './world.ts';

import type { Result } from '../base/result.ts';
import type { Preprocess } from './plugins.ts';
import type { ReadPipelines } from './read-pipelines.ts';
import type { Settings } from './settings.ts';
import type { ColorFlags } from './terminal/color.ts';
import type { World } from './world.ts';

/** Reads pipeline files as `readPipelines` does. Rejects only when `signal` aborts. */
export type Reading = (files: readonly string[], signal: AbortSignal) => Promise<ReadPipelines>;

/**
 * How the pipeline files of these settings are read: by way of their plugins, if there are any. The
 * failure is an exit code, and its reason has been told.
 */
export async function openReading(
  { plugins, given, harness }: Pick<Settings, 'plugins' | 'given' | 'harness'>,
  flags: ColorFlags & { readonly stateDir?: string },
  world: World,
): Promise<Result<Reading, number>> {
  const opened = plugins.length === 0 ? ok(undefined) : await open(plugins, flags, world);
  if (!opened.ok) return opened;
  const preprocess = opened.value && { preprocess: opened.value };
  return ok((files, signal) =>
    readPipelines(files, world, { ...given, ...preprocess, harness, signal }),
  );
}

async function open(
  plugins: readonly string[],
  flags: ColorFlags & { readonly stateDir?: string },
  world: World,
): Promise<Result<Preprocess, number>> {
  const { openPlugins } = await import('./plugins.ts');
  const opened = await openPlugins(plugins, {
    env: world.env,
    cwd: world.cwd,
    texts: world.texts,
    leasesDir: leasesDirOf(stateDirOf(flags.stateDir, world)),
    said: (plugin, line) => {
      world.stderr.write(`${plugin} | ${line}\n`);
      world.log?.('info', `${plugin} | ${line}`);
    },
    warn: (text) => warn(world, flags, text),
  });
  if (opened.ok) return opened;
  const { failure } = opened;
  if (failure.kind === 'unavailable') {
    complain(world, flags, failure.detail);
    return fail(exitCode.unavailable);
  }
  tellDiagnostics(failure.diagnostics, failure.sourceOf, flags, world);
  return fail(exitCode.invalid);
}
