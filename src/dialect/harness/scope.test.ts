import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { readSteps, readText, stepOf } from '../../../test/rig/harness.ts';
import { evaluate } from '../../expression/evaluate.ts';
import { nodesOfPlan } from '../../plan/order.ts';

import type { Text } from '../../plan/plan.ts';

const pipeline =
  'variables: [{ name: A, type: String, value: a }, { name: B, type: String, value: "<+pipeline.variables.A>b" }, { name: S, type: Secret, value: org.pw }, { name: L, type: String, value: "x,y" }, { name: N, type: Number, value: 9 }, { name: M, type: Number, value: "10" }, { name: D, type: Number, value: 1.10 }]';

/** What an expression comes to in a step of group `g`, after step `out` of it. */
async function worth(
  expression: string,
  facts: Readonly<Record<string, string>> = {},
): Promise<{ text: Text; told: string }> {
  const read = await readSteps(
    `
- stepGroup:
    identifier: g
    name: the group
    variables: [{ name: G, type: String, value: of the group }]
    steps:
      - step: { identifier: out, name: out, type: Run, spec: { command: x, envVariables: { E: env }, outputVariables: [{ name: X }] } }
      - step: { identifier: here, name: here it is, type: Run, spec: { command: '<+${expression}>' } }
- step: { identifier: later, name: later, type: Run, spec: { command: x, outputVariables: [{ name: X }] } }
`,
    {
      pipeline,
      stage: 'variables: [{ name: V, type: String, value: v }]',
      facts: new Map(Object.entries(facts)),
    },
  );
  if (!read.plan) return { text: [], told: read.told };
  const { run } = stepOf(read, 'g_here').command;
  assert.equal(run.kind, 'script');
  const [line = ''] = run.lines;
  return { text: typeof line === 'string' ? [line] : line, told: read.told };
}

const learned = (name: string, more: { isNumber?: true } = {}): Text => [
  { expression: { kind: 'variable', name, ...more } },
];

