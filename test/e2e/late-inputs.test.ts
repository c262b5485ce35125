import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Place } from '../rig/cli.ts';
import { harnessIdler, harnessRun, harnessStage } from '../rig/harness-stage.ts';
import { assertInvariants } from '../rig/invariants.ts';
import { Terminal, keys } from '../rig/terminal.ts';

// eslint-disable-next-line no-control-regex -- The colours, and what the terminal makes of newlines.
const ornaments = /\x1b\[[\d;]*m|\r/g;

/** A step that runs by itself, and one that wants to know where it is to go, with a service beside them. */
const release = (target: string): string =>
  harnessStage(
    harnessIdler('ticker') +
      harnessRun('build', 'echo built') +
      harnessRun(
        'deploy',
        'echo "to $TARGET"',
        `envVariables: { TARGET: "${target}" }`,
        'timeout: 30s',
      ),
  );

const asked = release('<+input>.allowedValues(test,live).executionInput()');

describe(
  'an input that is asked for when its place is reached',
  { skip: process.platform !== 'linux' },
  () => {
    it('is asked for on the terminal after what comes before it, and again for what cannot be taken', async () => {
      await using place = new Place();
      const file = place.file('release.yaml', asked);
      await using terminal = new Terminal(place, ['exec', file], { USER: 'ann' });
      await terminal.printed(/deploy[^\n]*: it waits for what it is to be given/);
      await terminal.printed(/envVariables\.TARGET \(test or live\)/);
      terminal.type(`prod${keys.enter}`);
      await terminal.printed(/envVariables\.TARGET is to be one of test, live, and is not/);
      terminal.type(`live${keys.enter}`);
      const { code, stdout } = await terminal.told;
      assert.equal(code, 0, stdout);
      assert.match(stdout.replace(ornaments, ''), /✓ deploy +succeeded/);
      assert.equal(await place.output('build.build'), 'built\n');
      assert.equal(await place.output('build.deploy'), 'to live\n');
      const events = await place.events();
      assertInvariants(events);
      const at = (type: string, node: string): number =>
        events.findIndex((event) => event.type === type && Object.values(event).includes(node));
      assert.ok(at('step.ended', 'build.build') < at('input.asked', 'build.deploy'));
      assert.ok(at('input.answered', 'build.deploy') < at('step.started', 'build.deploy'));
    });

    it('is not shown where who answers says that it is a secret, in the picture or line by line', async () => {
      for (const format of ['auto', 'plain']) {
        await using place = new Place();
        const file = place.file('release.yaml', release('<+input>.executionInput()'));
        await using terminal = new Terminal(place, ['exec', file, '--format', format]);
        await terminal.printed(/TARGET \(may be empty; Tab/);
        terminal.type(keys.tab + (format === 'plain' ? keys.enter : ''));
        await terminal.printed(/TARGET \(a secret\)/);
        terminal.type(`hunter22${keys.enter}`);
        const { code, stdout } = await terminal.told;
        assert.equal(code, 0, stdout);
        assert.doesNotMatch(stdout, /hunter/);
        assert.equal(await place.output('build.deploy'), 'to ********\n');
        assert.doesNotMatch(JSON.stringify(await place.events()), /hunter/);
      }
    });

    it('is not asked for when the command line gives it', async () => {
      await using place = new Place();
      const told = await place.exec(asked, ['--input', 'TARGET=test']);
      assert.equal(told.code, 0, told.stderr);
      assert.equal(await place.output('build.deploy'), 'to test\n');
      const wrong = await place.exec(asked, ['--input', 'TARGET=prod']);
      assert.equal(wrong.code, 2);
      assert.match(wrong.stderr, /must be one of test, live/);
    });

    it('is its default where nobody can answer', async () => {
      await using place = new Place();
      const told = await place.exec(release('<+input>.default(test).executionInput()'), [
        '--format',
        'plain',
      ]);
      assert.equal(told.code, 0, told.stdout);
      assert.match(told.stdout, /deploy +▸ the default gives envVariables\.TARGET: test\n/);
      assert.equal(await place.output('build.deploy'), 'to test\n');
    });

    it('is masked where a secret is its default', async () => {
      await using place = new Place();
      const secret = '<+input>.default(<+secrets.getValue("token")>).executionInput()';
      const pipeline = release(secret.replaceAll('"', '\\"'));
      const told = await place.exec(pipeline, ['-s', 'token', '--format', 'plain'], {
        token: 'abc-12345',
      });
      assert.equal(told.code, 0, told.stderr);
      assert.match(told.stdout, /the default gives envVariables\.TARGET: \*{8}\n[^]*to \*{8}\n/);
      assert.doesNotMatch(JSON.stringify(await place.events()), /abc-12345/);
    });

    it('fails its step at once where nobody can answer, and says what to do', async () => {
      await using place = new Place();
      const told = await place.exec(asked);
      assert.equal(told.code, 1);
      assert.equal(await place.output('build.build'), 'built\n');
      assert.match(
        told.stdout,
        /✗ step 'deploy' got no answer: standard input is no terminal; give `--input envVariables\.TARGET=…`\n/,
      );
      assert.equal((await place.continuo(['validate', 'pipeline.yaml'])).code, 0);
    });
  },
);
