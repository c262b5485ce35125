import assert from 'node:assert/strict';
import { test } from 'node:test';

import { toPlan } from '../../src/dialect/cix/read-pipeline.ts';
import { pipelineJsonSchema } from '../../src/dialect/cix/json-schema.ts';
import { toSource } from '../../src/dialect/common/source.ts';
import { expandPlan } from '../../src/expression/expand.ts';

import type { Group, Node, Plan } from '../../src/plan/plan.ts';

const variables = new Map([
  ['A', 'a$$B$&'],
  ['TWO', '2'],
  ['LIST', 'x,y'],
]);

function planOf(text: string): Plan {
  const read = toPlan(toSource('x.yaml', text));
  assert.ok(read.ok, text);
  const expanded = expandPlan(read.value.plan, variables);
  assert.ok(expanded.ok, text);
  return expanded.value;
}

const rootOf = (item: string): Group =>
  planOf(`version: 2.1\npipeline:\n  - ${item}\n`).stages[0]!.root;

const stepOf = (keys: string): Node => rootOf(`step: {name: a, image: i, ${keys}}`).members[0]!;
const groupOf = (keys: string): Node =>
  rootOf(`steps: {name: g, pipeline: [{step: {name: a, image: i}}], ${keys}}`).members[0]!;

/** The parts of `actual` that `expected` has. */
function holds(actual: unknown, expected: unknown, message: string): void {
  if (Array.isArray(expected) || typeof expected !== 'object' || expected === null)
    assert.deepEqual(actual, expected, message);
  else
    for (const [key, value] of Object.entries(expected))
      holds((actual as Readonly<Record<string, unknown>> | undefined)?.[key], value, message);
}

type Told = Readonly<Record<string, Readonly<Record<string, object>>>>;

const names = (...ids: string[]): object =>
  Object.fromEntries(ids.map((id, at) => [at, { id }]));
const env = (...values: [string, ...unknown[]][]): object => ({
  command: { environment: values.map(([name, value]) => ({ name, value })) },
});

/** What each attribute of a CIX step makes of a plan. */
const ofSteps: Told = {
  name: { 'name: b-1_c.d': { id: 'b-1_c.d' }, 'name: 1.10': { name: '1.10' } },
  image: { 'image: r/i:1': { command: { image: ['r/i:1'] } } },
  user: {
    'user: 1000': { command: { user: ['1000'] } },
    'user: $$U': { command: { user: [{ variable: 'U' }] } },
  },
  'pull-policy': {
    'pull-policy: Always': { command: { container: { pull: 'always' } } },
    'pull-policy: IfNotPresent': { command: { container: { pull: 'missing' } } },
    'pull-policy: Never': { command: { container: { pull: 'never' } } },
    'pull-policy: Default': { command: { container: { pull: 'by-tag' } } },
  },
  'working-dir': { 'working-dir: /w': { command: { workingDir: '/w' } } },
  'workspace-mount-point': {
    'workspace-mount-point: /w/': { command: { container: { mountPoint: '/w' } } },
    'privileged: false': { command: { container: { mountPoint: '/cix/src' } } },
  },
  arguments: {
    'arguments: [a, 1.0, false]': {
      command: { run: { kind: 'image', arguments: [['a'], ['1.0'], ['false']] } },
    },
    'arguments: []': { command: { run: { kind: 'image', arguments: undefined } } },
  },
  commands: {
    'commands: [echo $$A, 1, true]': { command: { run: { lines: ['echo $$A', '1', 'true'] } } },
  },
  'commands-output': {
    'commands: [x], commands-output: echo': { command: { run: { announce: 'echo' } } },
    'commands: [x], commands-output: minimal': { command: { run: { announce: 'minimal' } } },
    'commands: [x]': { command: { run: { announce: 'timestamp' } } },
  },
  'commands-shell': {
    'commands: [x], commands-shell: node': { command: { run: { shell: ['node'] } } },
    'commands: [x]': { command: { run: { shell: ['/bin/sh'] } } },
  },
  environment: {
    'environment: []': { command: { environment: { length: 0 } } },
    'environment: [{name: X}]': env(['X', [{ variable: 'X' }]]),
    'environment: [{name: X, value: false}, {name: Y, value: 0}]': env(
      ['X', ['false']],
      ['Y', ['0']],
    ),
    'environment: [{name: X, value: ""}]': env(['X', []]),
    'environment: [{name: X, value: "$& $1 $"}]': env(['X', ['$& $1 $']]),
  },
  hostname: { 'hostname: db.local': { command: { container: { hostname: ['db.local'] } } } },
  ports: {
    "ports: ['8080:80/udp', 90, $$P]": {
      command: { container: { ports: [['8080:80/udp'], ['90'], [{ variable: 'P' }]] } },
    },
    'ports: []': { command: { container: { ports: undefined } } },
  },
  privileged: { 'privileged: true': { command: { container: { privileged: true } } } },
  volumes: {
    "volumes: ['/a:/b:ro']": { command: { container: { volumes: [['/a:/b:ro']] } } },
    'volumes: []': { command: { container: { volumes: undefined } } },
  },
  retry: {
    'retry: {iterations: 3, backoff: 2}': { retry: { attempts: 3, backoffMs: 2_000 } },
    'retry: {iterations: $$TWO, backoff: $$TWO}': { retry: { attempts: 2, backoffMs: 2_000 } },
    'retry: {iterations: "2"}, loop: 1': {
      members: { 0: { retry: { attempts: 2, backoffMs: 0 } } },
    },
  },
  timeout: {
    'timeout: 5': { timeoutMs: 5_000 },
    'timeout: "5"': { timeoutMs: 5_000 },
    'timeout: $$TWO': { timeoutMs: 2_000 },
  },
  background: { 'background: true': { kind: 'service' }, 'background: false': { kind: 'run' } },
  'continue-on-fail': { 'continue-on-fail: true': { continueOnFail: true } },
  loop: {
    'loop: 2': { kind: 'group', order: 'serial', members: names('a-1', 'a-2') },
    'loop: $$TWO': { members: names('a-1', 'a-2') },
    'loop: 1': { members: names('a-1') },
    'loop: 0': { members: [] },
    'loop: 2, background: true': { members: { 1: { kind: 'service', id: 'a-2' } } },
  },
  'counter-variable': {
    'loop: 2, counter-variable: I': { members: { 1: env(['I', ['2']]) } },
    'for-each: [p], element-variable: E, counter-variable: I': {
      members: { 0: env(['I', ['1']], ['E', ['p']]) },
    },
  },
  'for-each': {
    'for-each: [1, 2, 3], element-variable: E': { members: { 2: env(['E', ['3']]) } },
    'for-each: [false, 0], element-variable: E': { members: { 0: env(['E', ['false']]) } },
    'for-each: "p, q", element-variable: E': { members: { 1: env(['E', ['q']]) } },
    'for-each: $$LIST, element-variable: E': { members: { 1: env(['E', ['y']]) } },
    'for-each: ["", a], element-variable: E': { members: { length: 1 } },
  },
  'element-variable': {
    'for-each: [$$A], element-variable: E, arguments: [$$E]': {
      members: { 0: { command: { run: { arguments: [['a$$B$&']] } } } },
    },
  },
  parallel: {
    'loop: 2, parallel: true': { order: 'parallel' },
    'loop: 2, parallel: false': { order: 'serial' },
  },
  when: {
    'when: [{operator: IS_SET, value: $$A}]': {
      when: { kind: 'set', value: { value: [{ variable: 'A' }] } },
    },
    'when: []': { when: undefined },
    'background: true, when: [{operator: IS_SET, value: x}]': { kind: 'service', when: {} },
    'loop: 1, when: [{operator: IS_SET, value: x}]': {
      when: { kind: 'set' },
      members: { 0: { when: undefined } },
    },
  },
};

