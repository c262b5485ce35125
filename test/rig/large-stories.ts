import { Story, group, plan, service, step } from './story.ts';

import type { RunEvent } from '../../src/event/event.ts';
import type { Node } from '../../src/plan/plan.ts';

/** Stories as large, and with names and words as long and as odd, as people really have them. */

const services = [
  ...['postgres', 'redis', 'search-index'],
  'payments-provider-simulator-with-a-very-long-name',
  'メール送信サービス',
  'queue',
];

const packages = Array.from({ length: 24 }, (_, nth) => `unit-tests-of-package-${nth + 1}`);
const browsers = ['chromium', 'firefox', 'webkit', 'an-old-browser-that-someone-still-uses'];

const steps = [
  ...['checkout', 'install', 'build', 'lint'],
  ...packages,
  ...browsers,
  ...['contract', 'load', 'smoke', 'security', 'licences', 'publish', 'announce', 'clean-up'],
];

const tree = (): Node[] => [
  ...services.slice(0, 3).map((name) => service(name)),
  ...steps.slice(0, 4).map(step),
  group('unit tests', ...packages.map(step)),
  ...services.slice(3).map((name) => service(name)),
  group(
    'end to end',
    group('browsers', group('in parallel', ...browsers.map(step)), step('contract')),
    step('load'),
    step('smoke'),
  ),
  ...['security', 'licences', 'publish', 'announce', 'clean-up'].map(step),
];

const exited = { kind: 'exited', exit: { kind: 'code', code: 1 } } as const;
const died = { kind: 'died', exit: { kind: 'signal', signal: 'SEGV' }, afterMs: 41_000 } as const;

const report: RunEvent = {
  ...{ type: 'tests.read', task: 'unit-tests-of-package-10', file: 'reports/junit.xml' },
  counts: { passed: 118, failed: 1, skipped: 1, error: 0, seconds: 2.3 },
  cases: [
    {
      name: 'charges a card once, however often the customer presses the button while it is slow',
      suite: 'checkout',
      seconds: 1.2,
      outcome: 'failed',
      message: `AssertionError: 2 !== 1\n    at ${'/src/checkout'.repeat(15)}.test.ts:12:7`,
    },
    { name: 'adds', suite: 'cart', seconds: 0.1, outcome: 'passed' },
    { name: 'ships to the moon', suite: 'cart', outcome: 'skipped', message: 'no rocket' },
  ],
};

const esc = '\x1b[';
const colours = [
  `${esc}1m> shop@1.0.0 build${esc}0m\n`,
  `${esc}32m✓${esc}0m 日本語のテスト ${esc}2m(12 ms)${esc}0m\n`,
  `${esc}32m✓${esc}0m emoji 👩‍👩‍👧‍👦 and 🚀 and é and ﷽ ${esc}2m(3 ms)${esc}0m\n`,
  `${esc}31m✗${esc}0m ${esc}1;31mexpected 200, got 500${esc}0m\n`,
  `${esc}33mwarning${esc}0m a line that goes on for long: ${'/very/long/path'.repeat(40)}\n`,
  '\tat cart.ts:12:7\n\tat checkout.ts:345:19\n',
  '| name | 数量 | 値段 |\n| りんご | 3 | ¥120 |\n',
];

