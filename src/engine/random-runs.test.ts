import assert from 'node:assert/strict';
import { it } from 'node:test';

import fc from 'fast-check';

import { FakeRun } from '../../test/rig/fake-run.ts';
import { settle } from '../../test/rig/hand-clock.ts';
import { assertInvariants } from '../../test/rig/invariants.ts';
import { approval, equal, group, service, stageOf, step, wait } from '../../test/rig/plans.ts';
import { fail, ok } from '../base/result.ts';
import { foldEvent } from '../event/fold-event.ts';
import { openView } from '../event/view.ts';
import { nodesOf } from '../plan/order.ts';

import type { RunEvent, Recorded } from '../event/event.ts';
import type { FailureAction, FailureRule } from '../plan/failure-rules.ts';
import type { Group, Node, OnExit, Service, Stage, Turnout } from '../plan/plan.ts';

/** How each task of a random run behaves. Times in milliseconds. */
interface Conduct {
  readonly livesMs: number;
  readonly code: number;
  readonly opensMs: number;
  readonly obeys: boolean;
}

const conduct = fc.record<Conduct>({
  livesMs: fc.constantFrom(1, 30, 100, 200, 5_000, 100_000),
  code: fc.constantFrom(0, 0, 0, 1, 137),
  opensMs: fc.constantFrom(0, 25, 300, 8_000),
  obeys: fc.boolean(),
});

const onExit = fc.constantFrom<OnExit>(
  { kind: 'fail' },
  { kind: 'ignore' },
  { kind: 'restart', times: 2, backoffMs: 100 },
);

const ready: Record<'never' | 'tcp' | 'log', (port: number) => Service['ready']> = {
  never: () => [],
  tcp: (port) => [{ kind: 'tcp', host: 'localhost', port, timeoutMs: 6_000 }],
  log: () => [{ kind: 'log', pattern: '^open$', timeoutMs: 6_000 }],
};

const seldom = fc.constantFrom(true, false, false, false);

const after = fc.constantFrom<Turnout | undefined>(
  undefined,
  undefined,
  undefined,
  'either',
  'failure',
);

/** What holds, what does not, and what cannot be decided. */
const when = fc.constantFrom<Node['when']>(
  ...new Array<undefined>(8).fill(undefined),
  equal('X', '1'),
  equal('X', '2'),
  { kind: 'matches', value: { value: ['x'] }, patterns: { text: { value: ['['] } } },
);

/** Up to three things in a row that are done about a failure. */
const action: fc.Arbitrary<FailureAction> = fc
  .tuple(
    fc.array(fc.constantFrom('retry' as const, 'retry-group' as const, 'ask' as const), {
      maxLength: 2,
    }),
    fc.constantFrom('fail' as const, 'abort' as const, 'ignore' as const, 'succeed' as const),
  )
  .map(([before, kind]) =>
    before.reduceRight<FailureAction>(
      (then, first) =>
        first === 'ask'
          ? { kind: first, timeoutMs: 400, then }
          : { kind: first, times: 1, delaysMs: [60], then },
      { kind },
    ),
  );

const onFailure = fc.option(
  fc.array(
    fc.record({
      on: fc.constantFrom<FailureRule['on']>(
        undefined,
        ['exited', 'needs'],
        ['timed-out', 'rejected', 'unanswered', 'start'],
      ),
      action,
    }),
    { minLength: 1, maxLength: 2 },
  ),
  { nil: undefined },
);

/** What a person says, and after which time; `away` when there is none who could. */
const reply = fc.record({
  afterMs: fc.constantFrom(0, 50, 300, 900),
  says: fc.constantFrom(
    ...(['approve', 'approve', 'reject', 'retry', 'ignore', 'succeed', 'fail', 'abort'] as const),
    'away' as const,
  ),
});
type Reply = typeof reply extends fc.Arbitrary<infer T> ? T : never;

