import assert from 'node:assert/strict';
import { it } from 'node:test';

import { checkAnswer, takeInput } from './check-answer.ts';

import type { AskedInput, Question } from './question.ts';

const taken = (input: Omit<AskedInput, 'name'>, answered?: string): string => {
  const value = takeInput({ name: 'x', ...input }, answered);
  return value.ok ? `= ${value.value}` : value.failure;
};

const question = (...inputs: AskedInput[]): Question => ({
  id: 'a',
  name: 'a',
  message: '?',
  inputs,
  choices: ['approve', 'reject'],
});

it('takes for an input what is answered, or else what it is by default', () => {
  assert.equal(taken({}), '= ');
  assert.equal(taken({}, 'y'), '= y');
  assert.equal(taken({ fallback: 'z' }), '= z');
  assert.equal(taken({ fallback: 'z' }, 'y'), '= y');
});

it('takes nothing for an input that is not to be', () => {
  assert.equal(taken({ required: true }), 'is required');
  assert.equal(taken({ required: true, fallback: 'z' }), '= z');
  assert.equal(taken({ allowed: ['a', 'b'] }, 'c'), 'is to be one of a, b, and is not');
  assert.equal(taken({ allowed: ['a', 'b'] }), '= ');
  assert.equal(taken({ pattern: 'a|b' }, 'ab'), 'is to match a|b, and does not');
  assert.equal(taken({ pattern: 'a|b' }, 'b'), '= b');
  assert.match(taken({ pattern: '[' }, 'b'), /^cannot be checked: \[ /);
});

it('gives every input that is asked for, and no other', () => {
  const asked = question({ name: 'toString', fallback: 'f' }, { name: 'y' });
  const answer = { choice: 'approve', by: 'ann', inputs: { y: '1', z: '2' } } as const;
  const checked = checkAnswer(asked, answer);
  assert.deepEqual(checked.ok && checked.value.inputs, { toString: 'f', y: '1' });
});

it('asks nothing of who does not approve, and takes no choice that there was not', () => {
  const asked = question({ name: 'x', required: true });
  const answer = { choice: 'reject', by: 'ann', comment: 'no', inputs: { x: '1' } } as const;
  assert.deepEqual(checkAnswer(asked, answer), { ok: true, value: { ...answer, inputs: {} } });
  const odd = { choice: 'abort', by: 'ann', inputs: {} } as const;
  assert.deepEqual(checkAnswer(asked, odd), {
    ok: false,
    failure: "'abort' is none of approve, reject",
  });
});