/** 40 steps and 6 services, up to the browser tests; two services have started again. */
function begin(pid: number): Story {
  const story = new Story(plan('The shop: build, test, publish (nightly)', ...tree()));
  const [first] = story.records;
  if (first?.type === 'run.started') story.records[0] = { ...first, pid };
  for (const [nth, name] of services.entries())
    story
      .at(100 * nth)
      .tell({ type: 'service.starting', service: name, start: 1 })
      .at(100 * nth + 50)
      .tell({ type: 'service.running', service: name, label: `pid ${5_000 + nth}` })
      .says(name, `${name}: starting\n`)
      .at(4_000 + 900 * nth)
      .tell({ type: 'service.ready', service: name, afterMs: 3_900 + 800 * nth })
      .tell({
        type: 'service.address',
        service: name,
        addresses: [{ host: 'localhost', port: 5_432 + nth }],
      });
  let at = 9_000;
  for (const name of steps.slice(0, 4)) {
    story.at(at).tell({ type: 'step.started', step: name, attempt: 1 });
    for (const text of colours) story.says(name, text);
    at += 6_000;
    story.at(at).tell({ type: 'step.ended', step: name, outcome: 'succeeded' });
  }
  story.tell({ type: 'group.started', group: 'unit tests' });
  for (const [nth, name] of packages.entries()) {
    story.at(at).tell({ type: 'step.started', step: name, attempt: 1 });
    story.says(name, `package ${nth + 1}: ok\n`);
    if (nth === 5 || nth === 15) {
      const which = nth === 5 ? 'redis' : services[3]!;
      story
        .tell({
          ...{ type: 'service.restarting', service: which, end: died },
          ...{ nth: 1, times: 3, delayMs: 500 },
        })
        .at(at + 600)
        .tell({ type: 'service.starting', service: which, start: 2 })
        .at(at + 700)
        .tell({ type: 'service.running', service: which, label: 'pid 6001' })
        .tell({ type: 'service.ready', service: which, afterMs: 300 });
    }
    at += 2_500;
    if (nth === 9) story.at(at).tell(report);
    const outcome = nth === 9 ? 'ignored' : 'succeeded';
    story.at(at).tell({
      ...{ type: 'step.ended', step: name, outcome },
      ...(nth === 9 && { end: exited }),
    });
  }
  return story
    .tell({ type: 'group.ended', group: 'unit tests', outcome: 'succeeded' })
    .tell({
      ...{ type: 'warning', about: 'redis' },
      text: 'its image has a HEALTHCHECK, which is not asked: it has a `ready` of its own',
    })
    .at(at)
    .tell({ type: 'group.started', group: 'end to end' })
    .tell({ type: 'group.started', group: 'browsers' })
    .tell({ type: 'group.started', group: 'in parallel' })
    .tell(...browsers.map((name) => ({ type: 'step.started', step: name, attempt: 1 }) as const));
}

/** A large run that goes on as long as this process lives; and, once it does not, one that is lost. */
export const largeRun = (pid: number): Story => begin(pid);

/** A large run of which a service dies, with a long last word, and takes the browser tests with it. */
export function largeFailure(): Story {
  const name = services[3]!;
  const words = `FATAL: ${'could not write to the ledger; '.repeat(12)}/var/lib/${'x'.repeat(160)}`;
  const story = begin(4_711).at(95_000);
  for (const browser of browsers)
    story.says(browser, `opening /cart in ${browser}\n${'…waiting for the payment\n'.repeat(20)}`);
  story
    .says(name, `${words}\n    at ledger.c:${'0'.repeat(40)}\n`, 'stderr')
    .says('postgres', 'LOG:  checkpoint starting: time\n'.repeat(30))
    .says('redis', 'Background saving started by pid 22\n')
    .tell({ type: 'service.ended', service: name, end: died, verdict: 'fail' });
  for (const browser of browsers)
    story.tell({
      ...{ type: 'step.ended', step: browser, outcome: 'cancelled' },
      end: { kind: 'cancelled' },
    });
  for (const one of ['in parallel', 'browsers', 'end to end'])
    story.tell({ type: 'group.ended', group: one, outcome: 'cancelled' });
  for (const rest of ['contract', 'load', 'smoke', ...steps.slice(-5)])
    story.tell({
      ...{ type: 'step.ended', step: rest, outcome: 'skipped', because: { kind: 'failure' } },
    });
  for (const one of services.filter((other) => other !== name))
    story
      .tell({ type: 'service.stopping', service: one, signal: 'TERM', graceMs: 10_000 })
      .at(96_500)
      .tell({
        ...{ type: 'service.ended', service: one },
        end: { kind: 'stopped', exit: { kind: 'code', code: 0 } },
      });
  const cause = { kind: 'service', service: name, end: died, lastLines: [words] } as const;
  return story.at(97_000).tell({ type: 'run.ended', outcome: 'failed', cause });
}
