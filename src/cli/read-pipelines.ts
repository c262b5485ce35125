import { readPipeline } from '../dialect/cix/read-pipeline.ts';
import { renderDiagnostics } from '../dialect/common/render.ts';
import { dialectOf } from './dialect-of.ts';
import { noHarness } from './harness-settings.ts';
import { sourceReader, withSecretToken } from './source-reader.ts';
import { lookOf } from './terminal/color.ts';

import type { Result } from '../base/result.ts';
import type { Diagnostic } from '../dialect/common/diagnostic.ts';
import type { PipelineFile, PipelineMistakes } from '../dialect/common/pipeline-file.ts';
import type { ReadSource } from '../dialect/common/read-source.ts';
import type { Source } from '../dialect/common/source.ts';
import type { Plan } from '../plan/plan.ts';
import type { HarnessSettings } from './harness-settings.ts';
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

export interface ReadOptions extends Pick<GivenVariables, 'variables' | 'named' | 'secrets'> {
  /** What is read in place of the text of each file, those that are imported included. */
  readonly preprocess?: Preprocess;
  /** What goes with pipelines of Harness. */
  readonly harness?: HarnessSettings;
  /** Reading from a server rejects when it aborts. */
  readonly signal: AbortSignal;
}

/** Reads every file whole, and what it imports, before anything is done with one of them. */
export async function readPipelines(
  files: readonly string[],
  world: World,
  { variables, named, secrets, preprocess, signal, harness = noHarness }: ReadOptions,
): Promise<ReadPipelines> {
  const readSource = preprocessed(sourceReader(world, { secrets, signal }), preprocess, signal);
  const plans: Plan[] = [];
  const diagnostics: Diagnostic[] = [];
  const sources = new Map<string, Source>();
  for (const file of files) {
    const read = await readOne(file, {
      read: readSource,
      variables,
      named,
      harness,
      world,
      signal,
    });
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

interface OneFile extends Pick<ReadOptions, 'variables' | 'named' | 'signal'> {
  readonly read: ReadSource;
  readonly harness: HarnessSettings;
  readonly world: World;
}

/** Reads a file in the language that it is in. Its text is read once: it may come from a pipe. */
async function readOne(
  file: string,
  { read, variables, named, harness, world, signal }: OneFile,
): Promise<Result<PipelineFile, PipelineMistakes>> {
  const readImport = withSecretToken(read, named.secrets);
  const source = await readImport({ at: file });
  if (source.ok && dialectOf(source.value.text) === 'harness') {
    const { readHarnessFile } = await import('./read-harness.ts');
    const more = { read, variables, settings: harness, world, signal };
    return readHarnessFile(file, source.value, more);
  }
  return readPipeline(file, { variables, read: beginningWith(source, readImport) });
}

/** Reads as `read` does, but for the first text, which was read already. */
export function beginningWith(source: Result<Source, Diagnostic>, read: ReadSource): ReadSource {
  let isFirst = true;
  return (wanted) => {
    if (!isFirst) return read(wanted);
    isFirst = false;
    return Promise.resolve(source);
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