const leaf = fc.oneof(
  fc.record({
    is: fc.constant('wait' as const),
    when,
    after,
    onFailure,
    durationMs: fc.constantFrom(0, 40, 2_000),
    timeout: fc.boolean(),
  }),
  fc.record({
    is: fc.constant('approval' as const),
    when,
    after,
    onFailure,
    timeout: fc.boolean(),
  }),
  fc.record({
    is: fc.constant('step' as const),
    when,
    after,
    onFailure,
    retry: fc.boolean(),
    continueOnFail: fc.boolean(),
    timeout: fc.boolean(),
    needsOthers: fc.boolean(),
  }),
  fc.record({
    is: fc.constant('service' as const),
    when,
    after,
    onExit,
    probed: fc.constantFrom('never', 'tcp', 'log'),
    needsOthers: fc.boolean(),
    scope: fc.constantFrom('stage' as const, 'group' as const),
  }),
);

type Leaf = typeof leaf extends fc.Arbitrary<infer T> ? T : never;
interface Inner {
  readonly is: 'group';
  readonly order: Group['order'];
  readonly retry: boolean;
  readonly continueOnFail: boolean;
  readonly timeout: boolean;
  readonly when: Node['when'];
  readonly after: Turnout | undefined;
  readonly atOnce: number | undefined;
  readonly onFailure: readonly Rule[] | undefined;
  readonly passesOn: boolean;
  readonly members: Shape[];
}
type Shape = Leaf | Inner;

const { shape } = fc.letrec<{ shape: Shape }>((tie) => ({
  shape: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    leaf,
    fc.record({
      is: fc.constant('group' as const),
      order: fc.constantFrom('serial' as const, 'parallel' as const),
      retry: fc.boolean(),
      continueOnFail: seldom,
      timeout: seldom,
      when,
      after,
      atOnce: fc.constantFrom(undefined, 1, 2),
      onFailure,
      passesOn: seldom,
      members: fc.array(tie('shape'), { minLength: 1, maxLength: 3 }),
    }),
  ),
}));

type Rule = { readonly on: FailureRule['on']; readonly action: FailureAction };

const ruleOf = ({ on, action }: Rule): FailureRule => ({ action, ...(on && { on }) });

/** Names everything, and lets services need only what certainly stands before them. */
function toNodes(shapes: readonly Shape[], prefix: string): Node[] {
  let count = 0;
  const build = (one: Shape, earlier: Service[]): Node => {
    const id = `${prefix}${++count}`;
    const given = {
      ...(one.when && { when: one.when }),
      ...(one.after && { after: one.after }),
    };
    const rules =
      'onFailure' in one && one.onFailure ? { onFailure: one.onFailure.map(ruleOf) } : {};
    switch (one.is) {
      case 'wait': {
        const { durationMs, timeout } = one;
        return wait(id, durationMs, { ...given, ...rules, ...(timeout && { timeoutMs: 500 }) });
      }
      case 'approval':
        return approval(id, { ...given, ...rules, ...(one.timeout && { timeoutMs: 500 }) });
      case 'step':
        return step(id, {
          ...given,
          ...rules,
          continueOnFail: one.continueOnFail,
          needs: one.needsOthers ? earlier.slice(-1).map((other) => other.id) : [],
          ...(one.retry && { retry: { attempts: 2, backoffMs: 50 } }),
          ...(one.timeout && { timeoutMs: 1_000 }),
        });
      case 'service': {
        const made = service(id, {
          ...given,
          onExit: one.onExit,
          scope: one.scope,
          needs: one.needsOthers ? earlier.slice(-1).map((other) => other.id) : [],
          ready: ready[one.probed](count),
        });
        return made;
      }
      case 'group': {
        const inside = [...earlier];
        const members = one.members.map((member) => {
          const node = build(member, one.order === 'serial' ? inside : earlier);
          if (node.kind === 'service' && node.scope === 'stage') inside.push(node);
          return node;
        });
        return {
          ...group(id, one.order, ...members),
          ...given,
          ...rules,
          continueOnFail: one.continueOnFail,
          ...(one.order === 'parallel' && one.atOnce !== undefined && { atOnce: one.atOnce }),
          ...(one.retry && { retry: { attempts: 2, backoffMs: 70 } }),
          ...(one.timeout && { timeoutMs: 1_500 }),
          ...(one.passesOn && { anew: 'around' as const }),
        };
      }
      default:
        return one satisfies never;
    }
  };
  const before: Service[] = [];
  return shapes.map((one) => {
    const node = build(one, before);
    if (node.kind === 'service') before.push(node);
    return node;
  });
}

