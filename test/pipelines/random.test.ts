import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import fc from 'fast-check';
import { stringify } from 'yaml';

import { toPlan } from '../../src/dialect/cix/read-pipeline.ts';
import { renderDiagnostics } from '../../src/dialect/common/render.ts';
import { expandPlan } from '../../src/expression/expand.ts';
import { isTask, nodesOfPlan } from '../../src/plan/order.ts';
import { toSource } from '../../src/dialect/common/source.ts';

import type { Diagnostic } from '../../src/dialect/common/diagnostic.ts';
import type { Node, Plan } from '../../src/plan/plan.ts';

const corpus = ['valid', 'invalid'].flatMap((folder) => {
  const path = join(import.meta.dirname, folder);
  const names = readdirSync(path).filter((name) => name.endsWith('.yaml'));
  return names.map((name) => readFileSync(join(path, name), 'utf8'));
});
const small = corpus.filter(({ length }) => length < 4_000);

/** A plan, or at least one diagnostic; each with its places in the text; rendered without harm. */
function isReadSoundly(text: string): void {
  const source = toSource('x.yaml', text);
  const result = toPlan(source);
  const diagnostics = result.ok ? result.value.warnings : result.failure.diagnostics;
  if (result.ok) isExpandedSoundly(result.value.plan);
  else assert.ok(diagnostics.some(({ severity }) => severity === 'error'));
  for (const { where, related = [] } of diagnostics)
    for (const place of [where, ...related.map((other) => other.where)]) isInside(place, text);
  for (const width of [20, 80]) {
    const shown = renderDiagnostics(diagnostics, () => source, { color: false, width });
    assert.doesNotMatch(shown, /\n\s+at .*(file|node):|Error:|undefined|\[object/);
    assert.doesNotMatch(shown.replaceAll('\n', ''), /\p{Cc}/u);
  }
}

const variables = new Map([
  ['A', ''],
  ['B', '2'],
  ['X', '1.5'],
]);

/** A plan in which nothing repeats and every number is one, or at least one mistake. */
function isExpandedSoundly(plan: Plan): void {
  const expanded = expandPlan(plan, variables);
  if (!expanded.ok) {
    assert.ok(expanded.failure.length > 0);
    for (const { message } of expanded.failure) assert.doesNotMatch(message, /undefined|NaN|\[obj/);
    return;
  }
  const nodes = nodesOfPlan(expanded.value);
  const ids = new Set(nodes.map(({ id }) => id));
  assert.equal(ids.size, nodes.length);
  for (const node of nodes) {
    assert.equal(node.repeat, undefined);
    if (isTask(node)) for (const need of node.needs) assert.ok(ids.has(need), need);
  }
}

function isInside({ line, column, endLine, endColumn }: Diagnostic['where'], text: string): void {
  const lines = text.split('\n');
  for (const [at, offset] of [
    [line, column],
    [endLine, endColumn],
  ] as const) {
    assert.ok(at >= 1 && at <= lines.length, `line ${at} of ${lines.length}`);
    assert.ok(offset >= 1 && offset <= lines[at - 1]!.length + 1, `column ${offset}`);
  }
  assert.ok(
    endLine > line || (endLine === line && endColumn >= column),
    'it ends before it begins',
  );
}

test('random text never breaks the reader', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), isReadSoundly));
});

test('random YAML words in a row never break the reader', () => {
  const word = fc.constantFrom(
    ...[
      'version',
      ': ',
      '2.1',
      '\n',
      '  ',
      '- ',
      'pipeline',
      'step',
      'steps',
      'name',
      'a',
      '[',
      ']',
    ],
    ...[
      '{',
      '}',
      ', ',
      '"',
      "'",
      '|',
      '>',
      '&x ',
      '*x',
      '<<',
      '!!str ',
      '#',
      '? ',
      '\t',
      '---',
      '~',
    ],
    ...['needs', 'ready', 'tcp', 'background', 'true', 'commands', 'environment', '\r', '%', '@'],
  );
  const text = fc.array(word, { maxLength: 40 }).map((words) => words.join(''));
  fc.assert(fc.property(text, isReadSoundly), { numRuns: 1_000 });
});

/** Any value under a key of the language, in any place. */
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown>(
      null,
      true,
      false,
      0,
      -1,
      2.1,
      6379,
      '',
      'a',
      'b',
      '10s',
      'http://x:1/',
      '8080:80',
      './x:/y',
      '$$X',
      '(',
      'EQ',
      'MATCHES',
      'OR',
    ),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom(
        ...[
          'version',
          'kind',
          'pipeline',
          'step',
          'steps',
          'name',
          'commands',
          'environment',
          'value',
        ],
        ...[
          'timeout',
          'retry',
          'iterations',
          'background',
          'needs',
          'ready',
          'tcp',
          'http',
          'url',
          'log',
        ],
        ...[
          'exec',
          'status',
          'headers',
          'on-exit',
          'restart',
          'stop',
          'signal',
          'scope',
          'parallel',
          'x',
        ],
        ...[
          'image',
          'arguments',
          'entrypoint',
          'hostname',
          'ports',
          'volumes',
          'memory',
          'cpus',
          'user',
          'health',
          'host',
          'username',
          'password',
        ],
        ...['when', 'operator', 'value-default', 'other', 'values', 'conditions', 'expressions'],
        ...['delimiter', 'loop', 'for-each', 'counter-variable', 'element-variable', 'backoff'],
      ),
      tie('value'),
      { maxKeys: 5 },
    ),
  ),
}));

