import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { fail } from '../base/result.ts';
import { approval, plan, step } from '../../test/rig/plans.ts';
import { answeredByCommand, givenAnswers, unknownAnswers } from './given-answers.ts';

import type { Question } from '../event/question.ts';
import type { AnswerFlags } from './given-answers.ts';

const deploy: Question = {
  id: 'stage_deploy',
  name: 'deploy',
  message: 'Deploy?',
  inputs: [],
  choices: ['approve', 'reject'],
};
const { signal } = new AbortController();

const answer = (flags: AnswerFlags, question = deploy) =>
  givenAnswers(flags, () => Promise.resolve(fail('there is no terminal')))(question, signal);

async function choice(flags: AnswerFlags): Promise<string | undefined> {
  const answered = await answer(flags);
  return answered.ok ? `${answered.value.choice} by ${answered.value.by}` : undefined;
}

describe('answers on the command line', () => {
  it('are for a step by its name or its id, or for all', async () => {
    for (const name of ['deploy', 'stage_deploy', 'all'])
      assert.equal(await choice({ approve: ['other', name] }), 'approve by --approve');
    assert.equal(await choice({ reject: ['deploy'] }), 'reject by --reject');
  });

  it('go by a name rather than by all, and by a no rather than by a yes', async () => {
    assert.equal(await choice({ approve: ['deploy'], reject: ['all'] }), 'approve by --approve');
    assert.equal(await choice({ approve: ['all'], reject: ['deploy'] }), 'reject by --reject');
    assert.equal(await choice({ approve: ['all'], reject: ['all'] }), 'reject by --reject');
  });

  it('have inputs as they are by default, and are none where one is missing', async () => {
    const inputs = [{ name: 'target', required: true, fallback: 'test' }, { name: 'note' }];
    const answered = await answer({ approve: ['all'] }, { ...deploy, inputs });
    assert.deepEqual(answered.ok && answered.value.inputs, { target: 'test', note: '' });
    const missing = await answer(
      { approve: ['all'] },
      { ...deploy, inputs: [{ name: 'target', required: true }] },
    );
    assert.match(missing.ok ? '' : missing.failure, /^its input 'target' is required; `--approve`/);
  });

  it('leave what they do not answer to the terminal, and say what to do where there is none', async () => {
    const nothing = await answer({ approve: ['other'] });
    assert.deepEqual(nothing, {
      ok: false,
      failure: 'there is no terminal; give `--approve deploy` or `--reject deploy`',
    });
  });

  it('are none for inputs, which are given by names of their own', async () => {
    const inputs = [{ name: 'target' }, { name: 'note', fallback: 'none' }];
    const question: Question = { ...deploy, inputs, choices: ['give'] };
    const failure = 'there is no terminal; give `--input target=…`';
    assert.deepEqual(await answer({ approve: ['all'] }, question), { ok: false, failure });
  });

  it('are wrong where nothing asks under such a name', () => {
    const plans = [plan(approval('deploy'), approval('x', { name: 'announce' }), step('build'))];
    assert.deepEqual(unknownAnswers({ approve: ['all', 'x'], reject: ['announce'] }, plans), []);
    assert.deepEqual(unknownAnswers({ approve: ['depoly'], reject: ['build'] }, plans), [
      '--approve depoly: there is no approval of that name, did you mean deploy?',
      '--reject build: there is no approval of that name',
    ]);
  });

  it('answer no question about a failure', async () => {
    const about: Question = { ...deploy, choices: ['retry', 'fail'] };
    assert.deepEqual(await answer({ approve: ['all'], reject: ['all'] }, about), {
      ok: false,
      failure: 'there is no terminal',
    });
  });
});

it('whatever a run asks that a server has started waits for a command, until it is not wanted any more', async () => {
  const over = new AbortController();
  const questions: Question[] = [
    deploy,
    { ...deploy, choices: ['retry', 'fail'] },
    { ...deploy, choices: ['give'] },
  ];
  const asked = questions.map((question) => answeredByCommand(question, over.signal));
  assert.equal(await Promise.race([...asked, Promise.resolve('open')]), 'open');
  over.abort();
  assert.ok((await Promise.all(asked)).every(({ ok }) => !ok));
});
