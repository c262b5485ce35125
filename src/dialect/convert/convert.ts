import { ok } from '../../base/result.ts';
import { toPlan } from '../cix/read-pipeline.ts';
import { readHarness } from '../harness/read-pipeline.ts';
import { Losses } from './losses.ts';
import { OpenInputs } from './open-inputs.ts';
import { tellLeftOut } from './left-out.ts';
import { toCix } from './to-cix.ts';
import { toHarness } from './to-harness.ts';
import { writeYaml } from './write-yaml.ts';

import type { Result } from '../../base/result.ts';
import type { Diagnostic } from '../common/diagnostic.ts';
import type { PipelineFile, PipelineMistakes } from '../common/pipeline-file.ts';
import type { Source } from '../common/source.ts';
import type { AskInput } from '../harness/inputs-given.ts';

/** A pipeline in the other language. */
export interface Converted {
  readonly text: string;
  /** What its author should know: of the file, and of what was left out or changed. */
  readonly warnings: readonly Diagnostic[];
  readonly sources: readonly Source[];
}

type Read = Promise<Result<PipelineFile, PipelineMistakes>>;

const spaced: ReadonlySet<string> = new Set(['pipeline', 'steps', 'stages', 'parallel']);

/** A CIX pipeline as one of Harness that runs alike. Imports are written out. */
export async function convertToHarness(
  read: () => Read,
  file: string,
): Promise<Result<Converted, PipelineMistakes>> {
  const found = await read();
  if (!found.ok) return found;
  const { plan, warnings, sources } = found.value;
  const { losses, pipeline, inputs, secrets } = toHarness(plan, sources);
  if (sources.length > 1) losses.imports(sources[0]!);
  const head = [
    `Made of ${file} by \`continuo convert\`.`,
    ...asked(
      'Give it',
      inputs.map((name) => `--input ${name}=…`),
    ),
    ...asked(
      'Secrets',
      secrets.map((name) => `-s ${name}`),
    ),
  ];
  const text = writeYaml(pipeline, { head, spaced });
  return ok({ text, warnings: [...warnings, ...losses.all()], sources });
}

/**
 * A Harness pipeline as one of CIX that runs alike: templates and strategies are written out, and inputs are
 * variables of the run or what they come to. `read` reads it with somebody's answers for its inputs.
 */
export async function convertToCix(
  read: (ask: AskInput) => Read,
  file: string,
): Promise<Result<Converted, PipelineMistakes>> {
  const { found, inputs, closed } = await readOpen(read);
  if (!found.ok) return found;
  const { plan, warnings, sources } = found.value;
  const losses = new Losses(sources);
  tellLeftOut(sources[0]!, losses, plan.registries !== undefined);
  if (closed) losses.inputs(sources[0]!);
  const pipeline = toCix(plan, losses, inputs.fallbacks);
  const head = [`Made of ${file} by \`continuo convert\`.`];
  const text = writeYaml(pipeline, { head, spaced });
  return ok({ text, warnings: [...warnings, ...losses.all()], sources });
}

interface Opened {
  readonly found: Awaited<Read>;
  readonly inputs: OpenInputs;
  /** Some input came to its default. */
  readonly closed: boolean;
}

/** Reads with as many inputs open as may be. */
async function readOpen(read: (ask: AskInput) => Read): Promise<Opened> {
  const first = new OpenInputs();
  const found = await read(first.ask);
  if (!found.ok) {
    const inputs = new OpenInputs('all');
    return { found: await read(inputs.ask), inputs, closed: true };
  }
  const misplaced = first.misplacedIn(found.value.plan);
  if (misplaced.length === 0) return { found, inputs: first, closed: first.settled };
  const inputs = new OpenInputs(new Set(misplaced));
  return { found: await read(inputs.ask), inputs, closed: true };
}

const asked = (what: string, flags: readonly string[]): readonly string[] =>
  flags.length > 0 ? [`${what}: ${flags.join(' ')}`] : [];

/** What is wrong with what was made, as whoever reads it in its language would find it. */
export async function readBack(
  made: Source,
  language: 'cix' | 'harness',
): Promise<readonly Diagnostic[]> {
  // Something that is a text, a number of copies and a time alike.
  const ask: AskInput = ({ fallback }) => Promise.resolve(fallback === undefined ? '2' : undefined);
  const read =
    language === 'cix'
      ? toPlan(made)
      : await readHarness(made, { inputs: { values: [], files: [], ask } });
  return read.ok ? [] : read.failure.diagnostics;
}
