import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { MemoryPort } from '../../../test/rig/memory-port.ts';
import { serviceDies, stepFails } from '../../../test/rig/stories.ts';
import { Story, group, plan, service, step } from '../../../test/rig/story.ts';
import { cixReporter } from './cix-reporter.ts';

import type { CixLook } from './cix-reporter.ts';

async function shown(story: Story, look: Partial<CixLook> = {}): Promise<string[]> {
  const port = new MemoryPort();
  const whole = { color: false, level: 'info', shows: 'everything', ...look } as const;
  await cixReporter(port, whole).run(story.read(), () => story.read());
  return port.text.split('\n').slice(0, -1);
}

/** Without the times, which are those of the zone that the tests run in. */
const texts = (lines: readonly string[]): string[] =>
  lines.map((line) => line.replace(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d {2}/, ''));

const succeeded = { type: 'step.ended', step: 'a', outcome: 'succeeded' } as const;

describe("CIX's console", () => {
  it('tells a run that a dead service failed, in words that CIX has', async () => {
    const [zone = ''] = /[+-]\d\d:\d\d/.exec((await shown(serviceDies()))[0]!) ?? [];
    assert.match(zone, /^[+-]\d\d:\d\d$/);
    assert.deepEqual(texts(await shown(serviceDies())), [
      'INFO \tStarting Pipeline: 20261121-223012-k3f9',
      "INFO \tStarting serial step group 'Pipeline 34b69c58'",
      "INFO \tStarting step 'db'",
      "INFO \tService 'db': running: pid 4712",
      "INFO \tService 'api': waiting for db",
      "INFO \tStep 'build': waiting for db and api",
      'db                   | database system is ready to accept connections',
      "INFO \tService 'db': not ready after 2.3 s: tcp localhost:5432 was asked 97 times, last answer: connection refused",
      "INFO \tService 'db': ready after 2.4 s",
      "INFO \tStarting step 'api'",
      "INFO \tService 'api': running: pid 4713",
      'api                  | listening on 8080',
      "INFO \tService 'api': ready after 600 ms",
      "INFO \tStarting step 'build'",
      'build                | compiling…',
      "INFO \tSuccessfully completed step 'build'",
      "INFO \tStarting serial step group 'checks'",
      "INFO \tStarting step 'unit-tests'",
      'unit-tests           | 120 passed',
      "INFO \tSuccessfully completed step 'unit-tests'",
      "INFO \tStarting step 'browser-tests'",
      'browser-tests        | opening /cart',
      'api                  | Error: out of ideas',
      'api                  |     at cart.js:12',
      "ERROR\tService 'api': died with exit code 1 after 6.7 s",
      "WARN \tStep 'browser-tests' was cancelled",
      "WARN \tCancelled serial step group 'checks'",
      "INFO \tSkipping step 'deploy'",
      "INFO \tService 'db': stopping with TERM, 10 s of grace",
      "INFO \tService 'db': stopped",
      "ERROR\tPipeline failed: service 'api' died with exit code 1 after 6.7 s, while step 'browser-tests' ran",
    ]);
  });

  it('leaves out what matters less than asked for, and never what tasks print', async () => {
    assert.deepEqual(texts(await shown(stepFails(), { level: 'error' })), [
      'db                   | database system is ready to accept connections',
      'api                  | listening on 8080',
      'build                | compiling…',
      'unit-tests           | 120 passed',
      'api                  | GET /cart 500',
      'db                   | ERROR: relation "cart" does not exist',
      'browser-tests        | cart page: expected 200, got 500',
      "ERROR\tStep 'browser-tests' failed with exit code 1",
      "ERROR\tFailed serial step group 'checks'",
      "ERROR\tPipeline failed: step 'browser-tests' failed with exit code 1",
    ]);
    const [debug, info] = await Promise.all([
      shown(stepFails(), { level: 'debug' }),
      shown(stepFails()),
    ]);
    assert.ok(texts(debug).includes("DEBUG\tService 'db': reached at localhost:5432"));
    assert.equal(debug.length, info.length + 1);
  });

  it('has every event whole where that is asked for', async () => {
    const story = new Story(plan('p', step('a'))).tell(succeeded);
    const lines = texts(await shown(story, { level: 'silly' }));
    const whole = lines.filter((line) => line.startsWith('SILLY\t{'));
    assert.deepEqual(
      whole.map((line) => (JSON.parse(line.slice(6)) as { type: string }).type),
      ['run.started', 'step.ended'],
    );
  });

  it('can leave out what tasks print', async () => {
    const lines = await shown(stepFails(), { shows: 'events' });
    assert.ok(lines.every((line) => !line.includes(' | ')));
    assert.ok(lines.length > 10);
  });

  it('has room for 20 columns of a name', async () => {
    const names = ['exactly-twenty-chars', 'a-name-that-is-cut-off', '日本語の長い名前のステップ'];
    const story = new Story(plan('p', ...names.map(step)));
    for (const name of names) story.says(name, 'hello\n');
    assert.deepEqual((await shown(story)).slice(2), [
      'exactly-twenty-chars | hello',
      'a-name-that-is-cut-~ | hello',
      '日本語の長い名前の~  | hello',
    ]);
  });

  it('has five colours for names in turn, and red for what comes from stderr', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const story = new Story(plan('p', ...names.map(step)));
    for (const name of names) story.says(name, 'hello\n', name === 'f' ? 'stderr' : 'stdout');
    const lines = (await shown(story, { color: true })).slice(2);
    // eslint-disable-next-line no-control-regex -- Colours are what this is about.
    const colors = lines.map((line) => /^\x1b\[(\d+)m/.exec(line)?.[1]);
    assert.equal(new Set(colors).size, 5);
    assert.equal(colors[5], colors[0]);
    assert.ok(lines[4]?.endsWith(' | hello'));
    assert.ok(lines[5]?.endsWith(' | \x1b[31mhello\x1b[0m'));
  });

  it('tells of groups, attempts, what is ignored, and what asked for the end', async () => {
    const end = { kind: 'exited', exit: { kind: 'code', code: 2 } } as const;
    const story = new Story(plan('p', group('g', step('a')), service('db', [])))
      .tell({ type: 'group.started', group: 'g' })
      .tell({ type: 'step.started', step: 'a', attempt: 1 })
      .tell({ type: 'step.retrying', step: 'a', attempt: 1, end, delayMs: 1_000 })
      .tell({ type: 'step.started', step: 'a', attempt: 2 })
      .tell({ type: 'step.ended', step: 'a', outcome: 'ignored', end })
      .tell({ type: 'group.ended', group: 'g', outcome: 'succeeded' })
      .tell({ type: 'warning', text: 'two\nlines' })
      .tell({ type: 'run.cancelling', by: 'INT', forced: false })
      .tell({ type: 'run.cancelling', by: 'INT', forced: true })
      .tell({
        type: 'service.ended',
        service: 'db',
        end: { kind: 'skipped', because: { kind: 'cancelled' } },
      })
      .tell({ type: 'run.ended', outcome: 'cancelled' });
    assert.deepEqual(texts(await shown(story)).slice(2), [
      "INFO \tStarting serial step group 'g'",
      "INFO \tStarting step 'a'",
      "WARN \tStep 'a': failed with exit code 2; attempt 2 in 1 s",
      "INFO \tStarting step 'a', attempt 2",
      "WARN \tStep 'a' failed with exit code 2; the pipeline continues",
      "INFO \tCompleted serial step group 'g'",
      'WARN \ttwo lines',
      'WARN \tReceived SIGINT shutting down CIX, please wait...',
      'WARN \tReceived SIGINT again, ending everything at once',
      "INFO \tSkipping step 'db'",
      'WARN \tPipeline was cancelled by SIGINT',
    ]);
  });

  it('says by its name who killed a run, and signals as CIX does', async () => {
    for (const [by, forced, end] of [
      ['ann', 'Killed by ann again, ending everything at once', 'ann'],
      ['run 20261121-1, which failed', undefined, 'run 20261121-1, which failed'],
      ['TERM', 'Received SIGTERM again, ending everything at once', 'SIGTERM'],
    ] as const) {
      const asked =
        by === 'TERM' ? 'Received SIGTERM shutting down CIX, please wait...' : `Killed by ${by}`;
      const story = new Story(plan('p', step('a'))).tell({
        ...{ type: 'run.cancelling', by, forced: false },
      });
      if (forced !== undefined) story.tell({ type: 'run.cancelling', by, forced: true });
      story.tell({ type: 'run.ended', outcome: 'cancelled' });
      const told = [asked, forced, `Pipeline was cancelled by ${end}`];
      assert.deepEqual(
        texts(await shown(story)).slice(2),
        told.filter((text) => text !== undefined).map((text) => `WARN \t${text}`),
      );
    }
  });

  it('says of a success what was not as it should be', async () => {
    const end = { kind: 'exited', exit: { kind: 'code', code: 2 } } as const;
    const story = new Story(plan('p', step('a')))
      .tell({ type: 'step.ended', step: 'a', outcome: 'ignored', end })
      .tell({ type: 'run.ended', outcome: 'succeeded' });
    assert.deepEqual(texts(await shown(story)).slice(-2), [
      "INFO \tCompleted serial step group 'Pipeline 34b69c58'",
      "WARN \tPipeline completed successfully, although step 'a' failed",
    ]);
  });
});
