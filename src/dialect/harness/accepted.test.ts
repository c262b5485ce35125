import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { stringify } from 'yaml';

import { toSource } from '../common/source.ts';
import { readHarness } from './read-pipeline.ts';

/** A pipeline in which single things are changed. */
const sample = () => ({
  pipeline: {
    identifier: 'sample',
    name: 'sample',
    variables: [
      { name: 'PORTS', type: 'String', value: '{"9090": "80"}' },
      { name: 'SHELL', type: 'String', value: 'Bash' },
    ] as unknown[],
    stages: [
      {
        stage: {
          identifier: 'build',
          name: 'build',
          type: 'CI',
          spec: {
            cloneCodebase: false,
            platform: { os: 'Linux', arch: 'Amd64' },
            runtime: { type: 'Cloud', spec: {} },
            execution: { steps: [{ step: service() }, { step: step() }] as object[] },
          },
        },
      },
    ] as { stage: Record<string, unknown> }[] | undefined,
  },
});

const service = (): Written => ({
  identifier: 'cache',
  name: 'cache',
  type: 'Background',
  spec: { image: 'redis:7-alpine', portBindings: { '16379': '6379' } },
});

const step = (): Written => ({
  identifier: 'check',
  name: 'check',
  type: 'Run',
  spec: { image: 'node:22', shell: 'Bash', command: 'npm test' },
});

interface Written {
  [key: string]: unknown;
  spec?: Record<string, unknown>;
}

type Sample = ReturnType<typeof sample>;
type Change = (of: {
  all: Sample;
  stage: Record<string, unknown>;
  spec: Record<string, unknown>;
  service: Written;
  step: Written;
}) => void;

/** What Harness does with it, and what we do: take it, take it with a warning, refuse it. */
type Row = readonly [
  what: string,
  harness: 'accepts' | 'rejects',
  ours: 'accepts' | 'warns' | 'refuses',
  change: Change,
];

const more =
  (keys: object): Change =>
  ({ service: { spec } }) =>
    void Object.assign(spec!, keys);
const atStep =
  (keys: object): Change =>
  ({ step: one }) =>
    void Object.assign(one, keys);
const addStep =
  (item: object): Change =>
  ({ spec }) =>
    void (spec['execution'] as { steps: object[] }).steps.push(item);
const without =
  (key: string): Change =>
  ({ service: one }) =>
    void Reflect.deleteProperty(one, key);

const failing = (errors: unknown) => ({
  failureStrategies: [
    { onFailure: { ...(errors !== undefined && { errors }), action: { type: 'Ignore' } } },
  ],
});

const plain = { identifier: 'more', name: 'more', type: 'Run', spec: { command: 'true' } };
const group = (steps: object[]) => ({ stepGroup: { identifier: 'g', name: 'g', steps } });
const depending = { identifier: 'db', name: 'db', type: 'Service', spec: { image: 'redis' } };

