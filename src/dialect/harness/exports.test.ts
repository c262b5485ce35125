import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { readText, stepOf } from '../../../test/rig/harness.ts';

import type { Expression } from '../../plan/expression.ts';
import type { Hole } from '../../plan/plan.ts';

const exporting = (id: string, scope: string, more = ''): string =>
  `- step: { identifier: ${id}, name: ${id}, type: Run${more}, spec: { command: X=1, outputVariables: [{ name: X }, { name: TWO }], outputAlias: { key: info, scope: ${scope} } } }`;

const asking = (id: string, path: string): string =>
  `- step: { identifier: ${id}, name: ${id}, type: Run, spec: { command: 'echo <+exportedVariables.getValue("${path}")>' } }`;

const group = (id: string, ...steps: readonly string[]): string =>
  `- stepGroup: { identifier: ${id}, name: ${id}, steps: [${steps
    .map((step) => step.slice(2))
    .map((step) => `{ ${step} }`)
    .join(', ')}] }`;

/** A pipeline whose stages, `s1` and so on, have these steps. */
const read = (...stages: readonly (readonly string[])[]) =>
  readText(`pipeline:
  identifier: p
  name: p
  stages:
${stages
  .map(
    (steps, at) => `    - stage:
        identifier: s${at + 1}
        name: s${at + 1}
        type: CI
        spec:
          platform: { os: Linux, arch: Amd64 }
          runtime: { type: Cloud, spec: {} }
          execution:
            steps:
${steps.map((step) => `              ${step}`).join('\n')}
`,
  )
  .join('')}`);

/** What stands after `echo ` in the command of a step. */
async function askedFor(
  id: string,
  ...stages: readonly (readonly string[])[]
): Promise<Expression> {
  const found = await read(...stages);
  const { run } = stepOf(found, id).command;
  assert.ok(run.kind === 'script', found.told);
  const parts = run.lines.flat() as readonly (string | Hole)[];
  const hole = parts.find((part) => typeof part === 'object');
  assert.ok(hole && 'expression' in hole, found.told);
  return hole.expression;
}

const output = (node: string, name: string): Expression => ({
  kind: 'variable',
  name: `output:${node}:${name}`,
});

describe('the outputs of a step under an alias', () => {
  it('are known in the whole pipeline, in its stage, or in its group and the groups in that', async () => {
    const other = [exporting('a', 'Pipeline')];
    assert.deepEqual(
      await askedFor('b', other, [asking('b', 'pipeline.info.X')]),
      output('s1.a', 'X'),
    );
    const stage = [exporting('a', 'Stage'), group('g', asking('b', 'stage.info.TWO'))];
    assert.deepEqual(await askedFor('s1.g_b', stage), output('s1.a', 'TWO'));
    const inner = group('h', asking('b', 'stepGroup.info.X'));
    const steps = [group('g', exporting('a', 'StepGroup'), inner)];
    assert.deepEqual(await askedFor('s1.g_h_b', steps), output('s1.g_a', 'X'));
  });

  it('are those of the last that has set them where several have one alias', async () => {
    const steps = [exporting('a', 'Stage'), exporting('b', 'Stage'), asking('c', 'stage.info.X')];
    const b = output('s1.b', 'X');
    const condition = {
      kind: 'binary',
      operator: '!=',
      left: b,
      right: { kind: 'value', value: null },
    };
    assert.deepEqual(await askedFor('c', steps), {
      kind: 'choice',
      condition,
      then: b,
      otherwise: output('s1.a', 'X'),
    });
    const { told } = await read(steps);
    assert.match(told, /warning +step 'b': `info` is the alias of another step, too/);
  });

  const wrong: readonly (readonly [path: string, message: RegExp])[] = [
    ['stages.info.X', /`stages` is no scope\n[^]*did you mean `stage`\?/],
    ['info.X', /wants `SCOPE\.ALIAS\.OUTPUT`, and `info` is no scope/],
    ['stage.inof.X', /no Stage alias `inof`[^]*did you mean `info`\?/],
    ['pipeline.info.X', /no Pipeline alias `info`[^]*there are none/],
    ['stage.info.Z', /no exported output `Z`[^]*did you mean `X`\?/],
    ['stage.info', /ask for one of its outputs: `exportedVariables\.getValue\("stage\.info\.X"\)`/],
  ];
  for (const [path, message] of wrong)
    it(`are not there as ${path}, which is told with what is`, async () => {
      const { plan, told } = await read([exporting('a', 'Stage'), asking('b', path)]);
      assert.equal(plan, undefined);
      assert.match(told, message);
    });

  it('are not known outside of their scope', async () => {
    const stage = await read([exporting('a', 'Stage')], [asking('b', 'stage.info.X')]);
    assert.match(stage.told, /no Stage alias `info`/);
    const inside = group('g', exporting('a', 'StepGroup'));
    const outside = await read([inside, asking('b', 'stepGroup.info.X')]);
    assert.match(outside.told, /no StepGroup alias `info`/);
  });

  it('are not exported by what runs in copies', async () => {
    const copied = exporting('a', 'Stage', ', strategy: { parallelism: 2 }');
    const { told } = await read([copied, asking('b', 'stage.info.X')]);
    assert.match(told, /warning +step 'a': what runs in copies exports nothing/);
    assert.match(told, /error +step 'b': what `info` names runs in copies/);
  });

  it('have mistakes in the alias itself told in its place', async () => {
    const step = (spec: string): string =>
      `- step: { identifier: a, name: a, type: Run, spec: { command: X=1, ${spec} } }`;
    const told = async (spec: string): Promise<string> => (await read([step(spec)])).told;
    const x = 'outputVariables: [{ name: X }]';
    assert.match(
      await told(`${x}, outputAlias: { key: a.b, scope: Stage }`),
      /error +step 'a': `a\.b` has a dot in it/,
    );
    assert.match(
      await told(`${x}, outputAlias: { key: a, scope: StepGroup }`),
      /error +step 'a': it stands in no group/,
    );
    assert.match(
      await told('outputAlias: { key: a, scope: Stage }'),
      /warning +step 'a': `outputAlias` names outputs, and it has none/,
    );
    assert.match(
      await told(`${x}, outputAlias: { key: a, scope: Stages }`),
      /did you mean `Stage`/,
    );
    assert.match(await told(`${x}, outputAlias: { scope: Stage }`), /key/);
  });
});