interface StageShape {
  readonly inOrder: boolean;
  readonly beside: boolean;
  readonly most: number | undefined;
  readonly after: Turnout | undefined;
  readonly when: Node['when'];
  readonly continueOnFail: boolean;
  readonly timeout: boolean;
  readonly members: Shape[];
}

const stageShape = fc.record<StageShape>({
  inOrder: fc.boolean(),
  beside: fc.boolean(),
  most: fc.constantFrom(undefined, 1, 2),
  after,
  when,
  continueOnFail: seldom,
  timeout: seldom,
  members: fc.array(shape, { minLength: 1, maxLength: 4 }),
});

const toStages = (shapes: readonly StageShape[]): Stage[] =>
  shapes.map((one, index) =>
    stageOf(
      `s${index + 1}`,
      {
        ...(one.inOrder && { failing: 'in-order' }),
        ...(one.beside && { beside: true }),
        ...(one.most !== undefined && { atOnce: { of: `copy-${one.most}`, most: one.most } }),
        ...(one.after && { after: one.after }),
        ...(one.when && { when: one.when }),
        ...(one.timeout && { timeoutMs: 2_500 }),
        continueOnFail: one.continueOnFail,
      },
      ...toNodes(one.members, `n${index + 1}-`),
    ),
  );

/** When somebody asks for a pause, and how it goes on from there. */
const pause = fc.record({
  atMs: fc.constantFrom(0, 5, 35, 150, 400, 2_000),
  lastsMs: fc.constantFrom(0, 10, 100, 3_000),
  to: fc.constantFrom('all' as const, 'next' as const, 'step' as const),
});

/** How a run is held up: by whom, before which of its nodes, and by failures. */
const pausing = fc.record({
  pauses: fc.array(pause, { maxLength: 3 }),
  breaks: fc.array(fc.nat(30), { maxLength: 2 }),
  onFailure: fc.boolean(),
});
type Pausing = typeof pausing extends fc.Arbitrary<infer T> ? T : never;

async function carryOut(
  stages: readonly Stage[],
  conducts: readonly Conduct[],
  replies: readonly Reply[],
  cancelAfterMs: number | undefined,
  { pauses, breaks, onFailure }: Pausing = { pauses: [], breaks: [], onFailure: false },
): Promise<FakeRun> {
  const ids = stages.flatMap(({ root }) => [...nodesOf(root)].map(({ id }) => id));
  const before = new Set(breaks.map((at) => ids[at % ids.length]!));
  let launches = 0;
  let questions = 0;
  const fake = await FakeRun.startPlan({ name: 'random', stages }, (run) => {
    run.breaks = { before, onFailure };
    run.variables.set('X', '1');
    run.ask = async ({ choices }, signal) => {
      const { afterMs, says } = replies[questions++ % replies.length]!;
      await run.clock.sleep(afterMs, signal);
      if (says === 'away') return fail('away');
      // Nobody is patient for ever.
      const wished = says === 'retry' && questions > 20 ? 'fail' : says;
      const choice = choices.includes(wished) ? wished : choices.at(-1)!;
      return ok({ choice, by: 'somebody', inputs: {} });
    };
    run.executor.setUp = (task) => {
      const { livesMs, code, opensMs, obeys } = conducts[launches++ % conducts.length]!;
      task.obeysStop = obeys;
      void run.clock.sleep(livesMs).then(() => task.exit(code));
      void run.clock.sleep(opensMs).then(() => {
        run.open(task.spec.name);
        task.print('open\n');
      });
    };
  });
  if (cancelAfterMs !== undefined) {
    void fake.clock.sleep(cancelAfterMs).then(() => fake.run.cancel('INT'));
  }
  const resume = (to: 'all' | 'next' | 'step'): unknown => {
    const step = ids.at(-1)!;
    return fake.run.take({ do: 'resume', by: 'ann', to: to === 'step' ? { step } : to });
  };
  for (const { atMs, lastsMs, to } of pauses) {
    void fake.clock
      .sleep(atMs)
      .then(() => fake.run.take({ do: 'pause', by: 'ann' }))
      .then(() => fake.clock.sleep(lastsMs))
      .then(() => resume(to));
  }
  let over = false;
  void fake.run.ended.then(() => {
    over = true;
  });
  for (let turns = 0; turns < 5_000; turns++) {
    await settle();
    if (over as boolean) return fake;
    const next = fake.clock.nextAt;
    // Whoever is not asked for anything any more lets it go on.
    if (next === undefined && isPaused(fake)) {
      resume(turns % 3 === 0 ? 'next' : 'all');
      continue;
    }
    assert.ok(next !== undefined, `nothing will ever happen any more:\n${fake.story.join('\n')}`);
    await fake.clock.pass(next - fake.clock.now());
  }
  throw new Error(`the run does not end:\n${fake.story.join('\n')}`);
}

