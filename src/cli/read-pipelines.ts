import { readPipeline } from '../dialect/cix/read-pipeline.ts';
import { renderDiagnostics } from '../dialect/common/render.ts';
import { sourceReader } from './source-reader.ts';
import { lookOf } from './terminal/color.ts';

import type { Diagnostic } from '../dialect/common/diagnostic.ts';
import type { ReadSource } from '../dialect/common/read-source.ts';
import type { Source } from '../dialect/common/source.ts';
import type { Plan } from '../plan/plan.ts';
import type { Preprocess } from './plugins.ts';
import type { ColorFlags } from './terminal/color.ts';
import type { GivenVariables } from './variables.ts';
import type { World } from './world.ts';

export interface ReadPipelines {
  /** One for each file, in their order; absent when any of them has a mistake. */
  readonly plans: readonly Plan[] | undefined;
  /** Mistakes and warnings of all files, and of those that they import. */
  readonly diagnostics: readonly Diagnostic[];
  readonly sourceOf: (file: string) => Source | undefined;
}

export interface ReadOptions extends Pick<GivenVariables, 'variables' | 'secrets'> {
  /** What is read in place of the text of each file, those that are imported included. */
  readonly preprocess?: Preprocess;
  /** Reading from a server rejects when it aborts. */
  readonly signal: AbortSignal;
}

/** Reads every file whole, and what it imports, before anything is done with one of them. */
export async function readPipelines(
  files: readonly string[],
  world: Pick<World, 'cwd'>,
  { variables, secrets, preprocess, signal }: ReadOptions,
): Promise<ReadPipelines> {
  const readSource = preprocessed(sourceReader(world, { secrets, signal }), preprocess, signal);
  const plans: Plan[] = [];
  const diagnostics: Diagnostic[] = [];
  const sources = new Map<string, Source>();
  for (const file of files) {
    const read = await readPipeline(file, { read: readSource, variables });
    for (const source of (read.ok ? read.value : read.failure).sources)
      sources.set(source.file, source);
    diagnostics.push(...(read.ok ? read.value.warnings : read.failure.diagnostics));
    if (read.ok) plans.push(read.value.plan);
  }
  const sourceOf = (file: string): Source | undefined => sources.get(file);
  return {
    plans: plans.length === files.length ? plans : undefined,
    diagnostics,
    sourceOf,
  };
}

/** What reads the same files by way of the plugins, if there are any. */
function preprocessed(
  read: ReadSource,
  preprocess: Preprocess | undefined,
  signal: AbortSignal,
): ReadSource {
  if (!preprocess) return read;
  return async (wanted) => {
    const source = await read(wanted);
    return source.ok ? preprocess(source.value, signal) : source;
  };
}

/** Diagnostics as standard error shows them here. */
export function renderForPeople(
  diagnostics: readonly Diagnostic[],
  sourceOf: (file: string) => Source | undefined,
  flags: ColorFlags,
  { env, stderr }: World,
): string {
  const { color } = lookOf(flags, env, stderr.isTTY === true);
  return renderDiagnostics(diagnostics, sourceOf, { color, width: stderr.columns ?? 100 });
}
