import { statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';

import { readPipeline } from '../../dialect/cix/read-pipeline.ts';
import { toSource } from '../../dialect/common/source.ts';
import { convertToCix, convertToHarness, readBack } from '../../dialect/convert/convert.ts';
import { complain } from '../complain.ts';
import { dialectOf } from '../dialect-of.ts';
import { codeOfMistakes, exitCode, exitCodeOfSignal } from '../exit-code.ts';
import { toHarnessSettings } from '../harness-settings.ts';
import { readHarnessFile } from '../read-harness.ts';
import { beginningWith } from '../read-pipelines.ts';
import { sourceReader, withSecretToken } from '../source-reader.ts';
import { tellDiagnostics } from '../tell-diagnostics.ts';
import { gatherVariables } from '../variables.ts';

import type { Result } from '../../base/result.ts';
import type { Diagnostic } from '../../dialect/common/diagnostic.ts';
import type { PipelineFile, PipelineMistakes } from '../../dialect/common/pipeline-file.ts';
import type { Source } from '../../dialect/common/source.ts';
import type { AskInput } from '../../dialect/harness/inputs-given.ts';
import type { Dialect } from '../dialect-of.ts';
import type { HarnessFlags } from '../harness-settings.ts';
import type { ColorFlags } from '../terminal/color.ts';
import type { VariableFlags } from '../variables.ts';
import type { World } from '../world.ts';

export interface ConvertFlags extends ColorFlags, HarnessFlags, VariableFlags {
  readonly to: Dialect;
  readonly output?: string;
  readonly force?: boolean;
}

const names: Readonly<Record<Dialect, string>> = {
  cix: 'a CIX pipeline',
  harness: 'a Harness pipeline',
};

/** Writes a pipeline in the other language, and tells what that cannot say. */
export async function convert(file: string, flags: ConvertFlags, world: World): Promise<number> {
  const refused = whyNoOutput(flags, world);
  if (refused !== undefined) return wrong(refused, flags, world);
  const given = await gatherVariables(flags, world);
  if (!given.ok) {
    if (typeof given.failure !== 'string') return exitCodeOfSignal(given.failure.signal);
    return wrong(given.failure, flags, world);
  }
  const { variables, named, secrets } = given.value;
  const { signal } = new AbortController();
  const read = sourceReader(world, { secrets, signal });
  const readImport = withSecretToken(read, named.secrets);
  const source = await readImport({ at: file });
  if (!source.ok) return tell([source.failure], [], flags, world);
  const { value: first } = source;
  const dialect = dialectOf(first.text);
  const readIt = (ask?: AskInput): Promise<Result<PipelineFile, PipelineMistakes>> => {
    if (dialect === 'harness') {
      const settings = toHarnessSettings(flags, { executor: 'docker', runs: false });
      return readHarnessFile(file, first, { read, variables, settings, world, signal, ask });
    }
    return readPipeline(file, { variables, read: beginningWith(source, readImport) });
  };
  if (dialect === flags.to) {
    const found = await readIt();
    if (!found.ok && dialect === 'cix') return tellAll(found.failure, flags, world);
    return wrong(`'${file}' is ${names[dialect]} already`, flags, world);
  }
  const name = basename(file);
  const made = await (flags.to === 'cix'
    ? convertToCix(readIt, name)
    : convertToHarness(readIt, name));
  if (!made.ok) return tellAll(made.failure, flags, world);
  const { text, warnings, sources } = made.value;
  const result = toSource(flags.output ?? 'the result', text);
  const back = await readBack(result, flags.to);
  if (back.length > 0) {
    complain(world, flags, `'${file}' cannot be said as ${names[flags.to]}`);
    return tell([...warnings, ...back], [...sources, result], flags, world);
  }
  tell(warnings, sources, flags, world);
  if (flags.output === undefined) world.stdout.write(text);
  else await writeFile(resolve(world.cwd, flags.output), text);
  return exitCode.ok;
}

/** Why nothing can be written where it shall be. */
function whyNoOutput({ output, force }: ConvertFlags, { cwd }: World): string | undefined {
  if (output === undefined) return undefined;
  const path = resolve(cwd, output);
  const there = statSync(path, { throwIfNoEntry: false });
  if (there?.isDirectory()) return `'${output}' is a folder`;
  if (there && force !== true) return `'${output}' is there already; --force overwrites it`;
  if (statSync(dirname(path), { throwIfNoEntry: false })?.isDirectory()) return undefined;
  return `there is no folder '${dirname(output)}'`;
}

function wrong(text: string, flags: ConvertFlags, world: World): number {
  complain(world, flags, text);
  return exitCode.usage;
}

const tellAll = (
  { diagnostics, sources }: PipelineMistakes,
  flags: ConvertFlags,
  world: World,
): number => tell(diagnostics, sources, flags, world);

function tell(
  diagnostics: readonly Diagnostic[],
  sources: readonly Source[],
  flags: ConvertFlags,
  world: World,
): number {
  const sourceOf = (file: string): Source | undefined => sources.find((one) => one.file === file);
  tellDiagnostics(diagnostics, sourceOf, flags, world);
  return codeOfMistakes(diagnostics);
}
