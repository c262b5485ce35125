import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { signalOf, toExit } from './exit.ts';

import type { Exit } from '../executor.ts';
import type { Witness } from './exit.ts';

type Case = [code: number, given: Given, exit: Exit];

interface Given extends Partial<Omit<Witness, 'heard'>> {
  readonly heard?: Partial<Witness['heard']>;
  readonly wasUnwatched?: boolean;
}

const exitOf = (code: number, { heard, wasUnwatched = false, ...more }: Given): Exit =>
  toExit(
    { kind: 'exited', code, wasUnwatched },
    {
      ours: [],
      outOfMemory: false,
      ...more,
      heard: { signals: [], outOfMemory: false, died: false, removed: false, ...heard },
    },
  );

const code = (value: number): Exit => ({ kind: 'code', code: value });
const signal = (name: string): Exit => ({ kind: 'signal', signal: name });
const byEngine = (name: string): Exit => ({ kind: 'signal', signal: name, by: 'engine' });
const outOfMemory: Exit = { kind: 'outOfMemory' };
const removed: Exit = { kind: 'lost', detail: 'its container was removed by somebody else' };

const holds = (cases: readonly Case[]): void => {
  for (const [status, given, exit] of cases)
    assert.deepEqual(exitOf(status, given), exit, `${status} ${JSON.stringify(given)}`);
};

describe('toExit', () => {
  it('takes a code for a code when nobody sent a signal', () => {
    holds([
      [0, {}, code(0)],
      [1, {}, code(1)],
      [125, {}, code(125)],
      [128, {}, code(128)],
      [137, {}, code(137)],
      [143, {}, code(143)],
      [255, {}, code(255)],
      // What is sent to it need not be what ended it.
      [0, { ours: ['TERM'], heard: { signals: ['TERM'], died: true } }, code(0)],
      [3, { heard: { signals: ['HUP'], died: true } }, code(3)],
      [139, { ours: ['TERM'], heard: { signals: ['TERM'] } }, code(139)],
    ]);
  });

  it('knows that somebody else had a signal sent where Podman does not tell which', () => {
    holds([
      [137, { heard: { signals: [''], died: true } }, byEngine('KILL')],
      [143, { heard: { stopped: true, died: true } }, byEngine('TERM')],
      [143, { ours: ['INT'], heard: { signals: [''], died: true } }, code(143)],
      [0, { heard: { stopped: true, died: true } }, code(0)],
      [0, { heard: { stopped: true, died: true, removed: true } }, removed],
    ]);
  });

  it('knows our own signals, whatever else was heard', () => {
    holds([
      [143, { ours: ['TERM', 'CONT'] }, signal('TERM')],
      [137, { ours: ['TERM', 'KILL'] }, signal('KILL')],
      [130, { ours: ['INT'], heard: { signals: ['INT'], died: true } }, signal('INT')],
      [137, { ours: ['KILL'], outOfMemory: true }, signal('KILL')],
      [137, { ours: ['KILL'], heard: { removed: true, died: true } }, signal('KILL')],
      [137, { ours: ['KILL'], wasUnwatched: true }, signal('KILL')],
    ]);
  });

  it('names a signal that somebody else had the engine send', () => {
    holds([
      [137, { heard: { signals: ['KILL'], died: true } }, byEngine('KILL')],
      [143, { heard: { signals: ['HUP', 'TERM'], died: true } }, byEngine('TERM')],
      // Ours came first, and did not end it.
      [137, { ours: ['TERM'], heard: { signals: ['TERM', 'KILL'] } }, byEngine('KILL')],
    ]);
  });

  it('tells that memory ran out, by the engine or by its event, only of what was killed', () => {
    holds([
      [137, { outOfMemory: true }, outOfMemory],
      [137, { heard: { outOfMemory: true, died: true } }, outOfMemory],
      [137, { ours: ['TERM'], outOfMemory: true }, outOfMemory],
      [1, { outOfMemory: true }, code(1)],
      [0, { heard: { outOfMemory: true } }, code(0)],
    ]);
  });

  it('is lost with an engine that was stopped, unless its end was heard of after all', () => {
    const lost = {
      kind: 'lost',
      detail: 'the container engine was stopped while it ran (exit code 0)',
    } as const;
    holds([
      [0, { wasUnwatched: true }, lost],
      [0, { wasUnwatched: true, heard: { died: true } }, code(0)],
      [7, { wasUnwatched: true, heard: { died: true } }, code(7)],
      [137, { wasUnwatched: true, outOfMemory: true, heard: { died: true } }, outOfMemory],
    ]);
  });

  it('is lost when somebody else removed it', () => {
    holds([
      [1, { heard: { died: true, removed: true } }, removed],
      [137, { heard: { died: true, removed: true } }, removed],
      // To remove what runs, the engine kills it.
      [137, { heard: { signals: ['KILL'], died: true, removed: true } }, removed],
      [0, { ours: ['TERM'], heard: { died: true, removed: true } }, code(0)],
    ]);
    const witness = {
      heard: { signals: [], outOfMemory: false, died: false, removed: false },
      ours: [],
      outOfMemory: false,
    };
    assert.deepEqual(toExit({ kind: 'removed' }, witness), removed);
  });

  it('says why nobody knows', () => {
    const witness = {
      heard: { signals: ['KILL'], outOfMemory: true, died: true, removed: true },
      ours: ['KILL'],
      outOfMemory: true,
    };
    assert.deepEqual(toExit({ kind: 'unknown', detail: 'silence' }, witness), {
      kind: 'lost',
      detail: 'silence',
    });
  });

  it('takes for the engine’s own end what that one ends when it stops or starts', () => {
    const detail = (status: number): string =>
      `the container engine was stopped while it ran (exit code ${status})`;
    const heard = { signals: ['TERM'], died: true };
    holds([
      [143, { engineWasGone: true, heard }, { kind: 'lost', detail: detail(143) }],
      // A program that obeys is not done with its work by that.
      [0, { engineWasGone: true, heard }, { kind: 'lost', detail: detail(0) }],
      [143, { engineWasGone: true, heard, ours: ['TERM'] }, signal('TERM')],
      [0, { engineWasGone: true }, code(0)],
    ]);
  });
});

describe('signalOf', () => {
  it('knows a signal by 128 and its number, and nothing below or beyond', () => {
    assert.deepEqual([0, 1, 127, 128, 129, 130, 137, 139, 143, 192, 255].map(signalOf), [
      undefined,
      undefined,
      undefined,
      undefined,
      'HUP',
      'INT',
      'KILL',
      'SEGV',
      'TERM',
      undefined,
      undefined,
    ]);
  });
});
