import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Dialog } from './dialog.ts';

import type { AskedInput, Question } from '../../event/question.ts';

const question = (...inputs: AskedInput[]): Question => ({
  id: 'deploy',
  name: 'deploy',
  message: 'Deploy?',
  inputs,
  choices: ['approve', 'reject'],
});
const about: Question = {
  ...question(),
  choices: ['retry', 'ignore', 'succeed', 'fail', 'abort'],
};

describe('a dialog', () => {
  it('takes a choice by its name or the beginning of it', () => {
    for (const said of ['approve', 'a', ' APP ']) {
      const dialog = new Dialog(question(), 'ann');
      assert.deepEqual(dialog.take(said), { choice: 'approve', by: 'ann', inputs: {} });
    }
    assert.equal(new Dialog(about, 'ann').take('s')?.choice, 'succeed');
  });

  it('asks again for what is no choice, or could be several', () => {
    const dialog = new Dialog(about, 'ann');
    assert.equal(dialog.prompt, 'retry, ignore, succeed, fail or abort');
    assert.equal(dialog.take(''), undefined);
    assert.equal(dialog.problem, undefined);
    assert.equal(dialog.take('maybe'), undefined);
    assert.equal(dialog.problem, "'maybe' is none of retry, ignore, succeed, fail, abort");
    assert.equal(dialog.take('fail')?.choice, 'fail');
  });

  it('has nothing to be chosen where nothing but inputs is asked for', () => {
    const target = { name: 'target', allowed: ['test', 'live'], required: true };
    const dialog = new Dialog({ ...question(target, { name: 'note' }), choices: ['give'] }, 'ann');
    assert.equal(dialog.prompt, 'target (test or live)');
    assert.equal(dialog.take('prod'), undefined);
    assert.equal(dialog.problem, 'target is to be one of test, live, and is not');
    assert.equal(dialog.take('live'), undefined);
    assert.equal(dialog.prompt, 'note (may be empty; Tab hides it)');
    const inputs = { target: 'live', note: '' };
    assert.deepEqual(dialog.take(''), { choice: 'give', by: 'ann', inputs });
  });

  it('asks who rejects for the reason, which may be none', () => {
    const dialog = new Dialog(question({ name: 'x', required: true }), 'ann');
    assert.equal(dialog.take('reject'), undefined);
    assert.equal(dialog.prompt, 'why (Enter for no reason)');
    assert.deepEqual(dialog.take('too late'), {
      choice: 'reject',
      by: 'ann',
      inputs: {},
      comment: 'too late',
    });
    const other = new Dialog(question(), 'ann');
    other.take('r');
    assert.deepEqual(other.take(''), { choice: 'reject', by: 'ann', inputs: {} });
  });

  it('asks who approves for each input, and again for what cannot be taken', () => {
    const dialog = new Dialog(
      question(
        { name: 'target', description: 'where to', allowed: ['test', 'live'], fallback: 'test' },
        { name: 'version', required: true, pattern: String.raw`\d+` },
        { name: 'note' },
      ),
      'ann',
    );
    dialog.take('approve');
    assert.equal(dialog.prompt, 'target (where to; test or live; Enter for test)');
    dialog.take('prod');
    assert.equal(dialog.problem, 'target is to be one of test, live, and is not');
    dialog.take('');
    assert.equal(dialog.prompt, 'version (Tab hides it)');
    dialog.take('');
    assert.equal(dialog.problem, 'version is required');
    dialog.take('12a');
    assert.equal(dialog.problem, String.raw`version is to match \d+, and does not`);
    dialog.take('12');
    assert.equal(dialog.prompt, 'note (may be empty; Tab hides it)');
    assert.deepEqual(dialog.take(''), {
      choice: 'approve',
      by: 'ann',
      inputs: { target: 'test', version: '12', note: '' },
    });
  });

  it('lets whoever answers say that an input is a secret', () => {
    const target = { name: 'target', allowed: ['test', 'live'] };
    const dialog = new Dialog(question(target, { name: 'key' }, { name: 'note' }), 'ann');
    assert.equal(dialog.isSecret, undefined);
    dialog.take('approve');
    assert.equal(dialog.isSecret, undefined);
    dialog.take('live');
    assert.equal(dialog.isSecret, false);
    dialog.toggleSecret();
    assert.deepEqual([dialog.isSecret, dialog.prompt], [true, 'key (a secret)']);
    dialog.take('hunter22');
    dialog.toggleSecret();
    dialog.toggleSecret();
    assert.deepEqual(dialog.take(''), {
      choice: 'approve',
      by: 'ann',
      inputs: { target: 'live', key: 'hunter22', note: '' },
      secrets: ['key'],
    });
  });

  it('takes inputs that have the names of what every object has', () => {
    const dialog = new Dialog(question({ name: 'toString' }, { name: '__proto__' }), 'ann');
    dialog.take('approve');
    dialog.take('a');
    const answer = dialog.take('b');
    assert.deepEqual(Object.entries(answer?.inputs ?? {}), [
      ['toString', 'a'],
      ['__proto__', 'b'],
    ]);
  });
});
