import assert from 'node:assert/strict';
import { test } from 'node:test';

import { operatorNames } from '../../src/dialect/cix/condition-keys.ts';
import { toPlan } from '../../src/dialect/cix/read-pipeline.ts';
import { toSource } from '../../src/dialect/common/source.ts';
import { holds } from '../../src/expression/condition.ts';

import type { Operator } from '../../src/dialect/cix/condition-keys.ts';

const variables = new Map([
  ['BRANCH', 'main'],
  ['EMPTY', ''],
  ['BLANK', '  '],
  ['TEN', '10'],
  ['ODD', 'a$$EMPTY$&'],
]);

/** Whether what stands in one `when` holds. */
function isDone(condition: string): boolean {
  const step = `{name: a, commands: [make], when: [${condition}]}`;
  const read = toPlan(toSource('x.yaml', `version: 2.1\npipeline:\n  - step: ${step}\n`));
  assert.ok(read.ok, condition);
  const when = read.value.plan.stages[0]?.root.members[0]?.when;
  const held = holds(when!, variables);
  assert.ok(held.ok, condition);
  return held.value;
}

/** What holds of each operator, and what does not, as its keys are written in a file. */
const told: Readonly<
  Record<Operator, { readonly yes: readonly string[]; readonly no: readonly string[] }>
> = {
  IS_SET: {
    yes: ['value: $$BRANCH', 'value: $$NONE, value-default: x', 'value: 0', 'value: false'],
    no: ['value: $$NONE', 'value: $$EMPTY, value-default: x', 'value: $$BLANK', 'value: ""'],
  },
  IS_NOT_SET: {
    yes: ['value: $$NONE', 'value: $$EMPTY', 'value: $$BLANK'],
    no: ['value: $$BRANCH', 'value: $$NONE, value-default: yes', 'value: 0'],
  },
  EQ: {
    yes: [
      'value: $$BRANCH, other: main',
      'value: $$NONE, value-default: 1, other: $$NEVER, other-default: 1',
      'value: 0, other: "0"',
      'value: false, other: "false"',
      'value: "", other: $$EMPTY',
      'value-default: 1, other: 1',
    ],
    no: ['value: $$BRANCH, other: Main', 'value: 1, other: 1.0'],
  },
  NEQ: {
    yes: ['value: $$BRANCH, other: dev', 'value: $$NONE, value-default: 1, other: 2'],
    no: ['value: $$BRANCH, other: main', 'value: 0, other: 0'],
  },
  GT: {
    yes: ['value: $$TEN, other: 9', 'value: b, other: a', 'value: 1.10, other: 1.09'],
    no: ['value: 9, other: $$TEN', 'value: 10, other: $$TEN', 'value: 2, other: 2'],
  },
  GTE: {
    yes: ['value: $$TEN, other: 9', 'value: $$TEN, other: 10', 'value: 3, other: 3'],
    no: ['value: 9, other: $$TEN', 'value: 1, other: 2'],
  },
  LT: {
    yes: ['value: 9, other: $$TEN', 'value: a, other: b'],
    no: ['value: $$TEN, other: 9', 'value: $$TEN, other: 10'],
  },
  LTE: {
    yes: ['value: 9, other: $$TEN', 'value: 10, other: $$TEN'],
    no: ['value: $$TEN, other: 9'],
  },
  INCLUDES: {
    yes: ['value: $$BRANCH, other: ai', 'value: "", other: ""', 'value: "foo,bar", other: foo'],
    no: ['value: $$BRANCH, other: x', 'value: $$BRANCH, other: ""'],
  },
  NOT_INCLUDES: {
    yes: ['value: $$BRANCH, other: x', 'value: "foo,bar", other: random'],
    no: ['value: $$BRANCH, other: ai'],
  },
  STARTS_WITH: {
    yes: ['value: $$BRANCH, other: ma', 'value: $$ODD, other: "a$"', 'value: 100, other: 10'],
    no: ['value: $$BRANCH, other: ain'],
  },
  ENDS_WITH: {
    yes: ['value: $$BRANCH, other: in', 'value: $$ODD, other: $&', 'value: 1.10, other: 0'],
    no: ['value: $$BRANCH, other: ma'],
  },
  EXISTS: {
    yes: [
      'value: $$BRANCH, values: [{value: dev}, {value: $$NONE, default: main}]',
      'value: 0, values: [{value: 0}]',
      'value: false, values: [{default: false}]',
    ],
    no: ['value: $$BRANCH, values: [{value: dev}]', 'value: $$NONE, values: [{value: a}]'],
  },
  NOT_EXISTS: {
    yes: ['value: $$NONE, value-default: yes, values: [{value: $$NONE, default: no}]'],
    no: ['value: $$BRANCH, values: [{value: main}]'],
  },
  MATCHES: {
    yes: [
      "value: main-244, expressions: 'freeze,main,main-\\d+', delimiter: ','",
      "value: ab, expressions: 'a|ab'",
      "value: '123', expressions: '\\d{1,3}'",
      "value: b, expressions: 'a;b', delimiter: ';'",
      'value: $$BRANCH, expressions: $$NONE|main',
    ],
    no: ["value: abc, expressions: 'a|ab'", "value: a, expressions: 'a;b'"],
  },
  NOT_MATCHES: {
    yes: ["value: patch_, expressions: 'freeze,main,patch-\\d+'"],
    no: ['value: $$BRANCH, expressions: m.*'],
  },
  AND: {
    yes: ['conditions: [{operator: IS_SET, value: 1}, {operator: EQ, value: 1, other: 1}]'],
    no: [
      'conditions: [{operator: IS_SET, value: 1}, {operator: IS_SET, value: ""}]',
      'conditions: [{operator: OR, conditions: [{operator: AND, conditions: [{operator: IS_SET, value: ""}]}]}]',
    ],
  },
  OR: {
    yes: [
      'conditions: [{operator: IS_SET, value: ""}, {operator: IS_SET, value: 1}]',
      'conditions: [{operator: AND, conditions: [{operator: OR, conditions: [{operator: IS_SET, value: 1}]}]}]',
    ],
    no: ['conditions: [{operator: IS_SET, value: ""}, {operator: EQ, value: 1, other: 2}]'],
  },
};

for (const operator of operatorNames)
  test(`${operator} holds when it should, and only then`, () => {
    const { yes, no } = told[operator];
    for (const keys of yes) assert.ok(isDone(`{operator: ${operator}, ${keys}}`), keys);
    for (const keys of no) assert.ok(!isDone(`{operator: ${operator}, ${keys}}`), keys);
  });

test('there are eighteen operators', () => {
  assert.equal(operatorNames.length, 18);
});

test('all the conditions of a `when` must hold', () => {
  const [one, other] = ['{operator: IS_SET, value: 1}', '{operator: IS_SET, value: ""}'];
  assert.ok(isDone(`${one}, ${one}`));
  assert.ok(!isDone(`${one}, ${other}`));
});
