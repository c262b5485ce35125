import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Place } from '../rig/cli.ts';

/** How everything of the latest run ended, in the order in which it did. */
async function ends(place: Place): Promise<string[]> {
  return (await place.events()).flatMap((event) => {
    if (event.type === 'step.ended') return [`${event.step} ${event.outcome}`];
    if (event.type === 'group.ended') return [`${event.group} ${event.outcome}`];
    return event.type === 'group.retrying' ? [`${event.group} again`] : [];
  });
}

describe('a group', () => {
  it('is run again as a whole, its service included, before anything follows', async () => {
    await using place = new Place();
    const told = await place.exec(`
version: 2.1
pipeline:
  - steps:
      name: g
      retry: {iterations: 3, backoff: 0}
      pipeline:
        - step: {name: db, background: true, commands: ['echo up >> ups; exec sleep 60']}
        - step: {name: a, commands: ['echo a >> order']}
        - step: {name: b, commands: ['echo b >> order; test $(wc -l < order) -ge 6']}
        - step: {name: c, commands: ['echo c >> order']}
  - step: {name: after, commands: ['cat order; wc -l < ups']}
`);
    assert.equal(told.code, 0, told.stdout);
    assert.deepEqual(await ends(place), [
      ...['a succeeded', 'b failed', 'c skipped', 'g again'],
      ...['a succeeded', 'b failed', 'c skipped', 'g again'],
      ...['a succeeded', 'b succeeded', 'c succeeded', 'g succeeded', 'after succeeded'],
    ]);
    assert.match(await place.output('after'), /a\nb\na\nb\na\nb\nc\n3\n/);
    assert.match(told.stdout, /g +! failed: step 'b' failed with exit code 1; attempt 2 at once/);
    assert.match(told.stdout, /although group 'g' took 3 attempts/);
  });

  it('that runs together ends in order when one of its members fails', async () => {
    await using place = new Place();
    const told = await place.exec(`
version: 2.1
pipeline:
  - steps:
      name: p
      parallel: true
      pipeline:
        - step: {name: slow, commands: ['trap "echo told; exit 0" TERM; sleep 60 & wait']}
        - step: {name: bad, commands: ['sleep 0.3; exit 3']}
  - step: {name: after, commands: ['true']}
`);
    assert.equal(told.code, 1);
    assert.deepEqual(
      (await ends(place)).toSorted(),
      ['after skipped', 'bad failed', 'p failed', 'slow cancelled'].toSorted(),
    );
    assert.match(await place.output('slow'), /told\n$/);
    assert.match(told.stdout, /failed after .*: step 'bad' failed with exit code 3/);
  });

  it('is ended at its timeout with all its processes, and nothing of it starts afterwards', async () => {
    await using place = new Place();
    const told = await place.exec(`
version: 2.1
pipeline:
  - steps:
      name: g
      timeout: 1
      continue-on-fail: true
      pipeline:
        - step: {name: slow, commands: ['sleep 300 & echo $! > pid; sleep 300']}
        - step: {name: never, commands: ['true']}
  - step: {name: after, commands: ['! grep -q sleep /proc/$(cat pid)/cmdline']}
`);
    assert.equal(told.code, 0, told.stdout);
    assert.deepEqual(await ends(place), [
      'slow cancelled',
      'never skipped',
      'g ignored',
      'after succeeded',
    ]);
    assert.match(told.stdout, /although group 'g' failed/);
    assert.match(told.stdout, /! g +ignored/);
  });

  it('whose time is up fails the run by its own name', async () => {
    await using place = new Place();
    const told = await place.exec(`
version: 2.1
pipeline:
  - steps:
      name: g
      timeout: 1
      pipeline:
        - step: {name: slow, commands: ['sleep 300']}
`);
    assert.equal(told.code, 1);
    assert.match(told.stdout, /failed after .*: group 'g' was stopped at its timeout of 1 s/);
  });
});

describe('a condition', () => {
  const yaml = `
version: 2.1
pipeline:
  - step:
      name: db
      background: true
      ready: {tcp: 31990}
      commands: [exec sleep 60]
      when: [{operator: IS_SET, value: $$WITH_DB}]
  - step:
      name: big
      commands: ['true']
      when: [{operator: GT, value: $$N, other: 9}]
  - steps:
      name: g
      when: [{operator: EQ, value: $$BRANCH, value-default: main, other: release}]
      pipeline:
        - step: {name: a, commands: ['true']}
  - step: {name: last, commands: ['env']}
`;

  it('decides when its turn comes what runs, and says why the others did not', async () => {
    await using place = new Place();
    const told = await place.exec(yaml, ['-e', 'N=10', '-e', 'WITH_DB=']);
    assert.equal(told.code, 0, told.stdout + told.stderr);
    assert.deepEqual(await ends(place), [
      'big succeeded',
      'g skipped',
      'a skipped',
      'last succeeded',
    ]);
    assert.doesNotMatch(await place.output('last'), /CONTINUO_DB/);
    assert.match(told.stdout, /^g +▸ skipped: its condition does not hold$/m);
    assert.match(told.stdout, /a +skipped +the condition of group 'g' does not hold/);
  });
});
