import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Place } from '../rig/cli.ts';
import {
  askingOnFailure,
  harnessApproval,
  harnessIdler,
  harnessRun,
  harnessStage,
} from '../rig/harness-stage.ts';
import { Terminal, keys } from '../rig/terminal.ts';

// eslint-disable-next-line no-control-regex -- The colours, and what the terminal makes of newlines.
const ornaments = /\x1b\[[\d;]*m|\r/g;

/** A service, an approval, and a step that fails with what was answered, about which somebody is asked. */
const release = harnessStage(
  harnessIdler('ticker') +
    harnessApproval('ok') +
    harnessRun(
      'deploy',
      'echo to <+steps.ok.output.approverInputs.target>; exit 3',
      '',
      askingOnFailure('Ignore'),
    ),
  { name: 'release' },
);

describe('a run that asks', { skip: process.platform !== 'linux' }, () => {
  it('is answered on its terminal, within its picture', async () => {
    await using place = new Place();
    const file = place.file('release.yaml', release);
    await using terminal = new Terminal(place, ['exec', file], { USER: 'ann' });
    await terminal.printed(/ok[^\n]*: Deploy release\?/);
    terminal.type(`maybe${keys.enter}`);
    await terminal.printed(/'maybe' is none of approve, reject/);
    terminal.type(`approve${keys.enter}`);
    await terminal.printed(/target \(test or live; may be empty\)/);
    terminal.type(`live${keys.enter}`);
    await terminal.printed(/it failed with exit code 3: what shall be done\?/);
    terminal.type(`ignore${keys.enter}`);
    const { code, stdout } = await terminal.told;
    assert.equal(code, 0);
    const lines = stdout.replace(ornaments, '');
    assert.match(lines, /✓ ok +succeeded [^\n]*approved by ann/);
    assert.match(lines, /! deploy +ignored [^\n]*exit code 3\n/);
    assert.deepEqual(
      (await place.outputs()).map(({ bytes }) => bytes.toString()),
      ['to live\n'],
    );
    const said = (await place.events()).filter(({ type }) => type === 'step.answered');
    assert.deepEqual(
      said.map((event) => 'answer' in event && event.answer),
      ['approve', 'ignore'],
    );
  });

  it('is answered by another process while its terminal waits', async () => {
    await using place = new Place();
    const file = place.file('release.yaml', release);
    await using terminal = new Terminal(place, ['exec', file]);
    await terminal.printed(/ok[^\n]*: Deploy release\?/);
    const wrong = await place.continuo(['approve', 'ok', '--input', 'target=moon']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /does not take the answer: its input 'target' is to be one of/);
    const given = ['--input', 'target=live', '--comment', 'at last'];
    const told = await place.continuo(['approve', 'ok', ...given], { USER: 'bob' });
    assert.equal(told.code, 0, told.stderr);
    await terminal.printed(/it failed with exit code 3: what shall be done\?/);
    const again = await place.continuo(['reject', 'ok']);
    assert.match(again.stderr, /does not wait for an approval of 'ok'/);
    assert.equal((await place.continuo(['kill'])).code, 0);
    assert.equal((await terminal.told).code, 130);
    const [said] = (await place.events()).filter((event) => event.type === 'step.answered');
    assert.deepEqual([said?.answer, said?.by, said?.comment], ['approve', 'bob', 'at last']);
  });

  it('is ended by Ctrl-C like any other', async () => {
    await using place = new Place();
    const file = place.file('release.yaml', release);
    await using terminal = new Terminal(place, ['exec', file]);
    await terminal.printed(/ok[^\n]*: Deploy release\?/);
    terminal.type(keys.interrupt);
    const { code, stdout } = await terminal.told;
    assert.equal(code, 130);
    assert.match(stdout.replace(ornaments, ''), /○ cancelled by INT after [^\n]*\n$/);
  });

  it('is answered by the command line, and takes what comes then where nobody is', async () => {
    await using place = new Place();
    const told = await place.exec(release, ['--approve', 'all', '--format', 'plain']);
    assert.equal(told.code, 0, told.stdout);
    assert.match(told.stdout, /ok +▸ --approve says approve\n/);
    assert.match(told.stdout, /deploy +! nobody can say [^\n]*: standard input is no terminal/);
    assert.match(told.stdout, /succeeded after [^\n]*, although step 'deploy' failed/);
  });

  it('fails when it is refused, or when nobody can answer, and says what to do', async () => {
    await using place = new Place();
    const refused = await place.exec(release, ['--reject', 'ok']);
    assert.equal(refused.code, 1);
    assert.match(refused.stdout, /✗ step 'ok' was rejected by --reject\n/);
    const wrong = await place.exec(release, ['--approve', 'okay']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /--approve okay: there is no approval of that name/);
    const alone = await place.exec(release);
    assert.equal(alone.code, 1);
    assert.match(
      alone.stdout,
      /✗ step 'ok' got no answer: standard input is no terminal; give `--approve ok` or `--reject ok`\n/,
    );
  });
});