const rows: readonly Row[] = [
  ['unknown key under spec', 'accepts', 'warns', more({ colour: 'blue' })],
  ['unknown key of a step', 'accepts', 'warns', atStep({ colour: 'blue' })],
  ['number in portBindings', 'rejects', 'warns', more({ portBindings: { '16379': 6379 } })],
  [
    'expression for portBindings',
    'accepts',
    'accepts',
    more({ portBindings: '<+pipeline.variables.PORTS>' }),
  ],
  ['list for portBindings', 'rejects', 'refuses', more({ portBindings: ['16379:6379'] })],
  ['number in envVariables', 'rejects', 'warns', more({ envVariables: { A: 1 } })],
  ['truth value in envVariables', 'rejects', 'warns', more({ envVariables: { A: true } })],
  ['text in envVariables', 'accepts', 'accepts', more({ envVariables: { A: '1' } })],
  ['text for entrypoint', 'accepts', 'accepts', more({ entrypoint: 'redis-server' })],
  ['number in entrypoint', 'rejects', 'warns', more({ entrypoint: ['redis-server', 7] })],
  ['text for privileged', 'rejects', 'warns', more({ privileged: 'true' })],
  ['input for privileged', 'accepts', 'accepts', more({ privileged: '<+input>.default(true)' })],
  [
    'expression for privileged',
    'rejects',
    'accepts',
    more({ privileged: '<+pipeline.name == "sample">' }),
  ],
  ['number for runAsUser', 'accepts', 'accepts', more({ runAsUser: 1000 })],
  ['text for runAsUser', 'accepts', 'accepts', more({ runAsUser: '1000' })],
  ['shell in lower case', 'rejects', 'warns', more({ shell: 'bash', command: 'true' })],
  ['shell PowerShell', 'rejects', 'warns', more({ shell: 'PowerShell', command: 'true' })],
  [
    'expression for shell',
    'accepts',
    'accepts',
    more({ shell: '<+pipeline.variables.SHELL>', command: 'true' }),
  ],
  ['pull policy in lower case', 'rejects', 'warns', more({ imagePullPolicy: 'ifNotPresent' })],
  ['number for cpu', 'accepts', 'accepts', more({ resources: { limits: { cpu: 1 } } })],
  ['fraction for cpu', 'accepts', 'accepts', more({ resources: { limits: { cpu: 0.5 } } })],
  [
    'number for memory',
    'rejects',
    'warns',
    more({ resources: { limits: { memory: 500_000_000 } } }),
  ],
  ['requests alone', 'accepts', 'warns', more({ resources: { requests: { memory: '1Gi' } } })],
  ['resources of nothing', 'rejects', 'refuses', more({ resources: {} })],
  [
    'reports',
    'accepts',
    'accepts',
    more({ reports: { type: 'JUnit', spec: { paths: ['*.xml'] } } }),
  ],
  [
    'reports in lower case',
    'rejects',
    'warns',
    more({ reports: { type: 'junit', spec: { paths: ['*.xml'] } } }),
  ],
  [
    'text for the paths of reports',
    'rejects',
    'refuses',
    more({ reports: { type: 'JUnit', spec: { paths: '*.xml' } } }),
  ],
  ['outputVariables on Background', 'accepts', 'warns', more({ outputVariables: [{ name: 'A' }] })],
  ['spec of nothing', 'accepts', 'refuses', ({ service: one }) => (one.spec = {})],
  ['no spec', 'rejects', 'refuses', without('spec')],
  ['no identifier', 'rejects', 'warns', without('identifier')],
  ['no name', 'rejects', 'refuses', without('name')],
  ['identifier with a hyphen', 'rejects', 'refuses', atStep({ identifier: 'a-b' })],
  ['identifier that is reserved', 'accepts', 'warns', atStep({ identifier: 'step' })],
  ['identifier that begins with a digit', 'rejects', 'refuses', atStep({ identifier: '1a' })],
  ...(
    [
      ['10s', 'accepts', 'accepts'],
      ['5s', 'rejects', 'warns'],
      ['05s', 'rejects', 'warns'],
      ['10m', 'accepts', 'accepts'],
      ['1h 30m', 'accepts', 'accepts'],
      ['1h30m', 'accepts', 'accepts'],
      ['90', 'rejects', 'refuses'],
      ['2d', 'accepts', 'accepts'],
      ['1w', 'accepts', 'accepts'],
      ['500ms', 'rejects', 'refuses'],
      ['', 'accepts', 'accepts'],
      ['<+input>.default(10m)', 'accepts', 'accepts'],
      ['1.5h', 'accepts', 'accepts'],
    ] as const
  ).map(([timeout, harness, ours]): Row => [
    `timeout '${timeout}'`,
    harness,
    ours,
    atStep({ timeout }),
  ]),
  [
    'failureStrategies on Background',
    'accepts',
    'warns',
    ({ service: one }) => void Object.assign(one, failing(['AllErrors'])),
  ],
  ['unknown error', 'rejects', 'refuses', atStep(failing(['AnyError']))],
  ['failureStrategies without errors', 'rejects', 'refuses', atStep(failing(undefined))],
  [
    'strategy on Background',
    'accepts',
    'accepts',
    ({ service: { spec, ...one }, all }) => {
      const stage = all.pipeline.stages![0]!.stage;
      const execution = (stage['spec'] as { execution: { steps: object[] } }).execution;
      execution.steps[0] = {
        step: { ...one, spec: { ...spec, portBindings: {} }, strategy: { parallelism: 2 } },
      };
    },
  ],
  [
    'two strategies',
    'rejects',
    'refuses',
    atStep({ strategy: { parallelism: 2, repeat: { times: 2 } } }),
  ],
  ['when with a status alone', 'accepts', 'accepts', atStep({ when: { stageStatus: 'All' } })],
  [
    'when with a condition alone',
    'rejects',
    'refuses',
    atStep({ when: { condition: '<+pipeline.name> == "x"' } }),
  ],
  [
    'HarnessApproval in a CI stage',
    'rejects',
    'warns',
    addStep({
      step: {
        identifier: 'ask',
        name: 'ask',
        type: 'HarnessApproval',
        spec: { approvalMessage: 'ok?' },
      },
    }),
  ],
  [
    'Wait in a CI stage',
    'accepts',
    'accepts',
    addStep({
      step: { identifier: 'rest', name: 'rest', type: 'Wait', spec: { duration: '10s' } },
    }),
  ],
  [
    'Barrier in a CI stage',
    'rejects',
    'refuses',
    addStep({
      step: { identifier: 'bar', name: 'bar', type: 'Barrier', spec: { barrierRef: 'x' } },
    }),
  ],
  [
    'group in a group',
    'accepts',
    'accepts',
    addStep({ stepGroup: { identifier: 'h', name: 'h', steps: [group([{ step: plain }])] } }),
  ],
  ['parallel in a group', 'accepts', 'accepts', addStep(group([{ parallel: [{ step: plain }] }]))],
  ['group in parallel', 'accepts', 'accepts', addStep({ parallel: [group([{ step: plain }])] })],
  [
    'group without a name',
    'rejects',
    'refuses',
    addStep({ stepGroup: { identifier: 'g', steps: [{ step: plain }] } }),
  ],
  [
    'infrastructure and platform',
    'accepts',
    'warns',
    ({ spec }) =>
      (spec['infrastructure'] = { type: 'VM', spec: { type: 'Pool', spec: { poolName: 'x' } } }),
  ],
  [
    'no infrastructure at all',
    'accepts',
    'refuses',
    ({ spec }) => {
      delete spec['runtime'];
      delete spec['platform'];
    },
  ],
  [
    'useFromStage without type',
    'accepts',
    'accepts',
    ({ all }) => using(all, { useFromStage: 'build' }),
  ],
  [
    'useFromStage with type',
    'accepts',
    'accepts',
    ({ all }) => using(all, { type: 'UseFromStage', useFromStage: 'build' }),
  ],
  [
    'serviceDependencies',
    'accepts',
    'accepts',
    ({ spec }) => (spec['serviceDependencies'] = [depending]),
  ],
  [
    'serviceDependencies with a wrapper',
    'rejects',
    'refuses',
    ({ spec }) => (spec['serviceDependencies'] = [{ serviceDependency: depending }]),
  ],
  [
    'variable without a type',
    'rejects',
    'refuses',
    ({ all }) => all.pipeline.variables.push({ name: 'X', value: 'x' }),
  ],
  [
    'number for a variable',
    'accepts',
    'accepts',
    ({ all }) => all.pipeline.variables.push({ name: 'X', type: 'Number', value: 1 }),
  ],
  ['stage without execution', 'accepts', 'accepts', ({ spec }) => delete spec['execution']],
  ['pipeline without stages', 'accepts', 'refuses', ({ all }) => (all.pipeline.stages = undefined)],
  ['name of a stage with a slash', 'rejects', 'refuses', ({ stage }) => (stage['name'] = 'a/b')],
];

function using(all: Sample, infrastructure: object): void {
  const spec = { infrastructure, execution: { steps: [{ step: plain }] } };
  all.pipeline.stages!.push({ stage: { identifier: 'two', name: 'two', type: 'CI', spec } });
}

async function verdictOn(change: Change): Promise<string> {
  const all = sample();
  const { stage } = all.pipeline.stages![0]!;
  const spec = stage['spec'] as Record<string, unknown>;
  const [first, second] = (spec['execution'] as { steps: { step: Written }[] }).steps;
  change({ all, stage, spec, service: first!.step, step: second!.step });
  const read = await readHarness(toSource('p.yaml', stringify(all)));
  if (!read.ok) return 'refuses';
  return read.value.warnings.length > 0 ? 'warns' : 'accepts';
}

describe('what Harness accepts and rejects', () => {
  it('is a pipeline without a mistake to begin with', async () =>
    assert.equal(await verdictOn(() => {}), 'accepts'));

  for (const [what, harness, ours, change] of rows)
    it(`${what}: Harness ${harness} it, and it is read as: ${ours}`, async () =>
      assert.equal(await verdictOn(change), ours));
});
