import { Story, group, plan, service, step } from './story.ts';

const probe = 'tcp localhost:5432';
const refused = (times: number) => ({ probe, passed: false, times, answer: 'connection refused' });

const quickstart = plan(
  'shop',
  service('db'),
  service('api'),
  step('build'),
  group('checks', step('unit-tests'), step('browser-tests')),
  step('deploy'),
);

/** Two services start; the first step waits for them. */
function begin(): Story {
  return new Story(quickstart)
    .tell({ type: 'service.starting', service: 'db', start: 1 })
    .at(12)
    .tell({ type: 'service.running', service: 'db', label: 'pid 4712' })
    .tell({ type: 'service.waiting', service: 'api', needs: ['db'] })
    .tell({ type: 'step.waiting', step: 'build', services: ['db', 'api'] })
    .at(20)
    .tell({ type: 'service.asked', service: 'db', asked: [refused(1)] })
    .at(900)
    .says('db', 'database system is ready to accept connections\n', 'stderr')
    .at(2_300)
    .tell({ type: 'service.asked', service: 'db', asked: [refused(97)] })
    .at(2_400)
    .tell({ type: 'service.ready', service: 'db', afterMs: 2_400 })
    .tell({
      type: 'service.address',
      service: 'db',
      addresses: [{ host: 'localhost', port: 5432 }],
    })
    .tell({ type: 'service.starting', service: 'api', start: 1 })
    .at(2_410)
    .tell({ type: 'service.running', service: 'api', label: 'pid 4713' })
    .at(3_000)
    .says('api', 'listening on 8080\n')
    .tell({ type: 'service.ready', service: 'api', afterMs: 600 })
    .tell({ type: 'step.started', step: 'build', attempt: 1 })
    .at(3_200)
    .says('build', 'compiling…\n')
    .at(6_000)
    .tell({ type: 'step.ended', step: 'build', outcome: 'succeeded' })
    .tell({ type: 'group.started', group: 'checks' })
    .tell({ type: 'step.started', step: 'unit-tests', attempt: 1 })
    .says('unit-tests', '120 passed\n')
    .at(8_000)
    .tell({ type: 'step.ended', step: 'unit-tests', outcome: 'succeeded' })
    .tell({ type: 'step.started', step: 'browser-tests', attempt: 1 });
}

/** Stops both services and ends the run. */
function close(story: Story, ms: number, end: Parameters<Story['tell']>[0]): Story {
  return story
    .at(ms)
    .tell({ type: 'service.stopping', service: 'api', signal: 'TERM', graceMs: 10_000 })
    .tell({
      type: 'service.ended',
      service: 'api',
      end: { kind: 'stopped', exit: { kind: 'signal', signal: 'TERM' } },
    })
    .tell({ type: 'service.stopping', service: 'db', signal: 'TERM', graceMs: 10_000 })
    .at(ms + 400)
    .tell({
      type: 'service.ended',
      service: 'db',
      end: { kind: 'stopped', exit: { kind: 'code', code: 0 } },
    })
    .tell(end);
}

/** Everything goes well. */
export function goodStory(): Story {
  const story = begin()
    .says('browser-tests', '✓ 3 pages\n')
    .at(10_000)
    .tell({ type: 'step.ended', step: 'browser-tests', outcome: 'succeeded' })
    .tell({ type: 'group.ended', group: 'checks', outcome: 'succeeded' })
    .tell({ type: 'step.started', step: 'deploy', attempt: 1 })
    .at(11_000)
    .tell({ type: 'step.ended', step: 'deploy', outcome: 'succeeded' });
  return close(story, 11_000, { type: 'run.ended', outcome: 'succeeded' });
}

/** The step `browser-tests` fails while the services say something. */
export function stepFails(): Story {
  const end = { kind: 'exited', exit: { kind: 'code', code: 1 } } as const;
  const story = begin()
    .says('api', 'GET /cart 500\n')
    .says('db', 'ERROR: relation "cart" does not exist\n', 'stderr')
    .says('browser-tests', 'cart page: expected 200, got 500\n', 'stderr')
    .at(9_500)
    .tell({ type: 'step.ended', step: 'browser-tests', outcome: 'failed', end })
    .tell({ type: 'group.ended', group: 'checks', outcome: 'failed' })
    .tell({ type: 'step.ended', step: 'deploy', outcome: 'skipped' });
  const cause = { kind: 'step', step: 'browser-tests', end } as const;
  return close(story, 9_500, { type: 'run.ended', outcome: 'failed', cause });
}

