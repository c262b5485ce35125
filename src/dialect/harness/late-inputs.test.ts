import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { nodesOfPlan } from '../../plan/order.ts';
import { readSteps } from '../../../test/rig/harness.ts';

import type { HarnessRead } from '../../../test/rig/harness.ts';
import type { Plan } from '../../plan/plan.ts';
import type { AskInput, GivenInputs } from './inputs-given.ts';

const run = (identifier: string, spec: string, more = ''): string =>
  `- step: { type: Run, identifier: ${identifier}, name: ${identifier}${more}, spec: { shell: Sh, ${spec} } }`;

const late = (more = ''): string => `"<+input>${more}.executionInput()"`;

const nobody: AskInput = ({ path }) => Promise.reject(new Error(`asked for ${path}`));

const read = (
  steps: string,
  more: { stage?: string; pipeline?: string; given?: Partial<GivenInputs> } = {},
): Promise<HarnessRead> =>
  readSteps(steps, {
    stage: more.stage ?? '',
    pipeline: more.pipeline ?? '',
    inputs: { values: [], files: [], ask: nobody, ...more.given },
  });

/** What asks for which inputs. */
const asks = (plan: Plan | undefined): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    [...(plan?.stages ?? []), ...(plan ? nodesOfPlan(plan) : [])].flatMap((one) =>
      one.asks ? [[one.id, one.asks.map(({ name }) => name)]] : [],
    ),
  );

