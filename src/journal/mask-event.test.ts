import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeRun } from '../../test/rig/fake-run.ts';
import { group, plan, service, step } from '../../test/rig/plans.ts';
import { createMasker } from './masker.ts';
import { maskEvent } from './mask-event.ts';

import type { RunEvent } from '../event/event.ts';
import type { Exit, ProcessRef } from '../executor/executor.ts';
import type { Condition, Node } from '../plan/plan.ts';
import type { Masker } from './masker.ts';

const secret = 'hunter22';
const masker = createMasker([secret]);
const mask = (event: RunEvent): RunEvent => maskEvent(event, masker);

/** Masks whatever may be masked. */
const everything: Masker = { ...createMasker([]), text: () => '*' };

const by: ProcessRef = { pid: 1, command: `serve --password ${secret}` };
const died: Exit = { kind: 'lost', detail: `of ${secret}` };
const refused = { kind: 'refused', detail: `not ${secret}` } as const;
const asked = [{ probe: secret, passed: false, times: 1, answer: `status 500: ${secret}` }];
const run = { kind: 'argv', argv: [['x'], [`--token=${secret}`]] } as const;

const started = (...nodes: Node[]): RunEvent => ({
  type: 'run.started',
  run: 'r1',
  pid: 1,
  version: '0',
  workspace: `/home/${secret}`,
  plan: plan(...nodes),
});

const telling: readonly RunEvent[] = [
  started(
    step('s', {
      name: secret,
      where: { file: secret, line: 1, column: 1 },
      command: {
        run,
        environment: [{ name: secret, value: [secret, { variable: secret }], fallback: [secret] }],
        image: [secret],
        workingDir: secret,
        user: [secret],
      },
    }),
  ),
  started(
    service('db', {
      command: {
        run: { kind: 'script', shell: ['/bin/sh', secret], lines: [secret], announce: 'echo' },
        environment: [],
      },
      ready: [
        { kind: 'exec', run, timeoutMs: 1 },
        { kind: 'log', pattern: secret, timeoutMs: 1 },
        { kind: 'tcp', host: secret, port: 1, timeoutMs: 1 },
        {
          kind: 'http',
          url: `http://localhost/?token=${secret}`,
          status: [],
          body: secret,
          timeoutMs: 1,
          headers: Object.fromEntries(
            ['id', 'version', 'by', 'kind', 'type', 'service', 'signal', 'run', secret].map(
              (name) => [name, `Bearer ${secret}`],
            ),
          ),
        },
      ],
    }),
  ),
  { type: 'warning', about: 'db', text: `pid 1 (x ${secret})` },
  { type: 'service.running', service: 'db', label: secret },
  { type: 'service.asked', service: 'db', asked },
  { type: 'service.address', service: 'db', addresses: [{ host: secret, port: 1 }] },
  { type: 'service.starting', service: 'db', start: 1, image: `registry/${secret}` },
  { type: 'step.started', step: 's', attempt: 1, image: `registry/${secret}` },
  {
    type: 'image.progress',
    progress: { kind: 'missing', image: `registry/${secret}`, detail: `not for ${secret}` },
  },
  { type: 'run.kept', commands: [`docker exec -it ${secret} sh`] },
  { type: 'service.ended', service: 'db', end: { kind: 'start-error', failure: refused } },
  { type: 'service.ended', service: 'db', end: { kind: 'port-taken', port: 1, by } },
  {
    type: 'service.ended',
    service: 'db',
    end: { kind: 'exited-early', exit: died, afterMs: 1, leftBehind: [by] },
  },
  { type: 'service.ended', service: 'db', end: { kind: 'not-ready', afterMs: 1, asked } },
  { type: 'service.ended', service: 'db', end: { kind: 'died', exit: died, afterMs: 1 } },
  {
    type: 'service.ended',
    service: 'db',
    end: { kind: 'completed', afterMs: 1, leftBehind: [by] },
  },
  {
    type: 'service.restarting',
    service: 'db',
    end: { kind: 'lost', detail: secret },
    nth: 1,
    times: 2,
    delayMs: 1,
  },
  { type: 'step.ended', step: 's', outcome: 'failed', end: { kind: 'launch', failure: refused } },
  { type: 'step.ended', step: 's', outcome: 'failed', end: { kind: 'exited', exit: died } },
  { type: 'run.ended', outcome: 'failed', cause: { kind: 'environment', detail: secret } },
  {
    type: 'group.ended',
    group: 'g',
    outcome: 'failed',
    end: { kind: 'refused', detail: secret },
  },
  {
    type: 'run.ended',
    outcome: 'failed',
    cause: {
      kind: 'service',
      service: 'db',
      end: { kind: 'not-ready', afterMs: 1, asked },
      lastLines: [secret],
    },
  },
];

