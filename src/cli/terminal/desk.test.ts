import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';

import { settle } from '../../../test/rig/hand-clock.ts';
import { Veil } from '../veil.ts';
import { Desk } from './desk.ts';

import type { Question } from '../../event/question.ts';
import type { World } from '../world.ts';

const canvas = { color: false, unicode: true, columns: 60, rows: 20 };
const never = new AbortController().signal;
const question = (name: string): Question => ({
  id: name,
  name,
  message: 'go on?',
  inputs: [],
  choices: ['approve', 'reject'],
});

const inputOf = (name: string): Question => ({
  ...question(name),
  inputs: [{ name: 'key', description: 'needed', required: true }],
  choices: ['give'],
});
const given = { choice: 'give', by: 'ann', inputs: { key: 'hunter22' } };

/** A terminal at which a test types. */
class Place {
  readonly stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (raw: boolean) => {
      this.isRaw = raw;
      return this.stdin as never;
    },
  });
  readonly stderr = new PassThrough();
  readonly veil = new Veil();
  isRaw = false;
  readonly desk: Desk;

  constructor(isTTY = true) {
    this.stdin.isTTY = isTTY;
    const { stdin, stderr, veil } = this;
    const world: Partial<World> = { stdin: stdin, stderr, veil, env: { USER: 'ann' } };
    this.desk = new Desk(world as World);
  }

  async type(text: string): Promise<void> {
    this.stdin.write(text);
    await settle();
  }

  get said(): string {
    return (this.stderr.read() as Buffer | null)?.toString() ?? '';
  }
}

describe('a desk', () => {
  it('asks line by line where there is no picture of a run', async () => {
    const place = new Place();
    const asked = place.desk.ask(question('deploy'), never);
    await settle();
    assert.equal(place.said, '\ndeploy: go on?\ndeploy: approve or reject:\n');
    await place.type('perhaps\n');
    assert.match(place.said, /'perhaps' is none of approve, reject\n/);
    assert.equal(place.isRaw, false);
    await place.type('approve\n');
    assert.deepEqual(await asked, {
      ok: true,
      value: { choice: 'approve', by: 'ann', inputs: {} },
    });
    assert.ok(place.stdin.isPaused());
  });

  it('asks within the picture where there is one, and draws it anew with every key', async () => {
    const place = new Place();
    place.desk.expectScreen();
    const asked = place.desk.ask(question('deploy'), never);
    await settle();
    let drawn = 0;
    using _screen = place.desk.appearIn(() => drawn++);
    await settle();
    assert.deepEqual([place.isRaw, drawn], [true, 1]);
    await place.type('app');
    assert.equal(drawn, 2);
    assert.deepEqual(place.desk.rows(canvas), [
      '',
      '◌ deploy: go on?',
      '  approve or reject: app_',
    ]);
    place.desk.appearIn(() => assert.deepEqual(place.desk.rows(canvas), []));
    await place.type('\r');
    assert.equal((await asked).ok, true);
    assert.deepEqual([place.isRaw, place.desk.rows(canvas)], [false, []]);
    assert.equal(place.said, '');
  });

  it('asks one question after the other', async () => {
    const place = new Place();
    const asked = ['a', 'b'].map((name) => place.desk.ask(question(name), never));
    await settle();
    assert.match(place.said, /^\na: /);
    await place.type('approve\n');
    assert.match(place.said, /^\nb: /);
    await place.type('reject\n');
    await place.type('no\n');
    const [, second] = await Promise.all(asked);
    assert.deepEqual(second?.ok === true && second.value.comment, 'no');
  });

  it('lets go of a question that is not wanted any more, and of the terminal', async () => {
    const place = new Place();
    using _screen = place.desk.appearIn(() => undefined);
    const over = new AbortController();
    const asked = place.desk.ask(question('a'), over.signal);
    const next = place.desk.ask(question('b'), over.signal);
    await settle();
    over.abort();
    assert.deepEqual([(await asked).ok, (await next).ok], [false, false]);
    assert.deepEqual([place.isRaw, place.stdin.isPaused()], [false, true]);
  });

  it('has nobody to ask where standard input is no terminal, or has ended', async () => {
    const failure = 'standard input is no terminal';
    assert.deepEqual(await new Place(false).desk.ask(question('a'), never), { ok: false, failure });
    const place = new Place();
    const asked = place.desk.ask(question('a'), never);
    place.stdin.end();
    assert.deepEqual(await asked, { ok: false, failure: 'standard input has ended' });
    assert.equal((await place.desk.ask(question('b'), never)).ok, false);
  });

  it('does not show what is typed as a secret in the picture', async () => {
    const place = new Place();
    using _screen = place.desk.appearIn(() => undefined);
    const asked = place.desk.ask(inputOf('deploy'), never);
    await settle();
    await place.type('\thunter22');
    assert.equal(place.desk.rows(canvas).at(-1), '  key (a secret): ********_');
    await place.type('\r');
    assert.deepEqual(await asked, { ok: true, value: { ...given, secrets: ['key'] } });
  });

  it('does not have a terminal show what is typed as a secret, line by line', async () => {
    const place = new Place();
    const asked = place.desk.ask(inputOf('deploy'), never);
    await settle();
    const asking = 'deploy: key (needed; Tab hides it):\n';
    assert.equal(place.said, `\ndeploy: go on?\n${asking}`);
    await place.type('\t\n');
    assert.deepEqual([place.said, place.isRaw], ['deploy: key (a secret):\n', true]);
    await place.type('by mistake\t');
    assert.deepEqual([place.said, place.isRaw], [asking, false]);
    await place.type('\t\n');
    await place.type('hunter22\r');
    assert.deepEqual(await asked, { ok: true, value: { ...given, secrets: ['key'] } });
    assert.equal(place.isRaw, false);
    assert.equal(place.veil.text('hunter22'), '********');
  });

  it('shows no secret', async () => {
    const place = new Place();
    place.veil.hide(['hunter22']);
    using _screen = place.desk.appearIn(() => undefined);
    const over = new AbortController();
    void place.desk.ask({ ...question('a'), message: 'is it hunter22?' }, over.signal);
    await settle();
    assert.doesNotMatch(place.desk.rows(canvas).join('\n'), /hunter22/);
    over.abort();
  });

  it('shows a long message cut short, and the end of a long line', async () => {
    const place = new Place();
    using _screen = place.desk.appearIn(() => undefined);
    const over = new AbortController();
    const message = Array.from({ length: 30 }, (_, n) => `line ${n} ${'x'.repeat(90)}`).join('\n');
    void place.desk.ask({ ...question('a'), message }, over.signal);
    await settle();
    await place.type(`${'y'.repeat(90)}end`);
    const rows = place.desk.rows(canvas);
    assert.equal(rows.length, 8);
    assert.ok(rows.every((row) => row.length <= canvas.columns));
    assert.match(rows.at(-1) ?? '', /yend_$/);
    over.abort();
  });
});