/** What each attribute of a CIX group makes of a plan. */
const ofGroups: Told = {
  name: { 'parallel: false': { id: 'g' } },
  parallel: { 'parallel: true': { order: 'parallel' }, 'parallel: false': { order: 'serial' } },
  pipeline: { 'parallel: false': { kind: 'group', members: names('a') } },
  when: { 'when: [{operator: IS_SET, value: x}]': { when: { kind: 'set' } } },
  retry: { 'retry: {iterations: 2}': { retry: { attempts: 2, backoffMs: 0 } } },
  timeout: { 'timeout: $$TWO': { timeoutMs: 2_000 } },
  'continue-on-fail': { 'continue-on-fail: true': { continueOnFail: true } },
  loop: {
    'loop: 2': { members: { 1: { id: 'g-2', members: names('a-2') } } },
    'loop: 2, parallel: true': { order: 'parallel', members: { 0: { order: 'parallel' } } },
  },
  'for-each': {
    'for-each: $$LIST, element-variable: E': {
      members: { 1: { members: { 0: env(['E', ['y']]) } } },
    },
  },
  'counter-variable': {
    'loop: 1, counter-variable: I': { members: { 0: { members: { 0: env(['I', ['1']]) } } } },
  },
  'element-variable': {
    'for-each: [p], element-variable: E': { members: { 0: { members: { 0: env(['E', ['p']]) } } } },
  },
};

for (const [kind, told, read] of [
  ['step', ofSteps, stepOf],
  ['group', ofGroups, groupOf],
] as const)
  for (const [attribute, cases] of Object.entries(told))
    test(`\`${attribute}\` of a ${kind} means what CIX's documents say`, () => {
      for (const [keys, expected] of Object.entries(cases)) {
        const isOwn = /^(name|image):/.test(keys);
        const node = isOwn
          ? rootOf(`step: {${attribute === 'name' ? 'image: i' : 'name: a'}, ${keys}}`).members[0]!
          : read(keys);
        holds(node, expected, keys);
      }
    });

test('every key of a group, and every one of a step but our own, has been shown', () => {
  const keysOf = (name: string): readonly string[] =>
    Object.keys(pipelineJsonSchema().$defs?.[name]?.properties ?? {});
  const ours = ['entrypoint', 'memory', 'cpus', 'needs', 'ready', 'stop', 'scope', 'on-exit'];
  assert.deepEqual([...Object.keys(ofSteps), ...ours].sort(), keysOf('step').toSorted());
  assert.deepEqual(Object.keys(ofGroups).sort(), keysOf('steps').toSorted());
});

test('the keys of a file mean what the documents of CIX say', () => {
  const text = `version: 2.1
kind: Pipeline
registry:
  ghcr.io: {username: $$U, password: $$P, retry: {iterations: $$TWO}}
  team: {host: {name: $$HOST, default: r.example.com}, retry: {iterations: "3", backoff: "1"}}
pipeline:
  - step: {name: a, image: team/i}
`;
  assert.deepEqual(planOf(text).registries, [
    {
      name: 'ghcr.io',
      credentials: { username: [{ variable: 'U' }], password: [{ variable: 'P' }] },
      retry: { attempts: 2, backoffMs: 120_000 },
    },
    {
      name: 'team',
      host: { value: [{ variable: 'HOST' }], fallback: ['r.example.com'] },
      retry: { attempts: 3, backoffMs: 1_000 },
    },
  ]);
});