describe('a masked event', () => {
  for (const [index, event] of telling.entries())
    it(`tells no secret: ${event.type}, ${index}`, () => {
      assert.ok(JSON.stringify(event).includes(secret));
      assert.doesNotMatch(JSON.stringify(mask(event)), new RegExp(secret));
    });

  it('keeps every word that readers compare, whatever the secrets are', () => {
    const ready = [{ kind: 'exec', run, timeoutMs: 1 }] as const;
    const where = { file: '*', line: 1, column: 1 };
    const when: Condition = {
      kind: 'all',
      of: [{ kind: 'not', condition: { kind: 'set', value: { value: ['x'] } } }],
    };
    const timeoutMs = { text: ['60'], unit: 'seconds', where } as const;
    const nodes = [
      service('db', { ready }),
      group('g', 'serial', step('s', { needs: ['db'], when, timeoutMs })),
    ];
    const script = { kind: 'script', shell: ['*'], lines: ['*'], announce: 'minimal' };
    const command = { run: script, environment: [] };
    const shown = { name: '*', where };
    assert.deepEqual(maskEvent(started(...nodes), everything), {
      type: 'run.started',
      run: 'r1',
      pid: 1,
      version: '0',
      workspace: '*',
      plan: {
        name: '*',
        stages: [
          {
            id: 'main',
            name: '*',
            root: {
              kind: 'group',
              id: 'main',
              ...shown,
              order: 'serial',
              members: [
                {
                  ...{ kind: 'service', id: 'db', ...shown, command, needs: [] },
                  ready: [
                    { kind: 'exec', run: { kind: 'argv', argv: [['*'], ['*']] }, timeoutMs: 1 },
                  ],
                  onExit: { kind: 'fail' },
                  stop: { signal: 'TERM', graceMs: 10_000 },
                  scope: 'stage',
                },
                {
                  ...{ kind: 'group', id: 'g', ...shown, order: 'serial' },
                  members: [
                    {
                      ...{ kind: 'run', id: 's', ...shown, command, needs: ['db'] },
                      when: {
                        kind: 'all',
                        of: [{ kind: 'not', condition: { kind: 'set', value: { value: ['*'] } } }],
                      },
                      timeoutMs: { text: ['*'], unit: 'seconds', where: shown.where },
                      continueOnFail: false,
                    },
                  ],
                },
              ],
            },
          },
        ],
      },
    });
  });

  it('keeps what stands in an end', () => {
    const exit = { kind: 'signal', signal: 'KILL' } as const;
    const because = { kind: 'needs', service: 'db' } as const;
    const cause = { kind: 'step', step: 's', end: { kind: 'exited', exit } } as const;
    const all: readonly RunEvent[] = [
      { type: 'run.ended', outcome: 'failed', cause },
      { type: 'service.ended', service: 'x', end: { kind: 'skipped', because }, verdict: 'fail' },
      { type: 'step.ended', step: 's', outcome: 'skipped', end: because },
      {
        type: 'step.ended',
        step: 's',
        outcome: 'skipped',
        because: { kind: 'condition', group: 'g' },
      },
      {
        type: 'group.retrying',
        group: 'g',
        attempt: 1,
        end: { kind: 'failed', cause },
        delayMs: 1,
      },
      {
        type: 'group.ended',
        group: 'g',
        outcome: 'timed-out',
        end: { kind: 'timed-out', afterMs: 1 },
      },
      {
        type: 'run.ended',
        outcome: 'failed',
        cause: { kind: 'group', group: 'g', end: { kind: 'timed-out', afterMs: 1 } },
      },
      { type: 'step.waiting', step: 's', services: ['db'] },
      { type: 'run.cancelling', by: 'INT', forced: false },
      { type: 'service.stopping', service: 'db', signal: 'TERM', graceMs: 1 },
      {
        type: 'step.ended',
        step: 's',
        outcome: 'failed',
        end: { kind: 'exited', exit: { ...exit, by: 'engine' } },
      },
    ];
    assert.deepEqual(
      all.map((event) => maskEvent(event, everything)),
      all,
    );
  });

  it('keeps who an address is for, and whom the environment failed', () => {
    const from = 'container';
    assert.deepEqual(
      maskEvent(
        { type: 'service.address', service: 'db', addresses: [{ host: 'db', port: 1, from }] },
        everything,
      ),
      { type: 'service.address', service: 'db', addresses: [{ host: '*', port: 1, from }] },
    );
    const cause = { kind: 'environment', task: 'db' } as const;
    assert.deepEqual(
      maskEvent(
        { type: 'run.ended', outcome: 'failed', cause: { ...cause, detail: 'no image' } },
        everything,
      ),
      { type: 'run.ended', outcome: 'failed', cause: { ...cause, detail: '*' } },
    );
  });
});

it('what a service, a stranger and a process left behind say of a secret is masked', async () => {
  const ready = [{ kind: 'exec', run, timeoutMs: 30_000 }] as const;
  const tcp = [{ kind: 'tcp', host: 'localhost', port: 5432, timeoutMs: 30_000 }] as const;
  const onExit = { kind: 'ignore' } as const;
  const nodes = [
    service('asked', { ready, onExit }),
    service('taken', { ready: tcp, onExit }),
    service('daemon', { onExit }),
    step('s', { continueOnFail: true }),
  ];
  const fake = await FakeRun.start(nodes, ({ executor }) => {
    executor.listeners.set(5432, by);
    executor.setUp = (task) => {
      task.leftBehind = [by];
      task.onExec = () => ({ exit: { kind: 'code', code: 1 }, output: `no ${secret}` });
    };
  });
  await fake.exit('daemon', 0);
  await fake.clock.pass(31_000);
  await fake.exit('s', 1);
  await fake.clock.pass(60_000);
  await fake.run.ended;
  const leaking = fake.recorder.events.filter((event) => JSON.stringify(event).includes(secret));
  const kinds = new Set(leaking.map(({ type }) => type));
  for (const kind of ['run.started', 'service.asked', 'service.ended', 'warning'] as const)
    assert.ok(kinds.has(kind), `no ${kind} tells a secret`);
  for (const event of leaking)
    assert.doesNotMatch(JSON.stringify(mask(event)), new RegExp(secret), event.type);
});