describe('what expressions name', () => {
  for (const [expression, text] of [
    ['pipeline.name', ['p']],
    ['pipeline.identifier', ['p']],
    ['pipeline.executionId', learned('run:id')],
    ['pipeline.sequenceId', learned('run:number', { isNumber: true })],
    ['pipeline.startTs', learned('run:started', { isNumber: true })],
    ['pipeline.triggeredBy.name', learned('run:by')],
    ['pipeline.variables.A', ['a']],
    ['pipeline.variables.B', ['ab']],
    ['pipeline.variables.S', [{ variable: 'pw' }]],
    ['pipeline.variables.L.split(",")[1]', ['y']],
    ['pipeline.variables["A"].toUpperCase() + "1"', ['A1']],
    ['pipeline.variables.N', ['9']],
    ['pipeline.variables.N + 1', ['10']],
    ['<+pipeline.variables.N> + 1', ['10']],
    ['pipeline.variables.N < pipeline.variables.M', ['true']],
    ['pipeline.variables.N.toString().length()', ['1']],
    ['pipeline.variables.D', ['1.10']],
    ['stage.name', ['build']],
    ['stage.identifier', ['build']],
    ['stage.variables.V', ['v']],
    ['pipeline.stages.build.variables.V', ['v']],
    ['stages.build.variables.V', ['v']],
    ['variables.G', ['of the group']],
    ['variables.A', ['a']],
    ['step.name', ['here it is']],
    ['step.identifier', ['here']],
    ['stepGroup.name', ['the group']],
    ['steps.out.output.outputVariables.X', learned('output:build.g_out:X')],
    ['execution.steps.g.steps.out.output.outputVariables.X', learned('output:build.g_out:X')],
    ['stage.spec.execution.steps.later.output.outputVariables.X', learned('output:build.later:X')],
    [
      'pipeline.stages.build.spec.execution.steps.g.steps.out.output.outputVariables.X',
      learned('output:build.g_out:X'),
    ],
    ['execution.steps.g.steps.out.spec.envVariables.E', ['env']],
    ['secrets.getValue("account.token")', [{ variable: 'token' }]],
  ] as const)
    it(`${expression} is told`, async () => {
      const found = await worth(expression);
      assert.deepEqual(found, { text, told: '' });
    });

  for (const expression of [
    'pipeline.sequenceId',
    'pipeline.runSequenceId',
    'pipeline.startTs',
    'steps.out.output.outputVariables.N',
    'exportedVariables.getValue("stage.info.N")',
  ])
    it(`${expression} is added as a number`, async () => {
      const read = await readSteps(
        `
- step: { identifier: out, name: out, type: Run, spec: { command: x, outputVariables: [{ name: N, type: Number }], outputAlias: { key: info, scope: Stage } } }
- step: { identifier: here, name: here, type: Run, spec: { command: '<+<+${expression}> + 1>' } }
`,
      );
      const { run } = stepOf(read, 'here').command;
      assert.ok(run.kind === 'script', read.told);
      const [part] = run.lines.flat();
      assert.ok(typeof part === 'object' && 'expression' in part);
      const worthWith = (text: string): unknown => evaluate(part.expression, { get: () => text });
      assert.deepEqual(worthWith('7'), { ok: true, value: 8 });
      assert.deepEqual(worthWith('1.10'), { ok: true, value: '1.101' });
    });

  it('are facts of the codebase where they are given, and nothing with a warning where not', async () => {
    const given = await worth('codebase.branch', { 'codebase.branch': 'main' });
    assert.deepEqual(given, { text: ['main'], told: '' });
    const { text, told } = await worth('codebase.branch');
    assert.deepEqual(text, ['null']);
    assert.match(told, /warning {2}step 'g_here': `codebase.branch` is not known here/);
  });

  it('are not the variables of the process', async () => {
    assert.match((await worth('env.HOME')).told, /there is no `env.HOME` here/);
  });

  it('are outputs that a step declares', async () => {
    const { text, told } = await worth('steps.out.output.outputVariables.Y');
    assert.deepEqual(text, ['null']);
    assert.match(told, /step 'out' has no output 'Y'[^]*it declares: X/);
  });

  it('are asked for as outcomes of what they name, and of nothing else', async () => {
    const read = await readSteps(`
- step: { identifier: a, name: a, type: Run, spec: { command: x } }
- step: { identifier: b, name: b, type: Run, when: { stageStatus: All, condition: '<+steps.a.status> == "FAILED"' }, spec: { command: x } }
`);
    assert.equal(stepOf(read, 'a').outcomeAs, 'outcome:build.a');
    assert.equal(stepOf(read, 'b').outcomeAs, undefined);
    assert.equal(stepOf(read, 'b').when?.kind, 'true');
  });

  it('are outcomes of all copies of what they name together, once all are there', async () => {
    const stage = (id: string, more: string, steps: string): string =>
      `    - stage: { identifier: ${id}, name: ${id}, type: Custom, ${more}spec: { execution: { steps: [${steps}] } } }\n`;
    const wait = (id: string, more = ''): string =>
      `{ step: { identifier: ${id}, name: ${id}, type: Wait, ${more}spec: { duration: 10s } } }`;
    const inside = 'pipeline.stages.build.spec.execution.steps.g.steps.x.status';
    const read = await readText(
      `pipeline:\n  identifier: p\n  name: p\n  stages:\n${[
        stage(
          'build',
          'strategy: { parallelism: 2 }, ',
          `{ stepGroup: { identifier: g, name: g, strategy: { repeat: { times: 2 } }, steps: [${wait('x')}] } }`,
        ),
        stage(
          'deploy',
          `when: { pipelineStatus: All, condition: '<+pipeline.stages.build.status>' }, `,
          wait('y', `when: { stageStatus: All, condition: '<+${inside}>' }, `),
        ),
      ].join('')}`,
    );
    assert.equal(read.told, '');
    const [one, two, deploy] = read.plan!.stages;
    const given = [one, two].map((of) => of?.outcomeAs ?? '');
    assert.deepEqual(given, ['outcome:build_0', 'outcome:build_1']);
    assert.ok(deploy?.when?.kind === 'true');
    const { expression } = deploy.when;
    const worthOf = (...outcomes: readonly string[]): unknown => {
      const told = evaluate(expression, new Map(outcomes.map((word, at) => [given[at]!, word])));
      return told.ok ? told.value : told.failure;
    };
    for (const [outcomes, told] of [
      [['succeeded', 'succeeded'], 'SUCCEEDED'],
      [['succeeded', 'failed'], 'FAILED'],
      [['timed-out', 'cancelled'], 'EXPIRED'],
      [['skipped', 'succeeded'], 'SUCCEEDED'],
      [['skipped', 'ignored'], 'IGNORE_FAILED'],
      [['skipped', 'skipped'], 'SKIPPED'],
      [['failed'], null],
    ] as const)
      assert.equal(worthOf(...outcomes), told);
    const asked = [...nodesOfPlan(read.plan!)].flatMap(({ outcomeAs = [] }) => outcomeAs);
    assert.deepEqual(asked, [
      ...['outcome:build_0.g_0_x', 'outcome:build_0.g_1_x'],
      ...['outcome:build_1.g_0_x', 'outcome:build_1.g_1_x'],
    ]);
  });

  for (const [expression, about] of [
    ['pipeline.stages.build.status', "stage 'build'"],
    ['stage.currentStatus', "stage 'build'"],
    ['stepGroup.status', "group 'g'"],
    ['step.status', "step 'a'"],
  ] as const)
    it(`${expression} is nothing to what is part of that, which is told`, async () => {
      const { told } = await readSteps(
        `
- stepGroup:
    identifier: g
    name: g
    steps:
      - step: { identifier: a, name: a, type: Run, when: { stageStatus: All, condition: '<+${expression}> == "FAILED"' }, spec: { command: x } }
`,
        { stage: 'strategy: { parallelism: 1 }' },
      );
      assert.ok(
        told.includes(`${about} has no status before it ends, and this is part of it`),
        told,
      );
      assert.ok(told.includes('`when.stageStatus` goes by what has come before'), told);
    });

  it('never lead in a circle by way of how many copies there are', async () => {
    const stage = (id: string, other: string): string =>
      `    - stage: { identifier: ${id}, name: ${id}, type: Custom, strategy: { repeat: { times: "<+stages.${other}.status>" } }, spec: { execution: { steps: [] } } }\n`;
    const read = await readText(
      `pipeline:\n  identifier: p\n  name: p\n  stages:\n${stage('a', 'b')}${stage('b', 'a')}`,
    );
    assert.equal(read.plan, undefined);
  });

  it('never lead in a circle', async () => {
    const read = await readSteps(
      '- step: { identifier: a, name: a, type: Run, spec: { command: <+pipeline.variables.A> } }',
      {
        pipeline:
          'variables: [{ name: A, type: String, value: <+pipeline.variables.B> }, { name: B, type: String, value: <+pipeline.variables.A> }]',
      },
    );
    assert.equal(read.plan, undefined);
  });

  it('are what copies know of themselves', async () => {
    const read = await readSteps(
      '- step: { identifier: x, name: x, type: Run, strategy: { repeat: { items: [i, j] } }, spec: { command: "<+matrix.os> <+stage.matrix.of.name> <+repeat.item> <+strategy.iteration>/<+strategy.iterations><+strategy.identifierPostFix>" } }',
      { stage: 'strategy: { matrix: { os: [a, b], of: [{ name: n }] } }' },
    );
    const { run } = stepOf(read, 'build_1.x_1').command;
    assert.deepEqual(run.kind === 'script' && run.lines, ['b n j 1/2_1']);
  });
});
