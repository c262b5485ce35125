import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { goodStory, serviceDies, stepFails } from '../../test/rig/stories.ts';
import { stageOf } from '../../test/rig/plans.ts';
import { Story, group, plan, service, step } from '../../test/rig/story.ts';
import { gatherFailure } from './failure.ts';
import { outcomeTable } from './outcome-table.ts';
import { remarks, summaryLines } from './summary.ts';
import { widthOf } from './width.ts';

const page = { color: false, unicode: true, columns: 80 };

async function told(story: Story): Promise<string[]> {
  const view = story.view();
  const failed = view.outcome === 'failed';
  const failure = failed ? await gatherFailure(story.read(), view, page) : undefined;
  return summaryLines(view, failure, page);
}

describe('the summary', () => {
  it('of a run that succeeded is a table, a timeline and a last word', async () => {
    assert.deepEqual(await told(goodStory()), [
      '',
      '  ✓ db               stopped    11.4 s  service · ready after 2.4 s · localhost…',
      '  ✓ api              stopped     8.6 s  service · ready after 600 ms',
      '  ✓ build            succeeded   3.0 s  waited 3.0 s',
      '  ✓ checks           succeeded   4.0 s',
      '    ✓ unit-tests     succeeded   2.0 s',
      '    ✓ browser-tests  succeeded   2.0 s',
      '  ✓ deploy           succeeded   1.0 s',
      '',
      '  build          ················████████████████',
      '  unit-tests                                     ██████████',
      '  browser-tests                                            ███████████',
      '  deploy                                                              █████',
      '  db             ░░░░░░░░░░░░░█████████████████████████████████████████████▒▒',
      '  api            ·············░░░██████████████████████████████████████████▒',
      '                 0 ─────────────────────────────────────────────────── 11.4 s',
      '',
      '✓ succeeded after 11.4 s · run 20261121-223012-k3f9',
    ]);
  });

  it('tells the cause first, what was said, what followed, and the cause again at the end', async () => {
    const lines = await told(serviceDies());
    assert.deepEqual(lines.slice(1, 15), [
      '─'.repeat(60),
      "✗ service 'api' died with exit code 1 after 6.7 s, while step 'browser-tests' ran",
      '',
      "  service 'api' said:",
      '  │ listening on 8080',
      '  │ Error: out of ideas',
      '  │     at cart.js:12',
      '',
      "  step 'browser-tests' said:",
      '  │ opening /cart',
      '',
      "  service 'db' said nothing meanwhile",
      '',
      "  step 'browser-tests' was cancelled",
    ]);
    assert.deepEqual(lines.slice(-2), [
      "✗ failed after 9.6 s: service 'api' died with exit code 1 after 6.7 s, while step 'browser-tests' ran",
      '  run 20261121-223012-k3f9, all output: continuo logs 20261121-223012-k3f9',
    ]);
  });

  it('shows the step that said no before the services that were there', async () => {
    assert.deepEqual((await told(stepFails())).slice(2, 14), [
      "✗ step 'browser-tests' failed with exit code 1",
      '',
      "  step 'browser-tests' said:",
      '  │ cart page: expected 200, got 500',
      '',
      "  service 'db' said:",
      '  │ ERROR: relation "cart" does not exist',
      '',
      "  service 'api' said:",
      '  │ GET /cart 500',
      '',
      "  step 'deploy' did not run",
    ]);
  });

  it('says what is notable about a success', async () => {
    const story = new Story(plan('p', service('db'), service('mq'), step('lint')))
      .tell({
        type: 'service.restarting',
        service: 'db',
        end: { kind: 'out-of-memory' },
        nth: 2,
        times: 3,
        delayMs: 1,
      })
      .tell({
        type: 'service.ended',
        service: 'mq',
        end: { kind: 'killed-after-grace', graceMs: 10_000 },
      })
      .tell({ type: 'step.ended', step: 'lint', outcome: 'ignored' })
      .at(2_000)
      .tell({ type: 'warning', about: 'db', text: 'ended within a second' })
      .tell({ type: 'run.ended', outcome: 'succeeded' });
    assert.deepEqual((await told(story)).slice(-2), [
      '! db: ended within a second',
      "✓ succeeded after 2.0 s, although service 'db' was restarted 2 times, service 'mq' had to be killed and step 'lint' failed · run 20261121-223012-k3f9",
    ]);
    assert.deepEqual(remarks(goodStory().view()), []);
  });

  it('shows no more of a last line than can be read', () => {
    const view = serviceDies().view();
    assert.ok(view.cause?.kind === 'service');
    view.cause = { ...view.cause, lastLines: ['x'.repeat(9_000)] };
    const services = [{ task: 'api', lines: [], cut: false }];
    const lines = summaryLines(view, { steps: [], services }, page);
    assert.ok(lines.some((line) => line.includes(`${'x'.repeat(1_997)}...`)));
    assert.ok(lines.every((line) => line.length < 2_100));
  });

  it('does not say of a service that was gone that it said nothing meanwhile', async () => {
    const exit = { kind: 'code', code: 1 } as const;
    const end = { kind: 'exited', exit } as const;
    const lines = await told(
      new Story(plan('p', service('db'), service('web'), step('a')))
        .tell({ type: 'service.starting', service: 'db', start: 1 })
        .tell({ type: 'service.starting', service: 'web', start: 1 })
        .tell({
          type: 'service.ended',
          service: 'db',
          end: { kind: 'died', exit, afterMs: 5 },
          verdict: 'ignore',
        })
        .tell({ type: 'step.started', step: 'a', attempt: 1 })
        .tell({ type: 'step.ended', step: 'a', outcome: 'failed', end })
        .tell({ type: 'run.ended', outcome: 'failed', cause: { kind: 'step', step: 'a', end } }),
    );
    assert.deepEqual(
      lines.filter((line) => line.includes('meanwhile')),
      ["  service 'web' said nothing meanwhile"],
    );
  });

  it('tells beside the cause what was told of it before, and only there', async () => {
    const end = { kind: 'exited', exit: { kind: 'code', code: 1 } } as const;
    const lines = await told(
      new Story(plan('p', step('a'), step('b')))
        .tell({ type: 'step.started', step: 'a', attempt: 1 })
        .tell({ type: 'warning', about: 'a', text: 'user app cannot write to /cix/src' })
        .tell({ type: 'warning', about: 'b', text: 'variable X has no value' })
        .tell({ type: 'step.ended', step: 'a', outcome: 'failed', end })
        .tell({ type: 'run.ended', outcome: 'failed', cause: { kind: 'step', step: 'a', end } }),
    );
    assert.deepEqual(lines.slice(2, 5), [
      "✗ step 'a' failed with exit code 1",
      '  ! user app cannot write to /cix/src',
      '',
    ]);
    assert.deepEqual(
      lines.filter((line) => line.includes('! ')),
      ['  ! user app cannot write to /cix/src', '! b: variable X has no value'],
    );
  });

  it('asks nothing of a task that had no image to say it in', async () => {
    const detail = "registry.test has image 'redis', but no tag '99'";
    const failure = { kind: 'imageUnavailable', image: 'redis:99', detail } as const;
    const lines = await told(
      new Story(plan('p', service('db'), step('a')))
        .tell({ type: 'service.starting', service: 'db', start: 1, image: 'redis:99' })
        .tell({ type: 'step.waiting', step: 'a', services: ['db'] })
        .at(3_000)
        .tell({
          type: 'service.ended',
          service: 'db',
          end: { kind: 'image', failure },
          verdict: 'fail',
        })
        .tell({ type: 'step.ended', step: 'a', outcome: 'skipped' })
        .tell({
          type: 'run.ended',
          outcome: 'failed',
          cause: { kind: 'environment', detail, task: 'db' },
        }),
    );
    const sentence = `service 'db' could not get its image redis:99: ${detail}`;
    assert.deepEqual(lines.slice(2, 8), [
      `✗ ${sentence}`,
      '',
      "  step 'a' did not run",
      '',
      '  ✗ db    no image  3.0 s  service · image redis:99 cannot be had: registry.tes…',
      '  ○ a     skipped',
    ]);
    assert.equal(lines.at(-2), `✗ failed after 3.0 s: ${sentence}`);
  });

  it('tells how much of a duration was the pull of an image', () => {
    const image = 'node:24';
    const view = new Story(plan('p', step('a')))
      .tell({ type: 'step.started', step: 'a', attempt: 1, image })
      .at(20_000)
      .tell({ type: 'image.progress', progress: { kind: 'there', image, pulled: true } })
      .at(24_000)
      .tell({ type: 'step.ended', step: 'a', outcome: 'succeeded' })
      .view();
    assert.deepEqual(outcomeTable(view, page), [
      '  ✓ a     succeeded  24.0 s  waited 20.0 s for its image',
    ]);
  });

  it('has its columns in line when names are short and nested', () => {
    const inner = group('h', step('b'));
    const view = new Story(plan('p', group('g', step('a'), inner), step('abcde'))).view();
    assert.deepEqual(outcomeTable(view, page), [
      '  · g         not run',
      '    · a       not run',
      '    · h       not run',
      '      · b     not run',
      '  · abcde     not run',
    ]);
  });

  it('has a heading for each stage where there are several', () => {
    const stages = [
      stageOf('build', {}, step('a'), group('g', step('b'))),
      stageOf('ship', {}, step('c')),
    ];
    const story = new Story({ name: 'p', stages })
      .tell({ type: 'stage.started', stage: 'build' })
      .tell({ type: 'step.started', step: 'a', attempt: 1 })
      .at(2_000)
      .tell({ type: 'step.ended', step: 'a', outcome: 'succeeded' })
      .tell({ type: 'stage.ended', stage: 'build', outcome: 'succeeded' })
      .tell({
        type: 'stage.ended',
        stage: 'ship',
        outcome: 'skipped',
        because: { kind: 'condition' },
      });
    assert.deepEqual(outcomeTable(story.view(), page), [
      '  ✓ build     succeeded  2.0 s  stage',
      '    ✓ a       succeeded  2.0 s',
      '    · g       not run',
      '      · b     not run',
      '  ○ ship      skipped           stage · its condition does not hold',
      '    · c       not run',
    ]);
  });

  it('breaks its sentences between words where it is asked to', async () => {
    const view = serviceDies().view();
    const failure = await gatherFailure(serviceDies().read(), view, page);
    const narrow = { ...page, columns: 44, wraps: true };
    const lines = summaryLines(view, failure, narrow);
    assert.deepEqual(lines.slice(2, 4), [
      "✗ service 'api' died with exit code 1 after",
      "  6.7 s, while step 'browser-tests' ran",
    ]);
    const sentences = (all: readonly string[]): string => all.join(' ').replaceAll(/ +/g, ' ');
    const whole = sentences(summaryLines(view, failure, { ...narrow, wraps: false }));
    assert.equal(sentences(lines), whole);
    for (const line of lines) assert.ok(widthOf(line) <= 44, line);
  });

  it('ends with how to get into what was left up', async () => {
    const story = stepFails();
    const ended = story.records.pop()!;
    assert.ok(ended.type === 'run.ended');
    story.tell({ type: 'run.kept', commands: ['docker exec -it db sh', 'docker exec -it api sh'] });
    story.tell({ type: 'run.ended', outcome: ended.outcome, cause: ended.cause! });
    assert.deepEqual((await told(story)).slice(-6), [
      '! its containers are kept',
      '  to get in:',
      '    docker exec -it db sh',
      '    docker exec -it api sh',
      '  to remove them:',
      '    continuo clean',
    ]);
  });

  it('names who cancelled', async () => {
    const story = new Story(plan('p', step('a')))
      .tell({ type: 'run.cancelling', by: 'INT', forced: false })
      .at(500)
      .tell({ type: 'run.ended', outcome: 'cancelled' });
    assert.deepEqual(
      (await told(story)).at(-1),
      '○ cancelled by INT after 500 ms · run 20261121-223012-k3f9',
    );
  });

  it('says of a journal that breaks off that the run was not finished', async () => {
    assert.match((await told(new Story(plan('p', step('a'))))).at(-1) ?? '', /^✗ not finished: /);
  });

  it('fits into any width of 30 columns and more', () => {
    for (let columns = 30; columns < 120; columns++)
      for (const row of outcomeTable(serviceDies().view(), { ...page, columns }))
        assert.ok(widthOf(row) <= columns, `${columns}: ${row}`);
  });

  it('is the same text with colours as without', async () => {
    const view = stepFails().view();
    const failure = await gatherFailure(stepFails().read(), view, { color: true });
    const coloured = summaryLines(view, failure, { ...page, color: true });
    assert.ok(coloured.some((line) => line.includes('\x1b[31m')));
    // eslint-disable-next-line no-control-regex -- The colours.
    const plain = coloured.map((line) => line.replace(/\x1b\[\d*m/g, ''));
    assert.deepEqual(plain, summaryLines(view, failure, page));
  });
});
