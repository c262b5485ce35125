import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

import { runIds } from '../../src/journal/runs.ts';
import { Place } from '../rig/cli.ts';
import { harnessRun, harnessStage } from '../rig/harness-stage.ts';

/** A step that prints what the run knows of itself. */
const facts = (name: string): string =>
  harnessStage(
    harnessRun(
      'tell',
      `echo "id <+pipeline.executionId>"
echo "number <+pipeline.sequenceId>"
echo "url <+pipeline.executionUrl>"
echo "started <+pipeline.startTs>"
echo "by <+pipeline.triggeredBy.name>"`,
    ),
    { name },
  );

async function told(place: Place, name: string): Promise<Record<string, string>> {
  const ran = await place.exec(facts(name));
  assert.equal(ran.code, 0, ran.stderr);
  const lines = (await place.output('build.tell')).trim().split('\n');
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]),
  );
}

describe('what a run tells of itself in expressions of Harness', () => {
  it('is its id, when it began, who began it, and where it is found', async () => {
    await using place = new Place();
    const before = Date.now();
    const { id, url, started, by } = await told(place, 'shop');
    assert.deepEqual(await runIds(place.stateDir), [id]);
    assert.ok(Number(started) >= before && Number(started) <= Date.now(), started);
    assert.equal(by, userInfo().username);
    assert.ok(existsSync(fileURLToPath(url!)), url);
    const [first] = await place.events();
    assert.ok(first?.type === 'run.started' && first.run === id && first.at >= Number(started));
  });

  it('is its number, which counts the runs of its pipeline on this machine', async () => {
    await using place = new Place();
    const numbers: (string | undefined)[] = [];
    for (const name of ['shop', 'shop', 'docs', 'shop'])
      numbers.push((await told(place, name))['number']);
    assert.deepEqual(numbers, ['1', '2', '1', '3']);
  });
});
