import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeTask } from '../executor/fake/fake-executor.ts';
import { advance, isImpossible, restartDelayMs } from './service-state.ts';

import type { OnExit } from '../plan/plan.ts';
import type { ServiceInput, ServiceRule, ServiceState } from './service-state.ts';

/** Properties over every pair of a state and an input, under every rule. */

const task = new FakeTask({ name: 'db', run: { kind: 'argv', argv: ['db'] }, environment: {} });
const exits = [0, 1].map((code) => ({ kind: 'code', code }) as const);
const died = { kind: 'died', exit: exits[1]!, afterMs: 1 } as const;
const notReady = { kind: 'not-ready', afterMs: 1, asked: [] } as const;

const states: ServiceState[] = [
  { kind: 'waiting' },
  { kind: 'starting', start: 1 },
  { kind: 'cancelling', start: 1 },
  { kind: 'running', start: 1, task },
  { kind: 'ready', start: 1, task },
  ...[true, false].flatMap((final): ServiceState[] => [
    { kind: 'stopping', start: 1, task, fate: { final } },
    { kind: 'stopping', start: 2, task, fate: { final, end: notReady } },
    { kind: 'clearing', start: 2, task, fate: { final, end: died } },
    { kind: 'clearing', start: 9, task, fate: { final, end: died } },
  ]),
  { kind: 'restarting', start: 1, end: died },
  { kind: 'ended', end: died, verdict: 'fail' },
];

const inputs: ServiceInput[] = [
  { kind: 'needsMet' },
  { kind: 'passedOver', end: { kind: 'skipped', because: { kind: 'needs', service: 'other' } } },
  { kind: 'passedOver', end: { kind: 'skipped', because: { kind: 'condition' } } },
  { kind: 'launched', task },
  { kind: 'launchFailed', end: { kind: 'port-taken', port: 1, by: { pid: 1, command: 'x' } } },
  { kind: 'probesPassed' },
  { kind: 'probesFailed', end: notReady },
  ...[...exits, { kind: 'outOfMemory' } as const].map((exit): ServiceInput => ({
    kind: 'exited',
    exit,
    afterMs: 1,
  })),
  ...[true, false].map((killed): ServiceInput => ({
    kind: 'cleared',
    exit: exits[1]!,
    stopped: { killed, leftBehind: [] },
  })),
  { kind: 'rested' },
  { kind: 'stop' },
];

const onExits: OnExit[] = [
  { kind: 'fail' },
  { kind: 'ignore' },
  { kind: 'restart', times: 3, backoffMs: 10 },
];
const rules: ServiceRule[] = onExits.flatMap((onExit) =>
  [true, false].flatMap((hasProbes) =>
    [0, 1_000].map((graceMs) => ({ onExit, hasProbes, graceMs })),
  ),
);

const moves = states.flatMap((state) =>
  inputs
    .filter((input) => !isImpossible(state.kind, input.kind))
    .flatMap((input) =>
      rules.map((rule) => {
        const [next, ...commands] = advance(state, input, rule);
        const title = `${state.kind} × ${input.kind} under ${rule.onExit.kind}`;
        return { state, input, rule, next, commands, title };
      }),
    ),
);

const holdsTask = (state: ServiceState): boolean => 'task' in state;
describe('the service table', () => {
  it('never forgets a running task', () => {
    for (const { state, input, next, title } of moves) {
      if (holdsTask(state) && input.kind !== 'cleared') assert.ok(holdsTask(next), title);
      if (input.kind === 'launched') assert.ok(holdsTask(next), title);
    }
  });

  it('never waits for an end it did not ask for', () => {
    const commandOf = {
      starting: 'launch',
      cancelling: 'abandon',
      running: 'probe',
      stopping: 'stop',
      clearing: 'clear',
      restarting: 'rest',
    } as const;
    for (const { state, next, commands, title } of moves) {
      if (next.kind === state.kind || !(next.kind in commandOf)) continue;
      const wanted = commandOf[next.kind as keyof typeof commandOf];
      assert.ok(
        commands.some((command) => command.do === wanted),
        title,
      );
    }
  });

  it('accepts a stop in every state, and never starts again after it', () => {
    for (const state of states) {
      for (const rule of rules) {
        let [now] = advance(state, { kind: 'stop' }, rule);
        const done: ServiceInput[] =
          now.kind === 'cancelling'
            ? [{ kind: 'launched', task }, inputs.find(({ kind }) => kind === 'cleared')!]
            : [inputs.find(({ kind }) => kind === 'cleared')!];
        for (const input of done) {
          if (now.kind === 'ended') break;
          [now] = advance(now, input, rule);
        }
        assert.equal(now.kind, 'ended', `${state.kind} under ${rule.onExit.kind}`);
      }
    }
  });

  it('leaves its end alone once it has one', () => {
    for (const { state, next, commands, title } of moves) {
      if (state.kind !== 'ended') continue;
      assert.deepEqual(next, state, title);
      assert.deepEqual(commands, [], title);
    }
  });

  it('keeps the first cause', () => {
    for (const { state, next, title } of moves) {
      const first = 'fate' in state ? state.fate.end : undefined;
      if (!first) continue;
      const later = 'fate' in next ? next.fate.end : 'end' in next ? next.end : first;
      assert.equal(later?.kind, first.kind, title);
    }
  });

  it('gives a verdict for every failure, and none for what is as it should be', () => {
    for (const { state, next, title } of moves) {
      if (next.kind !== 'ended' || state.kind === 'ended') continue;
      const asItShouldBe =
        next.end.kind === 'stopped' ||
        next.end.kind === 'killed-after-grace' ||
        next.end.kind === 'completed' ||
        (next.end.kind === 'skipped' && next.end.because.kind !== 'needs');
      assert.equal(next.verdict === undefined, asItShouldBe, `${title}: ${next.end.kind}`);
    }
  });

  it('fails the run once by a failure that counts, as soon as that is certain', () => {
    for (const { state, next, commands, title } of moves) {
      const told = commands.map((command) => command.do);
      const isFatal = next.kind === 'ended' && next.verdict === 'fail' && state.kind !== 'ended';
      const wasTold = isFatal && (state.kind === 'stopping' || state.kind === 'clearing');
      assert.equal(told.includes('amend'), wasTold, title);
      if (isFatal) assert.equal(told.includes('fail'), !wasTold, title);
      else if (told.includes('fail')) assert.ok('fate' in next && next.fate.end, title);
    }
  });

  it('restarts only under that rule, only what a new start can mend, and no more than its times', () => {
    for (const { state, next, rule, title } of moves) {
      if (next.kind !== 'restarting' || state.kind === 'restarting') continue;
      assert.equal(rule.onExit.kind, 'restart', title);
      assert.ok(next.start <= 3, title);
    }
    const [next] = advance(
      { kind: 'clearing', start: 9, task, fate: { final: false, end: died } },
      { kind: 'cleared', exit: exits[1]!, stopped: { killed: false, leftBehind: [] } },
      rules.find(({ onExit }) => onExit.kind === 'restart')!,
    );
    assert.deepEqual(next, { kind: 'ended', end: died, verdict: 'fail' });
  });

  it('throws on what cannot happen', () => {
    assert.throws(
      () => advance({ kind: 'ready', start: 1, task }, { kind: 'needsMet' }, rules[0]!),
      /got "needsMet" while "ready"/,
    );
  });
});

it('backs off twice as long each time, a minute at most', () => {
  assert.deepEqual(
    [1, 2, 3, 4, 20].map((nth) => restartDelayMs(1_000, nth)),
    [1_000, 2_000, 4_000, 8_000, 60_000],
  );
});