/** The service `api` dies while `browser-tests` runs. */
export function serviceDies(): Story {
  const end = { kind: 'died', exit: { kind: 'code', code: 1 }, afterMs: 6_700 } as const;
  const story = begin()
    .says('browser-tests', 'opening /cart\n')
    .at(9_100)
    .says('api', 'Error: out of ideas\n    at cart.js:12\n', 'stderr')
    .tell({ type: 'service.ended', service: 'api', end, verdict: 'fail' })
    .at(9_200)
    .tell({
      type: 'step.ended',
      step: 'browser-tests',
      outcome: 'cancelled',
      end: { kind: 'cancelled' },
    })
    .tell({ type: 'group.ended', group: 'checks', outcome: 'cancelled' })
    .tell({ type: 'step.ended', step: 'deploy', outcome: 'skipped' })
    .tell({ type: 'service.stopping', service: 'db', signal: 'TERM', graceMs: 10_000 })
    .at(9_600)
    .tell({
      type: 'service.ended',
      service: 'db',
      end: { kind: 'stopped', exit: { kind: 'code', code: 0 } },
    });
  const cause = {
    kind: 'service',
    service: 'api',
    end,
    lastLines: ['Error: out of ideas'],
  } as const;
  return story.tell({ type: 'run.ended', outcome: 'failed', cause });
}

/** Images are pulled for a service and a step, one of them not at the first try. */
export function imagesArrive(): Story {
  const [redis, node] = ['redis:7', 'ghcr.io/acme/node:24'] as const;
  const pull = (image: string, doneBytes: number, totalBytes: number, doneLayers: number) => {
    const totalLayers = totalBytes === 0 ? 0 : 6;
    const figures = { doneBytes, totalBytes, doneLayers, totalLayers };
    return { type: 'image.progress', progress: { kind: 'pulling', image, ...figures } } as const;
  };
  const there = (image: string, pulled: boolean) =>
    ({ type: 'image.progress', progress: { kind: 'there', image, pulled } }) as const;
  const detail = 'it could not be pulled from ghcr.io: 503 Service Unavailable';
  return new Story(plan('shop', service('db'), step('lint'), step('unit-tests')))
    .tell(pull(redis, 0, 0, 0), pull(node, 0, 0, 0))
    .tell({ type: 'service.starting', service: 'db', start: 1, image: redis })
    .tell({ type: 'step.waiting', step: 'lint', services: ['db'] })
    .at(100)
    .tell(there('alpine:3.22', false))
    .at(1_000)
    .tell(pull(redis, 4_000_000, 20_000_000, 1), pull(node, 900, 812_000, 0))
    .at(2_000)
    .tell(pull(redis, 12_400_000, 38_100_000, 2))
    .tell({
      type: 'image.progress',
      progress: { kind: 'retrying', image: node, detail, delayMs: 2_000 },
    })
    .at(4_000)
    .tell(pull(node, 300_000, 812_000, 3), pull(redis, 38_100_000, 38_100_000, 6))
    .tell(there(redis, true))
    .tell({ type: 'service.running', service: 'db', label: 'container 3f2a91c0' })
    .tell({
      type: 'service.address',
      service: 'db',
      addresses: [
        { host: 'db', port: 6379, from: 'container' },
        { host: '172.18.0.2', port: 6379, from: 'host' },
      ],
    })
    .tell({ type: 'service.ready', service: 'db', afterMs: 40 })
    .tell({ type: 'step.started', step: 'lint', attempt: 1, image: node })
    .at(5_000)
    .tell(there(node, true))
    .at(6_000)
    .tell({ type: 'step.ended', step: 'lint', outcome: 'succeeded' });
}

/** A group fails, is attempted again, runs out of time and is ignored; others do not run at all. */
export function groupsGoOn(): Story {
  const exited = { kind: 'exited', exit: { kind: 'code', code: 1 } } as const;
  const end = { kind: 'failed', cause: { kind: 'step', step: 'a', end: exited } } as const;
  const behind = { outcome: 'skipped', because: { kind: 'failure' } } as const;
  const condition = { kind: 'condition' } as const;
  const skipped = { outcome: 'skipped', because: condition } as const;
  const inside = { ...condition, group: 'h' };
  const started = { type: 'group.started', group: 'g' } as const;
  return new Story(
    plan('p', group('g', step('a'), step('b')), group('h', step('c')), step('d'), service('db')),
  )
    .tell({ ...started, attempt: 1 })
    .tell({ type: 'step.started', step: 'a', attempt: 1 })
    .at(10)
    .tell({ type: 'step.ended', step: 'a', outcome: 'failed', end: exited })
    .tell({ type: 'step.ended', step: 'b', ...behind })
    .tell({ type: 'group.retrying', group: 'g', attempt: 1, end, delayMs: 500 })
    .at(510)
    .tell({ ...started, attempt: 2 })
    .tell({ type: 'step.started', step: 'a', attempt: 1 })
    .at(1_500)
    .tell({ type: 'step.ended', step: 'a', outcome: 'cancelled', end: { kind: 'cancelled' } })
    .tell({ type: 'step.ended', step: 'b', ...behind })
    .tell({
      type: 'group.ended',
      group: 'g',
      outcome: 'ignored',
      end: { kind: 'timed-out', afterMs: 990 },
    })
    .tell({ type: 'group.ended', group: 'h', ...skipped })
    .tell({ type: 'step.ended', step: 'c', outcome: 'skipped', because: inside })
    .tell({ type: 'step.ended', step: 'd', ...skipped })
    .tell({ type: 'service.ended', service: 'db', end: { kind: 'skipped', because: condition } })
    .tell({ type: 'run.ended', outcome: 'succeeded' });
}
