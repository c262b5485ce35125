import assert from 'node:assert/strict';
import { it } from 'node:test';

import fc from 'fast-check';

import { FakeRun } from '../../test/rig/fake-run.ts';
import { settle } from '../../test/rig/hand-clock.ts';
import { assertInvariants } from '../../test/rig/invariants.ts';
import { equal, group, service, stageOf, step } from '../../test/rig/plans.ts';
import { foldEvent } from '../event/fold-event.ts';
import { openView } from '../event/view.ts';

import type { RunEvent, Recorded } from '../event/event.ts';
import type { Group, Node, OnExit, Service, Stage, Turnout } from '../plan/plan.ts';

/** How each task of a random run behaves. Times in milliseconds. */
interface Conduct {
  readonly livesMs: number;
  readonly code: number;
  readonly opensMs: number;
  readonly obeys: boolean;
}

const conduct = fc.record<Conduct>({
  livesMs: fc.constantFrom(1, 30, 200, 5_000, 100_000),
  code: fc.constantFrom(0, 0, 0, 1, 137),
  opensMs: fc.constantFrom(0, 25, 300, 8_000),
  obeys: fc.boolean(),
});

const onExit = fc.constantFrom<OnExit>(
  { kind: 'fail' },
  { kind: 'ignore' },
  { kind: 'restart', times: 2, backoffMs: 100 },
);

const ready = (port: number): Service['ready'] => [
  { kind: 'tcp', host: 'localhost', port, timeoutMs: 6_000 },
];

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

const leaf = fc.oneof(
  fc.record({
    is: fc.constant('step' as const),
    when,
    after,
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
    probed: fc.boolean(),
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
      members: fc.array(tie('shape'), { minLength: 1, maxLength: 3 }),
    }),
  ),
}));

/** Names everything, and lets services need only what certainly stands before them. */
function toNodes(shapes: readonly Shape[], prefix: string): Node[] {
  let count = 0;
  const build = (one: Shape, earlier: Service[]): Node => {
    const id = `${prefix}${++count}`;
    const given = {
      ...(one.when && { when: one.when }),
      ...(one.after && { after: one.after }),
    };
    switch (one.is) {
      case 'step':
        return step(id, {
          ...given,
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
          ready: one.probed ? ready(count) : [],
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
          continueOnFail: one.continueOnFail,
          ...(one.order === 'parallel' && one.atOnce !== undefined && { atOnce: one.atOnce }),
          ...(one.retry && { retry: { attempts: 2, backoffMs: 70 } }),
          ...(one.timeout && { timeoutMs: 1_500 }),
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
  readonly after: Turnout | undefined;
  readonly when: Node['when'];
  readonly continueOnFail: boolean;
  readonly timeout: boolean;
  readonly members: Shape[];
}

const stageShape = fc.record<StageShape>({
  inOrder: fc.boolean(),
  beside: fc.boolean(),
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
        ...(one.after && { after: one.after }),
        ...(one.when && { when: one.when }),
        ...(one.timeout && { timeoutMs: 2_500 }),
        continueOnFail: one.continueOnFail,
      },
      ...toNodes(one.members, `n${index + 1}-`),
    ),
  );

async function carryOut(
  stages: readonly Stage[],
  conducts: readonly Conduct[],
  cancelAfterMs: number | undefined,
): Promise<FakeRun> {
  let launches = 0;
  const fake = await FakeRun.startPlan({ name: 'random', stages }, (run) => {
    run.variables.set('X', '1');
    run.executor.setUp = (task) => {
      const { livesMs, code, opensMs, obeys } = conducts[launches++ % conducts.length]!;
      task.obeysStop = obeys;
      void run.clock.sleep(livesMs).then(() => task.exit(code));
      void run.clock.sleep(opensMs).then(() => run.open(task.spec.name));
    };
  });
  if (cancelAfterMs !== undefined) {
    void fake.clock.sleep(cancelAfterMs).then(() => fake.run.cancel('INT'));
  }
  let over = false;
  void fake.run.ended.then(() => {
    over = true;
  });
  for (let turns = 0; turns < 5_000; turns++) {
    await settle();
    if (over as boolean) return fake;
    const next = fake.clock.nextAt;
    assert.ok(next !== undefined, `nothing will ever happen any more:\n${fake.story.join('\n')}`);
    await fake.clock.pass(next - fake.clock.now());
  }
  throw new Error(`the run does not end:\n${fake.story.join('\n')}`);
}

it('keeps its promises over random pipelines, timings, failures and cancellations', async () => {
  const runs = Number(process.env['CONTINUO_RANDOM_RUNS'] ?? 150);
  await fc.assert(
    fc.asyncProperty(
      fc.array(stageShape, { minLength: 1, maxLength: 4 }),
      fc.array(conduct, { minLength: 1, maxLength: 8 }),
      fc.option(fc.constantFrom(0, 10, 100, 1_000, 7_000), { nil: undefined }),
      async (shapes, conducts, cancelAfterMs) => {
        const fake = await carryOut(toStages(shapes), conducts, cancelAfterMs);
        const { events } = fake.recorder;
        assertInvariants(events);
        assert.deepEqual(fake.executor.running, [], 'nothing is left running');
        assertReplays(events, fake);
      },
    ),
    { numRuns: runs },
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