describe('an input with .executionInput()', () => {
  it('is asked for by the step that has it, and is nobody’s business at the start', async () => {
    const { plan, told } = await read(
      `${run('a', 'command: echo')}\n${run('b', `image: ${late('.default(busybox:1)')}, command: ls`)}`,
    );
    assert.equal(told, '');
    assert.deepEqual(asks(plan), { 'build.b': ['b.image'] });
    const [input] = nodesOfPlan(plan!).find(({ id }) => id === 'build.b')!.asks!;
    assert.deepEqual(input, {
      name: 'b.image',
      as: 'input:stages.build.spec.execution.steps.b.spec.image',
      fallback: ['busybox:1'],
    });
  });

  it('says what may be given', async () => {
    const steps = run(
      'a',
      `command: echo, envVariables: { ONE: ${late('.allowedValues(x,<+pipeline.name>)')}, MANY: ${late('.selectManyFrom(a.b,c)')}, LIKE: ${late('.regex(v[0-9]+).default(v1)')} }`,
    );
    const { plan } = await read(steps);
    const path = 'input:stages.build.spec.execution.steps.a.spec.envVariables';
    const inputs = nodesOfPlan(plan!)[0]!.asks!;
    assert.deepEqual(inputs, [
      { name: 'envVariables.ONE', as: `${path}.ONE`, required: true, allowed: [['x'], ['p']] },
      {
        name: 'envVariables.MANY',
        as: `${path}.MANY`,
        required: true,
        pattern: '(?:a\\.b|c)(?:, *(?:a\\.b|c))*',
      },
      { name: 'envVariables.LIKE', as: `${path}.LIKE`, fallback: ['v1'], pattern: 'v[0-9]+' },
    ]);
  });

  it('is asked for by the stage or the group whose variable it is, and not again in there', async () => {
    const group = `- stepGroup:
    identifier: g
    name: g
    variables: [{ name: IN, type: String, value: ${late()} }]
    steps:
      ${run('a', 'command: echo <+stage.variables.TOP> <+stepGroup.variables.IN>')}`;
    const stage = `variables: [{ name: TOP, type: String, value: ${late()} }]`;
    const { plan, told } = await read(group, { stage });
    assert.equal(told, '');
    assert.deepEqual(asks(plan), { build: ['TOP'], 'build.g': ['IN'] });
  });

  it('is asked for by whatever needs it when it is a variable of the pipeline', async () => {
    const pipeline = `variables: [{ name: WHAT, type: String, value: ${late()} }]`;
    const { plan } = await read(
      `${run('a', 'command: echo')}\n${run('b', 'command: echo $WHAT')}`,
      {
        pipeline,
      },
    );
    assert.deepEqual(asks(plan), { 'build.a': ['WHAT'], 'build.b': ['WHAT'] });
  });

  it('may decide a condition, the message of an approval, and a service', async () => {
    const steps = `${run('a', 'command: echo', `, when: { stageStatus: Success, condition: ${late()} }`)}
- step: { type: HarnessApproval, identifier: ok, name: ok, spec: { approvalMessage: ${late()}, includePipelineExecutionHistory: false, approvers: { minimumCount: 1, disallowPipelineExecutor: false } } }
- step: { type: Background, identifier: db, name: db, spec: { image: ${late()} } }`;
    const { plan } = await read(steps);
    assert.deepEqual(asks(plan), {
      'build.a': ['when.condition'],
      'build.ok': ['ok.approvalMessage'],
      'build.db': ['db.image'],
    });
  });

  it('is not asked for when it is given beforehand', async () => {
    const given = { values: [{ name: 'a.image', value: 'busybox:1' }] };
    const { plan, told } = await read(run('a', `image: ${late()}, command: ls`), { given });
    assert.ok(plan, told);
    assert.deepEqual(asks(plan), {});
    const wrong = await read(run('a', `image: ${late('.allowedValues(a,b)')}, command: ls`), {
      given,
    });
    assert.match(wrong.told, /must be one of a, b/);
  });

  it('is asked for at the start, with a warning, where the run must know it before', async () => {
    const asked: string[] = [];
    const ask: AskInput = ({ path }) => {
      asked.push(path);
      return Promise.resolve('1m');
    };
    const pipeline = `variables: [{ name: LONG, type: String, value: ${late()} }]`;
    const steps = `${run('a', 'command: echo', `, timeout: <+pipeline.variables.LONG>`)}
${run('b', 'command: echo', `, timeout: ${late()}`)}
${run('c', `command: ${late()}`)}`;
    const { plan, told } = await read(steps, { pipeline, given: { ask } });
    assert.deepEqual(
      [...new Set(asked)],
      ['variables.LONG', 'stages.build.spec.execution.steps.b.timeout'],
    );
    assert.deepEqual(asks(plan), { 'build.c': ['c.command'] });
    assert.equal(told.match(/is asked for at the start, though it says/g)?.length, 2);
  });

  it('is asked for at the start when it is a number, a truth value, or the name of a secret', async () => {
    const pipeline = `variables: [{ name: N, type: Number, value: ${late('.default(3)')} }, { name: S, type: Secret, value: ${late('.default(token)')} }, { name: L, type: secret, value: ${late('.default(token)')} }]`;
    const { plan, told } = await read(
      run('a', `command: echo, image: i, privileged: ${late('.default(false)')}`),
      {
        pipeline,
        given: { ask: () => Promise.resolve(undefined) },
      },
    );
    assert.deepEqual(asks(plan), {});
    assert.equal(told.match(/is asked for at the start/g)?.length, 4);
  });

  it('is one question for all copies of what has it', async () => {
    const steps = run('a', `command: ${late()}`, ', strategy: { parallelism: 2 }');
    const { plan } = await read(steps);
    assert.deepEqual(asks(plan), { 'build.a_0': ['a.command'], 'build.a_1': ['a.command'] });
    const [one, other] = nodesOfPlan(plan!).filter(({ asks: wanted }) => wanted);
    assert.equal(one!.asks![0]!.as, other!.asks![0]!.as);
  });

  it('has mistakes in what is said of it told at the start', async () => {
    const { told } = await read(run('a', `command: ${late('.default(<+pipeline.nmae>)')}`));
    assert.match(told, /nmae/);
    const other = await read(run('a', `command: ${late('.default(c).allowedValues(a,b)')}`));
    assert.match(other.told, /has a default that is not one of a, b/);
  });
});