test('random data under the keys of the language never breaks the reader', () => {
  const file = fc.record(
    { version: fc.constant(2.1), pipeline: fc.array(item(value)), registry: value },
    { requiredKeys: ['version', 'pipeline'] },
  );
  fc.assert(fc.property(file, (data) => isReadSoundly(stringify(data))));
});

function item(step: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof(fc.record({ step }), fc.record({ steps: step }), step);
}

test('a file of the corpus with a piece cut out, doubled or put in never breaks the reader', () => {
  const piece = fc.constantFrom(
    '',
    ' ',
    '\n',
    '\t',
    ': ',
    '- ',
    '[',
    '}',
    '"',
    '*a',
    '&a ',
    '\0',
    '😀',
    '|',
  );
  const mutated = fc
    .tuple(fc.constantFrom(...small), fc.nat(), fc.nat(12), piece, fc.boolean())
    .map(([text, at, length, insert, doubled]) => {
      const start = at % (text.length + 1);
      const cut = text.slice(start, start + length);
      return `${text.slice(0, start)}${insert}${doubled ? cut + cut : ''}${text.slice(start + length)}`;
    });
  fc.assert(fc.property(mutated, isReadSoundly), { numRuns: 1_000 });
});

interface Written {
  readonly kind: 'step' | 'service' | 'serial' | 'parallel';
  readonly members: readonly Written[];
}

const tree: fc.Arbitrary<Written> = fc.letrec<{ node: Written }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({
      kind: fc.constantFrom('step' as const, 'service' as const),
      members: fc.constant([]),
    }),
    fc.record({
      kind: fc.constantFrom('serial' as const, 'parallel' as const),
      members: fc.array(tie('node'), { minLength: 1, maxLength: 4 }),
    }),
  ),
})).node;

test('every well-formed order of steps, services and groups becomes a plan of the same shape', () => {
  fc.assert(
    fc.property(fc.array(tree, { minLength: 1, maxLength: 5 }), fc.boolean(), (written, flow) => {
      let count = 0;
      const toData = ({ kind, members }: Written): object => {
        const name = `n${count++}`;
        if (kind === 'step') return { step: { name, commands: ['x'] } };
        if (kind === 'service') return { step: { name, commands: ['x'], background: true } };
        return { steps: { name, parallel: kind === 'parallel', pipeline: members.map(toData) } };
      };
      const data = { version: 2.1, pipeline: written.map(toData) };
      const text = flow ? JSON.stringify(data, null, 1) : stringify(data);
      const result = toPlan(toSource('x.yaml', text));
      assert.ok(result.ok);
      const [stage] = result.value.plan.stages;
      assert.deepEqual(
        stage?.root.members.map(shapeOf),
        written.map((one) => shapeOfWritten(one)),
      );
    }),
  );
});

const shapeOf = (node: Node): unknown =>
  node.kind === 'group' ? [node.order, ...node.members.map(shapeOf)] : node.kind;

const shapeOfWritten = ({ kind, members }: Written): unknown => {
  if (kind === 'step') return 'run';
  return kind === 'service' ? kind : [kind, ...members.map(shapeOfWritten)];
};

interface Repeated {
  readonly kind: 'step' | 'service' | 'group';
  readonly copies: number | undefined;
  readonly members: readonly Repeated[];
}

const copies = fc.option(fc.nat(3), { nil: undefined });

const repeated: fc.Arbitrary<Repeated> = fc.letrec<{ node: Repeated }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({
      kind: fc.constantFrom('step' as const, 'service' as const),
      copies,
      members: fc.constant([]),
    }),
    fc.record({
      kind: fc.constant('group' as const),
      copies,
      members: fc.array(tie('node'), { minLength: 1, maxLength: 3 }),
    }),
  ),
})).node;

test('every repetition is written out, with as many copies as its file says', () => {
  fc.assert(
    fc.property(fc.array(repeated, { minLength: 1, maxLength: 3 }), (written) => {
      let names = 0;
      const toData = ({ kind, copies: loop, members }: Repeated): object => {
        const times = loop === undefined ? {} : { loop };
        const name = `n${names++}`;
        if (kind === 'group') return { steps: { name, ...times, pipeline: members.map(toData) } };
        return {
          step: { name, commands: ['x'], ...times, ...(kind === 'service' && { background: true }) },
        };
      };
      const data = { version: 2.1, pipeline: written.map(toData) };
      const result = toPlan(toSource('x.yaml', stringify(data)));
      assert.ok(result.ok);
      isExpandedSoundly(result.value.plan);
      const expanded = expandPlan(result.value.plan, new Map());
      assert.ok(expanded.ok);
      const tasks = nodesOfPlan(expanded.value).filter(({ kind }) => kind !== 'group');
      assert.equal(tasks.length, written.map(tasksIn).reduce(sum, 0));
    }),
  );
});

const sum = (a: number, b: number): number => a + b;

const tasksIn = ({ kind, copies: times = 1, members }: Repeated): number =>
  times * (kind === 'group' ? members.map(tasksIn).reduce(sum, 0) : 1);