/** What is found wrong is told before the time of the test is up, however long making it small would take. */
const limits = (numRuns: number) => ({
  numRuns,
  interruptAfterTimeLimit: 300 * numRuns,
  markInterruptAsFailure: true,
});

const isPaused = ({ recorder }: FakeRun): boolean =>
  recorder.events.findLast(({ type }) => type === 'run.paused' || type === 'run.resumed')?.type ===
  'run.paused';

it('keeps its promises over random pipelines, timings, failures and cancellations', async () => {
  const runs = Number(process.env['CONTINUO_RANDOM_RUNS'] ?? 150);
  await fc.assert(
    fc.asyncProperty(
      fc.array(stageShape, { minLength: 1, maxLength: 4 }),
      fc.array(conduct, { minLength: 1, maxLength: 8 }),
      fc.array(reply, { minLength: 1, maxLength: 5 }),
      fc.option(fc.constantFrom(0, 10, 100, 1_000, 7_000), { nil: undefined }),
      async (shapes, conducts, replies, cancelAfterMs) => {
        const fake = await carryOut(toStages(shapes), conducts, replies, cancelAfterMs);
        const { events } = fake.recorder;
        assertInvariants(events);
        assert.deepEqual(fake.executor.running, [], 'nothing is left running');
        assertReplays(events, fake);
      },
    ),
    limits(runs),
  );
});

it('keeps them over random pauses, breaks and resumptions, too', async () => {
  const runs = Number(process.env['CONTINUO_RANDOM_RUNS'] ?? 150);
  await fc.assert(
    fc.asyncProperty(
      fc.array(stageShape, { minLength: 1, maxLength: 4 }),
      fc.array(conduct, { minLength: 1, maxLength: 8 }),
      fc.array(reply, { minLength: 1, maxLength: 5 }),
      fc.option(fc.constantFrom(10, 1_000, 7_000), { nil: undefined }),
      pausing,
      async (shapes, conducts, replies, cancelAfterMs, held) => {
        const fake = await carryOut(toStages(shapes), conducts, replies, cancelAfterMs, held);
        const { events } = fake.recorder;
        assertInvariants(events);
        assert.deepEqual(fake.executor.running, [], 'nothing is left running');
        assertReplays(events, fake);
      },
    ),
    limits(runs),
  );
});

/** I9: the fold over the events says the same as the engine. */
function assertReplays(events: readonly Recorded<RunEvent>[], fake: FakeRun): void {
  const [first, ...rest] = events;
  assert.ok(first?.type === 'run.started');
  const view = openView(first);
  for (const event of rest) foldEvent(view, event);
  for (const node of view.nodes.values()) {
    assert.equal(node.state, 'ended', node.id);
  }
  for (const stage of view.stages.values()) assert.equal(stage.state, 'ended', stage.id);
  assert.equal(view.outcome, fake.recorder.all('run.ended')[0]?.outcome);
}
