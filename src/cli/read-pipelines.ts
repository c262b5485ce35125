import { resolve } from 'node:path';

import { fail, ok } from '../base/result.ts';
import { toPlan } from '../dialect/cix/read-pipeline.ts';
import { renderDiagnostics } from '../dialect/common/render.ts';
import { readBytes, readSource } from '../dialect/common/read-source.ts';
import { lookOf } from './terminal/color.ts';

import type { Result } from '../base/result.ts';
import type { PipelineFile, PipelineMistakes } from '../dialect/cix/read-pipeline.ts';
import type { Diagnostic } from '../dialect/common/diagnostic.ts';
import type { Source } from '../dialect/common/source.ts';
import type { Plan } from '../plan/plan.ts';
import type { Preprocess } from './plugins.ts';
import type { ColorFlags } from './terminal/color.ts';
import type { World } from './world.ts';

export interface ReadPipelines {
  /** One for each file, in their order; absent when any of them has a mistake. */
  readonly plans: readonly Plan[] | undefined;
  /** Mistakes and warnings of all files. */
  readonly diagnostics: readonly Diagnostic[];
  /** The same for people: whole lines, or nothing. */
  readonly text: string;
  readonly sourceOf: (file: string) => Source | undefined;
}

type Read = Result<PipelineFile, PipelineMistakes>;

/** Reads every file whole before anything is done with one of them. */
export async function readPipelines(
  files: readonly string[],
  flags: ColorFlags,
  world: World,
  preprocess: Preprocess = (source) => Promise.resolve(ok(source)),
): Promise<ReadPipelines> {
  const plans: Plan[] = [];
  const diagnostics: Diagnostic[] = [];
  const sources = new Map<string, Source>();
  for (const file of files) {
    const own = await readSource(file, (name, limit) => readBytes(resolve(world.cwd, name), limit));
    const made = own.ok ? await preprocess(own.value) : own;
    const read: Read = made.ok ? toPlan(made.value) : fail({ diagnostics: [made.failure] });
    const source = read.ok ? read.value.source : read.failure.source;
    if (source) sources.set(source.file, source);
    diagnostics.push(...(read.ok ? read.value.warnings : read.failure.diagnostics));
    if (read.ok) plans.push(read.value.plan);
  }
  const sourceOf = (file: string): Source | undefined => sources.get(file);
  return {
    plans: plans.length === files.length ? plans : undefined,
    diagnostics,
    text: renderForPeople(diagnostics, sourceOf, flags, world),
    sourceOf,
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
