import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { Findings } from '../common/diagnostic.ts';
import { parseYaml } from '../common/parse-yaml.ts';
import { toSource } from '../common/source.ts';
import { readOpenShape } from './open-shape.ts';
import { defOf, isPlainly } from './plain-shape.ts';
import { levels } from './schema.ts';

import type { $ZodType } from 'zod/v4/core';

const words = [
  '',
  'x',
  'Run',
  'Sh',
  'sh',
  'true',
  '1',
  '10m',
  '512Mi',
  '<+input>',
  'Success',
  'a b',
];

const scalar = fc.oneof(
  fc.constantFrom(...words),
  fc.constantFrom(0, 1, -1, 1.5, true, false, null),
);

/** Values of about that shape: mostly right ones, with keys and kinds that are wrong here and there. */
function about(schema: $ZodType): fc.Arbitrary<unknown> {
  const { shape, innerType, element, valueType, options } = defOf(schema);
  const wrong = fc.oneof(
    scalar,
    fc.constant([]),
    fc.constant({}),
    fc.array(scalar, { maxLength: 2 }),
  );
  if (innerType) return about(innerType);
  if (shape) {
    const values = Object.entries(shape).map(([key, value]) => [key, about(value)] as const);
    const isOptional = (key: string): boolean => defOf(shape[key]!).type === 'optional';
    const right = fc
      .subarray(Object.keys(shape).filter(isOptional))
      .map((keys) => keys.slice(0, 3))
      .chain((given) =>
        fc.record(
          Object.fromEntries(values.filter(([key]) => !isOptional(key) || given.includes(key))),
        ),
      );
    const more = fc.dictionary(fc.constantFrom('x', 'imag', 'Name'), scalar, { maxKeys: 1 });
    return fc.oneof(
      { weight: 20, arbitrary: right },
      { weight: 1, arbitrary: fc.tuple(right, more).map(([one, other]) => ({ ...one, ...other })) },
      { weight: 1, arbitrary: wrong },
    );
  }
  if (element) return fc.array(about(element), { maxLength: 2 });
  if (valueType)
    return fc.dictionary(fc.constantFrom('A', 'b c', ''), about(valueType), { maxKeys: 2 });
  if (options) return fc.oneof(...options.map(about), wrong);
  return fc.oneof({ weight: 9, arbitrary: scalar }, { weight: 1, arbitrary: wrong });
}

for (const [name, schema] of Object.entries(levels))
  test(`nothing is found in what plainly has the shape of \`${name}\``, () => {
    const shape: Parameters<typeof readOpenShape>[0] = schema();
    let plain = 0;
    fc.assert(
      fc.property(about(shape), (value) => {
        const findings = new Findings(toSource('x.yaml', JSON.stringify({ value })));
        const root = parseYaml(findings)!;
        const tree = root.kind === 'map' ? root.entries.get('value')!.tree : root;
        if (!isPlainly(shape, tree)) return;
        plain++;
        readOpenShape(shape, { tree }, findings, 'this');
        assert.deepEqual(findings.all(), []);
      }),
      { numRuns: 400 },
    );
    assert.ok(plain > 0, `${plain} are plain`);
  });

test('an ordinary step is plainly what it is', () => {
  const text = 'name: a\nidentifier: a\ntype: Run\nspec: {}\ntimeout: 10m\n';
  const tree = parseYaml(new Findings(toSource('x.yaml', text)))!;
  assert.ok(isPlainly(levels.step(), tree));
  const spec = 'image: redis:7\nshell: Sh\ncommand: echo\nenvVariables:\n  A: b\n';
  assert.ok(isPlainly(levels.run(), parseYaml(new Findings(toSource('x.yaml', spec)))!));
});
