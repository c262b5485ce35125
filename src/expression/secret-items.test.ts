import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { group, plan, step } from '../../test/rig/plans.ts';
import { secretItems } from './secret-items.ts';

import type { Node, Repeat, RepeatEach, Text } from '../plan/plan.ts';

const each = (items: RepeatEach['items'], element = 'E'): { repeat: Repeat } => ({
  repeat: { over: { kind: 'each', items, element }, order: 'serial' },
});
const hole = (variable: string): Text => [{ variable }];
const variables = new Map([
  ['TOKENS', 'red, green,,blue'],
  ['PLAIN', 'one,two'],
  ['MORE', 'up,down'],
]);
const secrets = ['red, green,,blue', 'up,down'];
const itemsOf = (...members: Node[]): readonly string[] =>
  secretItems(plan(...members), { variables, secrets });

describe('the items of a secret', () => {
  it('are secrets each by itself where something is repeated for them', () => {
    const items = { commaSeparated: hole('TOKENS') };
    assert.deepEqual(itemsOf(step('a', each(items))), ['red', 'green', 'blue']);
    assert.deepEqual(itemsOf(group('g', 'serial', step('a', each(items)))), [
      'red',
      'green',
      'blue',
    ]);
  });

  it('are those only that come of a secret', () => {
    const items = { commaSeparated: ['x,', ...hole('PLAIN'), ',', ...hole('MORE')] };
    assert.deepEqual(itemsOf(step('a', each(items))), ['up', 'down']);
    assert.deepEqual(itemsOf(step('a')), []);
  });

  it('are found where a repetition hands a whole secret to the one within', () => {
    const inner = step('a', each({ commaSeparated: hole('E') }, 'F'));
    const outer = { ...group('g', 'serial', inner), ...each([hole('PLAIN'), hole('MORE')]) };
    assert.deepEqual(itemsOf(outer), ['up', 'down']);
  });
});
