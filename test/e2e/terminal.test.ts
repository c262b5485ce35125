import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { Place, eventually } from '../rig/cli.ts';
import { Terminal, keys } from '../rig/terminal.ts';

const showCursor = '\x1b[?25h';
const hideCursor = '\x1b[?25l';
// eslint-disable-next-line no-control-regex -- Whatever is no colour.
const movesOrErases = /\x1b\[[^m]*[^\d;m]/;
// eslint-disable-next-line no-control-regex -- The colours, and what the terminal makes of newlines.
const ornaments = /\x1b\[[\d;]*m|\r/g;

/** A service, then a step that runs until there is a file `go`. */
const patient = `version: 2.1
pipeline:
  - step:
      name: db
      background: true
      ready: {exec: test -e up}
      commands: ["trap 'touch said-goodbye; exit 0' TERM", 'while :; do sleep 0.05; done']
  - step:
      name: work
      commands-output: minimal
      commands: [echo hello there, 'while [ ! -e go ]; do sleep 0.05; done']
`;

/** What stands on the screen for good: everything after the last picture was taken away. */
const left = (screen: string): string => {
  const from = screen.lastIndexOf(showCursor);
  assert.ok(from > screen.lastIndexOf(hideCursor), 'the cursor is shown again');
  return screen.slice(from + showCursor.length);
};

const runHasEnded = async (place: Place): Promise<void> => {
  for (;;) {
    const last = (await place.events()).at(-1);
    if (last?.type === 'run.ended') return;
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
};

describe('on a terminal', { skip: process.platform !== 'linux' }, () => {
  it('a run is a picture while it goes on, and its summary stays', async () => {
    await using place = new Place();
    await using terminal = new Terminal(place, ['exec', place.file('p.yaml', patient)]);
    await terminal.printed(/db[^\n]*not ready for/);
    await terminal.printed(/work[^\n]*waiting for db/);
    place.file('up', '');
    await terminal.printed(/▶.*work[^]*│.*hello there/);
    place.file('go', '');
    const { code, stdout } = await terminal.told;
    assert.equal(code, 0);
    assert.ok(stdout.startsWith(hideCursor));
    const summary = left(stdout);
    assert.doesNotMatch(summary, movesOrErases);
    const lines = summary.replace(ornaments, '').trim().split('\n');
    assert.match(lines[0] ?? '', /^✓ db +stopped/);
    assert.match(lines[1] ?? '', /^ *✓ work +succeeded/);
    assert.match(lines.at(-1) ?? '', /^✓ succeeded after .* run \d/);
  });

  it('a screen that stands still (Ctrl-S) does not hold the run up', async () => {
    await using place = new Place();
    place.file('up', '');
    await using terminal = new Terminal(place, ['exec', place.file('p.yaml', patient)]);
    await terminal.printed(/▶.*work/);
    terminal.type(keys.stop);
    await terminal.still();
    place.file('go', '');
    await runHasEnded(place);
    terminal.type(keys.goOn);
    const { code, stdout } = await terminal.told;
    assert.equal(code, 0);
    const summary = left(stdout).replace(ornaments, '');
    assert.match(summary, /^\s+✓ db[^]*✓ work[^]*✓ succeeded after .* run [\w-]+\n$/);
  });

  it('everything is written in the end to a terminal that nobody reads for a while', async () => {
    await using place = new Place();
    const yaml = `version: 2.1
pipeline:
  - step: {name: talk, commands-output: minimal, commands: [seq 50000]}
`;
    const file = place.file('p.yaml', yaml);
    await using terminal = new Terminal(place, ['exec', '--format', 'plain', file]);
    await terminal.printed(/started/);
    terminal.leave();
    await runHasEnded(place);
    terminal.read();
    const { code, stdout } = await terminal.told;
    assert.equal(code, 0);
    const numbers = [...stdout.replace(ornaments, '').matchAll(/^talk │ (\d+)$/gm)];
    assert.deepEqual(
      numbers.map(([, number]) => Number(number)),
      Array.from({ length: 50_000 }, (_, n) => n + 1),
    );
    assert.match(stdout, /succeeded.*after/);
  });

  it('Ctrl-C ends the run, and gives the cursor back', async () => {
    await using place = new Place();
    place.file('up', '');
    await using terminal = new Terminal(place, ['exec', place.file('p.yaml', patient)]);
    await terminal.printed(/▶.*work/);
    terminal.type(keys.interrupt);
    const { code, stdout } = await terminal.told;
    assert.equal(code, 130);
    assert.match(left(stdout).replace(ornaments, ''), /○ cancelled by INT after/);
    assert.ok(existsSync(join(place.dir, 'said-goodbye')));
  });

  it('a terminal that is closed ends the run as a signal does', async () => {
    await using place = new Place();
    place.file('up', '');
    await using terminal = new Terminal(place, ['exec', place.file('p.yaml', patient)]);
    await terminal.printed(/▶.*work/);
    await terminal.hangUp();
    await eventually(
      () => existsSync(join(place.dir, 'said-goodbye')),
      () => 'the service was not stopped in peace',
    );
    await runHasEnded(place);
    const ended = (await place.events()).at(-1);
    assert.equal(ended?.type === 'run.ended' && ended.outcome, 'cancelled');
  });

  const secretive = `version: 2.1
pipeline:
  - step:
      name: talk
      environment: [{name: A}, {name: B}]
      commands-output: minimal
      commands: ['test "$A" = one-öne', 'test "$B" = two-two', 'echo "$A $B"']
`;
  const asking = (place: Place): string[] => {
    const file = place.file('p.yaml', secretive);
    return ['exec', '--format', 'plain', '--secret-prompt', 'A', '--secret-prompt', 'B', file];
  };

  it('secrets are asked for, and not shown', async () => {
    await using place = new Place();
    await using terminal = new Terminal(place, asking(place));
    await terminal.printed(/A: /);
    terminal.type(`one-oo${keys.backspace}${keys.backspace}öne${keys.enter}`);
    await terminal.printed(/B: /);
    terminal.type(`two-two${keys.enter}`);
    const { code, stdout } = await terminal.told;
    assert.equal(code, 0, stdout);
    assert.match(stdout.replace(ornaments, ''), /talk │ \*{8} \*{8}/);
    assert.doesNotMatch(stdout, /one|two/);
  });

  it('secrets that are pasted together answer one question each', async () => {
    await using place = new Place();
    await using terminal = new Terminal(place, asking(place));
    await terminal.printed(/A: /);
    terminal.type('one-öne\r\ntwo-two\r\n');
    const { code, stdout } = await terminal.told;
    assert.equal(code, 0, stdout);
    assert.doesNotMatch(stdout, /one|two/);
  });

  it('Ctrl-C at the question for a secret is an interrupt', async () => {
    await using place = new Place();
    await using terminal = new Terminal(place, asking(place));
    await terminal.printed(/A: /);
    terminal.type(`one${keys.interrupt}`);
    const { code, stdout } = await terminal.told;
    assert.equal(code, 130);
    assert.doesNotMatch(stdout, /error|one/);
  });

  it('nothing in the name of a file is obeyed', async () => {
    await using place = new Place();
    const yaml = 'version: 2.1\npipeline: [{step: {name: a, commands: [echo hi]}}]\n';
    const file = place.file('na\x1b[2Jughty\u009b5A.yaml', yaml);
    for (const args of [
      ['validate', file],
      ['exec', '--format', 'plain', file],
      ['exec', '--format', 'json', file],
      ['runs'],
      ['runs', '--format', 'json'],
    ]) {
      await using terminal = new Terminal(place, args);
      const { code, stdout } = await terminal.told;
      assert.equal(code, 0, stdout);
      assert.match(stdout, /ughty/);
      assert.ok(!stdout.includes('\u001B[2J') && !stdout.includes('\u009B'), stdout);
    }
  });
});
