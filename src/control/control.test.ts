import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { fail, ok } from '../base/result.ts';
import { sendCommand } from './send-command.ts';
import { takeCommands } from './take-commands.ts';

import type { RunCommand } from '../event/run-command.ts';

const pause: RunCommand = { do: 'pause', by: 'ann' };

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'control-test-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What comes back for this text. */
const raw = async (text: string): Promise<unknown> => {
  const connection = connect(join(folder, 'control.sock')).setEncoding('utf8');
  connection.write(text);
  return JSON.parse((await Array.fromAsync(connection)).join(''));
};

describe('a socket that takes commands', () => {
  it('hands them over and answers what came of them, for its owner only', async () => {
    const taken: RunCommand[] = [];
    using _control = await takeCommands(folder, (command) => {
      taken.push(command);
      return command.do === 'pause' ? ok(undefined) : fail({ kind: 'not-paused' });
    });
    assert.deepEqual(await sendCommand(folder, pause), ok(undefined));
    const resume: RunCommand = { do: 'resume', by: 'ann', to: { step: 'a\n"b' } };
    assert.deepEqual(await sendCommand(folder, resume), fail({ kind: 'not-paused' }));
    assert.deepEqual(taken, [pause, resume]);
    assert.equal(statSync(join(folder, 'control.sock')).mode & 0o777, 0o600);
  });

  it('takes whatever fits into a request to a server', async () => {
    const taken: RunCommand[] = [];
    using _control = await takeCommands(folder, (command) => {
      taken.push(command);
      return ok(undefined);
    });
    for (const value of ['"'.repeat(70_000), 'x'.repeat(1_000_000)]) {
      const answer: RunCommand = { do: 'approve', by: 'ann', step: 'deploy', inputs: { value } };
      assert.deepEqual(await sendCommand(folder, answer), ok(undefined));
      assert.deepEqual(taken.pop(), answer);
    }
  });

  it('is gone once it is closed, and nobody listens there', async () => {
    assert.deepEqual(await sendCommand(folder, pause), fail({ kind: 'nobody-listens' }));
    const control = await takeCommands(folder, () => ok(undefined));
    control[Symbol.dispose]();
    assert.ok(!existsSync(join(folder, 'control.sock')));
    assert.deepEqual(await sendCommand(folder, pause), fail({ kind: 'nobody-listens' }));
  });

  it('takes nothing but commands', async () => {
    using _control = await takeCommands(folder, () => assert.fail('that is no command'));
    for (const text of [
      'pause\n',
      '{}\n',
      '{"do":"explode","by":"ann"}\n',
      '{"do":"pause"}\n',
      '{"do":"pause","by":"ann","more":1}\n',
      '{"do":"resume","by":"ann","to":"somewhere"}\n',
      'x'.repeat(3_000_000),
    ]) {
      const reply = (await raw(text)) as { ok: boolean; failure: { kind: string } };
      assert.deepEqual(
        [reply.ok, reply.failure.kind],
        [false, 'not-understood'],
        text.slice(0, 99),
      );
    }
  });

  it('is reached in a folder whose path is too long for an address', async (test) => {
    if (process.platform !== 'linux') test.skip('only Linux has a short name for it');
    const deep = join(folder, 'x'.repeat(120));
    mkdirSync(deep);
    const control = await takeCommands(deep, () => ok(undefined));
    assert.deepEqual(await sendCommand(deep, pause), ok(undefined));
    control[Symbol.dispose]();
    assert.ok(!existsSync(join(deep, 'control.sock')));
  });
});
