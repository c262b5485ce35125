import { resolve } from 'node:path';

import { isAddress } from '../base/is-address.ts';
import { fail, ok } from '../base/result.ts';
import { unread } from '../dialect/common/read-source.ts';
import { readHarness } from '../dialect/harness/read-pipeline.ts';
import { codebaseFacts } from './codebase-facts.ts';
import { askInput, canAsk } from './ask-input.ts';
import { besidePipeline, yamlFilesIn } from './harness-folder.ts';

import type { Result } from '../base/result.ts';
import type { Diagnostic } from '../dialect/common/diagnostic.ts';
import type { PipelineFile, PipelineMistakes } from '../dialect/common/pipeline-file.ts';
import type { ReadSource } from '../dialect/common/read-source.ts';
import type { Source } from '../dialect/common/source.ts';
import type { AskInput } from '../dialect/harness/inputs-given.ts';
import type { HarnessSettings } from './harness-settings.ts';
import type { World } from './world.ts';

/** What a pipeline of Harness is read by. */
export interface HarnessWorld {
  readonly read: ReadSource;
  readonly variables: ReadonlyMap<string, string>;
  readonly settings: HarnessSettings;
  readonly world: World;
  readonly signal: AbortSignal;
  /** Answers for inputs that are not given, in place of a person. */
  readonly ask?: AskInput | undefined;
}

/** Reads a pipeline of Harness, with the files of inputs, templates and connectors that belong to it. */
export async function readHarnessFile(
  at: string,
  source: Source,
  { read, variables, settings, world, signal, ask }: HarnessWorld,
): Promise<Result<PipelineFile, PipelineMistakes>> {
  const beside = (name: string): string | undefined =>
    isAddress(at) ? undefined : besidePipeline(at, name, world);
  const { values, strict, skipUnsupported, podsAsContainers, runs } = settings;
  const connectorsFile = settings.connectors ?? beside('connectors.yaml');
  const wanted = [...settings.files, ...(connectorsFile === undefined ? [] : [connectorsFile])];
  const answers = await Promise.all(wanted.map((file) => read({ at: file })));
  const unreadable = answers.flatMap((answer) => (answer.ok ? [] : [answer.failure]));
  if (unreadable.length > 0) return fail({ diagnostics: unreadable, sources: [source] });
  const sources = answers.flatMap((answer) => (answer.ok ? [answer.value] : []));
  const connectors = connectorsFile === undefined ? undefined : sources.at(-1);
  const folder = resolve(world.cwd, settings.workspace ?? '.');
  return readHarness(source, {
    // Git is asked only for those who want to know: it takes as long as the reading.
    ...(source.text.includes('codebase.') && { facts: await codebaseFacts(folder) }),
    templates: () => templatesIn(settings.templates ?? beside('templates'), read, world),
    inputs: {
      values,
      files: sources.slice(0, settings.files.length),
      ...(runs && canAsk(world) && { ask: asking(at, world, signal) }),
      ...(ask && { ask }),
    },
    ...(connectors && { connectors }),
    // Whoever only checks a pipeline need not have its secrets.
    ...(runs && { variables }),
    ...{ strict, skipUnsupported, podsAsContainers },
  });
}

async function templatesIn(
  folder: string | undefined,
  read: ReadSource,
  world: World,
): Promise<readonly Result<Source, Diagnostic>[]> {
  if (folder === undefined) return [];
  const listed = await yamlFilesIn(folder, world).then(ok, (error: unknown) => fail(error));
  if (!listed.ok) {
    const { failure } = listed;
    const isMissing = failure instanceof Error && 'code' in failure && failure.code === 'ENOENT';
    const why = failure instanceof Error ? failure.message : String(failure);
    const message = isMissing ? 'there is no such folder' : `this folder cannot be read: ${why}`;
    return [fail(unread(folder, message))];
  }
  return Promise.all(listed.value.map((at) => read({ at })));
}

/** What was answered; a file is read again when it is its turn, and nobody is asked twice. */
const answered = new WeakMap<World, Map<string, string>>();

function asking(at: string, world: World, signal: AbortSignal): AskInput {
  const known = answered.get(world) ?? new Map<string, string>();
  answered.set(world, known);
  return async (question) => {
    const key = `${at} ${question.path}`;
    const before = known.get(key);
    if (before !== undefined && question.problem === undefined) return before;
    const answer = await askInput(question, world, signal);
    if (answer !== undefined) known.set(key, answer);
    return answer;
  };
}
