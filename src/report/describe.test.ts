import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { describeExit, describeLaunchFailure } from '../event/describe-end.ts';
import { describeAsked, describeServiceEnd, describeStepEnd, listed, roundly } from './describe.ts';

import type { ServiceEnd, StepEnd } from '../event/outcome.ts';
import type { Exit, LaunchFailure } from '../executor/executor.ts';

const one: Exit = { kind: 'code', code: 1 };

it('names every exit', () => {
  const exits: [Exit, string][] = [
    [one, 'exit code 1'],
    [{ kind: 'signal', signal: 'KILL' }, 'signal KILL'],
    [
      { kind: 'signal', signal: 'KILL', by: 'engine' },
      'signal KILL from somebody else, through the container engine',
    ],
    [{ kind: 'outOfMemory' }, 'out of memory'],
    [{ kind: 'lost', detail: 'the engine is gone' }, 'lost: the engine is gone'],
  ];
  for (const [exit, text] of exits) assert.equal(describeExit(exit), text);
});

it('says of every launch failure what is missing', () => {
  const failures: [LaunchFailure, string][] = [
    [{ kind: 'commandNotFound', command: 'nod' }, "command 'nod' was not found"],
    [{ kind: 'directoryMissing', directory: '/x' }, 'there is no directory /x'],
    [
      { kind: 'volumeMissing', source: './x', path: '/w/x' },
      'its volume ./x names /w/x, which is not there',
    ],
    [
      { kind: 'volumeMissing', source: './x', path: '/w/x', isHere: true },
      'its volume ./x names /w/x, which the container engine does not see',
    ],
    [
      { kind: 'imageUnavailable', image: 'redis:99', detail: 'no such tag' },
      'image redis:99 cannot be had: no such tag',
    ],
    [{ kind: 'portTaken', port: 8080 }, 'port 8080 of this machine is taken'],
    [
      { kind: 'portTaken', port: 8080, by: { pid: 812, command: 'nginx' } },
      'port 8080 of this machine is taken by nginx (pid 812)',
    ],
    [{ kind: 'refused', detail: 'the user is unknown' }, 'the user is unknown'],
    [{ kind: 'environment', detail: 'the disk is full' }, 'the disk is full'],
    [{ kind: 'abandoned' }, 'it was no longer wanted'],
  ];
  for (const [failure, text] of failures) assert.equal(describeLaunchFailure(failure), text);
});

it('tells the end of a step', () => {
  const ends: [StepEnd, string][] = [
    [{ kind: 'exited', exit: one }, "step 'test' failed with exit code 1"],
    [{ kind: 'rejected', by: 'ann' }, "step 'test' was rejected by ann"],
    [{ kind: 'rejected', by: 'ann', comment: 'no' }, "step 'test' was rejected by ann: no"],
    [{ kind: 'unanswered', detail: 'nobody is here' }, "step 'test' got no answer: nobody is here"],
    [
      { kind: 'timed-out', afterMs: 60_000, isUnanswered: true },
      "step 'test' got no answer within 1 m 00 s",
    ],
    [
      { kind: 'exited', exit: { kind: 'signal', signal: 'SEGV' } },
      "step 'test' failed on signal SEGV",
    ],
    [
      { kind: 'launch', failure: { kind: 'commandNotFound', command: 'x' } },
      "step 'test' could not start: command 'x' was not found",
    ],
    [
      { kind: 'exited', exit: { kind: 'signal', signal: 'KILL', by: 'engine' } },
      "step 'test' was ended by somebody else (signal KILL through the container engine)",
    ],
    [
      { kind: 'exited', exit: { kind: 'outOfMemory' } },
      "step 'test' failed because memory ran out",
    ],
    [
      { kind: 'launch', failure: { kind: 'imageUnavailable', image: 'x:1', detail: 'no tag' } },
      "step 'test' could not get its image x:1: no tag",
    ],
    [{ kind: 'timed-out', afterMs: 30_000 }, "step 'test' was stopped at its timeout of 30 s"],
    [{ kind: 'needs', service: 'db' }, "step 'test' did not run: service 'db' cannot become ready"],
    [{ kind: 'cancelled' }, "step 'test' was cancelled"],
  ];
  for (const [end, sentence] of ends) assert.deepEqual(describeStepEnd('test', end), { sentence });
});

