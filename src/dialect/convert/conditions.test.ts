import assert from 'node:assert/strict';
import { test } from 'node:test';

import { holds } from '../../expression/condition.ts';
import { toPlan } from '../cix/read-pipeline.ts';
import { toSource } from '../common/source.ts';
import { readHarness } from '../harness/read-pipeline.ts';
import { convertToCix, convertToHarness } from './convert.ts';

import type { Condition, Plan } from '../../plan/plan.ts';
import type { AskInput } from '../harness/inputs-given.ts';

const values = ['', ' ', 'a', 'b', 'ab', 'main', 'release-12', '9', '10', '1.10', 'true'];

/** What a pipeline of one step says about when it runs. Absent: always. */
const conditionOf = ({ stages }: Plan): Condition | undefined => stages[0]!.root.members[0]!.when;

function isHeld(condition: Condition | undefined, variables: ReadonlyMap<string, string>): boolean {
  if (!condition) return true;
  const held = holds(condition, variables);
  assert.ok(held.ok, held.ok ? '' : held.failure);
  return held.value;
}

const open: AskInput = ({ path }) =>
  Promise.resolve(`<+secrets.getValue("${path.split('.').at(-1)!}")>`);

for (const written of [
  '{ operator: IS_SET, value: $$A }',
  '{ operator: IS_NOT_SET, value: $$A }',
  '{ operator: EQ, value: $$A, other: main }',
  '{ operator: EQ, value: $$A, other: $$B }',
  '{ operator: EQ, value: "x $$A y", other: "x a y" }',
  '{ operator: NEQ, value: $$A, other: ab }',
  '{ operator: INCLUDES, value: $$A, other: b }',
  '{ operator: NOT_INCLUDES, value: $$A, other: $$B }',
  '{ operator: STARTS_WITH, value: $$A, other: a }',
  '{ operator: ENDS_WITH, value: $$A, other: $$B }',
  '{ operator: EXISTS, value: $$A, values: [{ value: a }, { value: $$B }] }',
  '{ operator: NOT_EXISTS, value: $$A, values: [{ value: a }, { value: b }] }',
  "{ operator: MATCHES, value: $$A, expressions: 'main,release-\\d{1,3}' }",
  "{ operator: NOT_MATCHES, value: $$A, expressions: '[a,b]+' }",
  '{ operator: AND, conditions: [{ operator: EQ, value: $$A, other: a }, { operator: NEQ, value: $$B, other: b }] }',
  '{ operator: OR, conditions: [{ operator: EQ, value: $$A, other: a }, { operator: AND, conditions: [{ operator: IS_SET, value: $$B }, { operator: EQ, value: $$A, other: b }] }] }',
])
  test(`${written} holds in Harness when it does in CIX, and back in CIX`, async () => {
    const text = `version: 2.1\npipeline:\n  - step: { name: s, commands: [make], when: [${written}] }\n`;
    const before = toPlan(toSource('before.yaml', text));
    assert.ok(before.ok);
    const made = await convertToHarness(() => Promise.resolve(before), 'before.yaml');
    assert.ok(made.ok);
    const read = (ask: AskInput): ReturnType<typeof readHarness> =>
      readHarness(toSource('made.yaml', made.value.text), {
        inputs: { values: [], files: [], ask },
      });
    const after = await read(open);
    assert.ok(after.ok);
    const returned = await convertToCix(read, 'made.yaml');
    assert.ok(returned.ok);
    const back = toPlan(toSource('back.yaml', returned.value.text));
    assert.ok(back.ok, returned.value.text);
    for (const a of values)
      for (const b of values) {
        const variables = new Map(Object.entries({ A: a, B: b }));
        const expected = isHeld(conditionOf(before.value.plan), variables);
        const told = `A=${a} B=${b}`;
        assert.equal(isHeld(conditionOf(after.value.plan), variables), expected, told);
        assert.equal(isHeld(conditionOf(back.value.plan), variables), expected, `${told} back`);
      }
  });
