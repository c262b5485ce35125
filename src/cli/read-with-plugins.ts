import { isAborted } from '../base/abort.ts';
import { fail, ok } from '../base/result.ts';
import { complain, warn } from './complain.ts';
import { exitCode, exitCodeOfSignal } from './exit-code.ts';
import { readPipelines, renderForPeople } from './read-pipelines.ts';
import { onEndSignals } from './signals.ts';
import { leasesDirOf, stateDirOf } from './world.ts';

import type { Result } from '../base/result.ts';
import type { ReadPipelines } from './read-pipelines.ts';
import type { ColorFlags } from './terminal/color.ts';
import type { GivenVariables } from './variables.ts';
import type { World } from './world.ts';

export interface PluginFlags extends ColorFlags {
  readonly plugin?: readonly string[];
  readonly stateDir?: string;
}

/**
 * Reads pipelines as `readPipelines` does, each by way of the plugins. The failure is an exit code,
 * and its reason has been told.
 */
export async function readWithPlugins(
  files: readonly string[],
  flags: PluginFlags,
  world: World,
  given: Pick<GivenVariables, 'variables' | 'secrets'>,
): Promise<Result<ReadPipelines, number>> {
  if (!flags.plugin) return ok(await readPipelines(files, flags, world, given));
  const { openPlugins } = await import('./plugins.ts');
  const ending = new AbortController();
  const opened = await openPlugins(flags.plugin, {
    env: world.env,
    cwd: world.cwd,
    leasesDir: leasesDirOf(stateDirOf(flags.stateDir, world)),
    said: (plugin, line) => world.stderr.write(`${plugin} | ${line}\n`),
    warn: (text) => warn(world, flags, text),
    signal: ending.signal,
  });
  if (!opened.ok) {
    const { failure } = opened;
    if (failure.kind === 'unavailable') {
      complain(world, flags, failure.detail);
      return fail(exitCode.unavailable);
    }
    world.stderr.write(renderForPeople(failure.diagnostics, failure.sourceOf, flags, world));
    return fail(exitCode.invalid);
  }
  // Not before: until here there is nothing to be ended in order.
  using _signals = onEndSignals((name) => ending.abort(name));
  const options = { ...given, preprocess: opened.value, signal: ending.signal };
  try {
    const read = await readPipelines(files, flags, world, options);
    if (!ending.signal.aborted) return ok(read);
  } catch (error) {
    if (!isAborted(ending.signal)) throw error;
  }
  return fail(exitCodeOfSignal(String(ending.signal.reason)));
}