describe('the end of a service', () => {
  const asked = [
    { probe: 'tcp localhost:8080', passed: true, times: 3, answer: 'connected' },
    {
      probe: 'GET http://localhost:8080/healthz',
      passed: false,
      times: 121,
      answer: 'connection refused',
    },
  ];
  const launch = { kind: 'imageUnavailable', image: 'x:1', detail: 'no network' } as const;
  const ends: [ServiceEnd, string, string?][] = [
    [
      { kind: 'start-error', failure: { kind: 'commandNotFound', command: 'redis' } },
      "could not start: command 'redis' was not found",
    ],
    [{ kind: 'image', failure: launch }, 'could not get its image x:1: no network'],
    [
      { kind: 'port-taken', port: 6379, by: { pid: 812, command: 'redis-server' } },
      'cannot serve: port 6379 is taken by redis-server (pid 812)',
      'stop it, or give the service another port',
    ],
    [
      { kind: 'port-taken', port: 6379 },
      'cannot serve: port 6379 is taken',
      'stop what has it, or give the service another port',
    ],
    [
      { kind: 'exited-early', exit: one, afterMs: 1_200, leftBehind: [] },
      'ended with exit code 1 after 1.2 s, before it was ready',
    ],
    [
      {
        kind: 'exited-early',
        exit: { kind: 'code', code: 0 },
        afterMs: 40,
        leftBehind: [{ pid: 9, command: 'redis-server' }],
      },
      'ended with exit code 0 after 40 ms, before it was ready',
      'it left redis-server (pid 9) behind: run it in the foreground',
    ],
    [
      {
        kind: 'exited-early',
        exit: one,
        afterMs: 40,
        leftBehind: [{ pid: 9, command: 'tail -f log' }],
      },
      'ended with exit code 1 after 40 ms, before it was ready',
      'it left tail -f log (pid 9) behind',
    ],
    [
      { kind: 'not-ready', afterMs: 30_000, asked },
      'was not ready after 30 s: GET http://localhost:8080/healthz was asked 121 times, last answer: connection refused',
    ],
    [
      { kind: 'not-ready', afterMs: 30_000, asked, listensOn: [80, 8081] },
      'was not ready after 30 s: GET http://localhost:8080/healthz was asked 121 times, last answer: connection refused',
      'it listens on ports 80 and 8081',
    ],
    [
      { kind: 'not-ready', afterMs: 30_000, asked, listensOn: [] },
      'was not ready after 30 s: GET http://localhost:8080/healthz was asked 121 times, last answer: connection refused',
      'it listens on no port',
    ],
    [{ kind: 'died', exit: one, afterMs: 3_200 }, 'died with exit code 1 after 3.2 s'],
    [
      {
        kind: 'died',
        exit: { kind: 'signal', signal: 'KILL', by: 'engine' },
        afterMs: 3_200,
      },
      'was ended by somebody else (signal KILL through the container engine) after 3.2 s',
    ],
    [{ kind: 'out-of-memory' }, 'was killed because memory ran out'],
    [{ kind: 'completed', afterMs: 900 }, 'ended by itself after 900 ms'],
    [{ kind: 'stopped', exit: one }, 'was stopped'],
    [
      { kind: 'killed-after-grace', graceMs: 10_000 },
      'had to be killed: it did not stop within 10 s',
    ],
    [{ kind: 'lost', detail: 'no process 12' }, 'was lost: no process 12'],
    [{ kind: 'skipped', because: { kind: 'cancelled' } }, 'did not start: it was no longer wanted'],
    [
      { kind: 'skipped', because: { kind: 'needs', service: 'db' } },
      "did not start: service 'db' cannot become ready",
    ],
  ];
  for (const [end, text, hint] of ends) {
    it(`${end.kind} is told in a sentence`, () => {
      const sentence = `service 'api' ${text}`;
      const told = hint === undefined ? { sentence } : { sentence, hint };
      assert.deepEqual(describeServiceEnd('api', end), told);
    });
  }
});

it('shows no more of an answer than a sentence bears', () => {
  const answer = `exit code 1: \x1b[31m${'日'.repeat(2_000)}\nmore`;
  const told = describeAsked([{ probe: 'exec check', passed: false, times: 2, answer }]);
  assert.match(told, /^exec check was asked 2 times, last answer: exit code 1: 日{92}\.\.\.$/);
});

it('names some of the processes that were left behind, and counts the others', () => {
  const leftBehind = Array.from({ length: 8 }, (_, n) => ({ pid: 10 + n, command: 'worker' }));
  const end = { kind: 'exited-early', exit: one, afterMs: 1, leftBehind } as const;
  assert.equal(
    describeServiceEnd('api', end).hint,
    'it left worker (pid 10), worker (pid 11), worker (pid 12) and 5 more behind',
  );
});

it('lists words as people do', () => {
  assert.deepEqual([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listed), [
    '',
    'a',
    'a and b',
    'a, b and c',
  ]);
});

it('gives chosen durations without a needless decimal', () => {
  assert.deepEqual([500, 10_000, 1_500, 120_000].map(roundly), [
    '500 ms',
    '10 s',
    '1.5 s',
    '2 m 00 s',
  ]);
});
