import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { ok } from '../../src/base/result.ts';
import { readPipeline, toPlan } from '../../src/dialect/cix/read-pipeline.ts';
import { toSource } from '../../src/dialect/common/source.ts';
import { convertToCix, convertToHarness, readBack } from '../../src/dialect/convert/convert.ts';
import { silent } from '../../src/dialect/convert/to-harness-script.ts';
import { readHarness } from '../../src/dialect/harness/read-pipeline.ts';
import { expandPlan } from '../../src/expression/expand.ts';
import { givenNumber, gistOf } from '../rig/plan-gist.ts';

import type { Result } from '../../src/base/result.ts';
import type { PipelineFile, PipelineMistakes } from '../../src/dialect/common/pipeline-file.ts';
import type { Converted } from '../../src/dialect/convert/convert.ts';
import type { AskInput } from '../../src/dialect/harness/inputs-given.ts';
import type { Plan } from '../../src/plan/plan.ts';

const here = import.meta.dirname;

type Read = (ask?: AskInput) => Promise<Result<PipelineFile, PipelineMistakes>>;

/** Inputs stay what they are called, so that both languages have the same holes. */
const open: AskInput = ({ path }) =>
  Promise.resolve(`<+secrets.getValue("${path.split('.').at(-1)!}")>`);

const given: AskInput = ({ fallback }) => Promise.resolve(fallback === undefined ? givenNumber : undefined);

const yamlIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml') && !name.includes('shared'))
    .sort();

const harnessFolder = join(here, 'harness', 'valid');

const templates = (): Promise<ReturnType<typeof ok<ReturnType<typeof toSource>>>[]> =>
  Promise.resolve(
    yamlIn(join(here, 'harness', 'templates')).map((name) =>
      ok(toSource(name, readFileSync(join(here, 'harness', 'templates', name), 'utf8'))),
    ),
  );

function harness(name: string): Read {
  const text = readFileSync(join(harnessFolder, name), 'utf8');
  const words = /^# options:(.*)$/m.exec(text)?.[1]?.trim().split(/\s+/) ?? [];
  const inputs = /^# inputs:(.*)$/m.exec(text)?.[1]?.trim().split(/\s+/) ?? [];
  const values = inputs.map((one) => {
    const [input = '', ...value] = one.split('=');
    return { name: input, value: value.join('=') };
  });
  return (ask) =>
    readHarness(toSource(name, text), {
      skipUnsupported: true,
      podsAsContainers: true,
      strict: words.includes('strict'),
      ...(words.includes('templates') && { templates }),
      inputs: { values, files: [], ...(ask && { ask }) },
    });
}

const reread = {
  cix: (text: string): Promise<Result<PipelineFile, PipelineMistakes>> =>
    Promise.resolve(toPlan(toSource('made.yaml', text))),
  harness: async (text: string, ask = open): Promise<Result<PipelineFile, PipelineMistakes>> => {
    const source = toSource('made.yaml', text);
    const asked = (by: AskInput): ReturnType<typeof readHarness> =>
      readHarness(source, { inputs: { values: [], files: [], ask: by } });
    const found = await asked(ask);
    // A number must be known.
    return found.ok ? found : asked(given);
  },
};

function planOf(read: Result<PipelineFile, PipelineMistakes>): Plan {
  assert.ok(read.ok, read.ok ? '' : read.failure.diagnostics.map(({ message }) => message).join('\n'));
  const { plan } = read.value;
  const names = JSON.stringify(plan).matchAll(/"variable":"(\w+)"/g);
  const expanded = expandPlan(plan, new Map([...names].map(([, name]) => [name!, givenNumber])));
  assert.ok(expanded.ok);
  return expanded.value;
}

/** What a conversion tells, without what the reading of the file tells anyway. */
async function toldBy(made: Converted, read: Read): Promise<readonly string[]> {
  const found = await read(given);
  const known = new Set(found.ok ? found.value.warnings.map(({ message }) => message) : []);
  return made.warnings.map(({ message }) => message).filter((one) => one !== silent && !known.has(one));
}

/** What was told of each file that was said in the other language. */
const tellings = { harness: new Map<string, readonly string[]>(), cix: new Map<string, readonly string[]>() };

for (const name of yamlIn(harnessFolder))
  test(`harness/valid/${name} is said in CIX`, async () => {
    const read = harness(name);
    const made = await convertToCix(read, name);
    assert.ok(made.ok, made.ok ? '' : made.failure.diagnostics.map(({ message }) => message).join('\n'));
    assert.deepEqual(await readBack(toSource('made.yaml', made.value.text), 'cix'), []);
    const told = await toldBy(made.value, read);
    tellings.harness.set(name, told);
    if (told.length > 0) return;
    const before = gistOf(planOf(await read(open)));
    assert.deepEqual(gistOf(planOf(await reread.cix(made.value.text))), before);
    const back = await convertToHarness(() => reread.cix(made.value.text), name);
    assert.ok(back.ok);
    assert.deepEqual(gistOf(planOf(await reread.harness(back.value.text))), before);
  });

for (const folder of ['valid', '../corpus'])
  for (const name of yamlIn(join(here, folder)))
    test(`${folder}/${name} is said in Harness, if it is a pipeline`, async () => {
      const read: Read = () => readPipeline(join(here, folder, name));
      const made = await convertToHarness(read, name);
      if (!made.ok) {
        // A pipeline with a mistake, or one whose imports a variable tells.
        assert.match(name, /^(mistakes|imports)\//);
        return;
      }
      assert.deepEqual(await readBack(toSource('made.yaml', made.value.text), 'harness'), []);
      const told = await toldBy(made.value, read);
      tellings.cix.set(`${folder}/${name}`, told);
      if (told.length > 0) return;
      const before = gistOf(planOf(await read()));
      assert.deepEqual(gistOf(planOf(await reread.harness(made.value.text))), before);
      const back = await convertToCix((ask) => reread.harness(made.value.text, ask), name);
      assert.ok(back.ok);
      assert.deepEqual(gistOf(planOf(await reread.cix(back.value.text))), before);
    });

test('what is lost of which pipeline is known, and how many lose nothing', () => {
  const lines = (['harness', 'cix'] as const).flatMap((language) => {
    const told = [...tellings[language]].sort(([a], [b]) => (a < b ? -1 : 1));
    const whole = told.filter(([, messages]) => messages.length === 0);
    return [
      `of ${told.length} pipelines of ${language}, ${whole.length} lose nothing:`,
      ...whole.map(([name]) => `  ${name}`),
      'the others:',
      ...told.flatMap(([name, messages]) =>
        messages.length === 0 ? [] : [`  ${name}`, ...messages.map((one) => `    ${one}`)],
      ),
    ];
  });
  const actual = `${lines.join('\n')}\n`;
  const golden = join(here, 'convert.txt');
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, actual);
  assert.equal(actual, readFileSync(golden, 'utf8'));
});
