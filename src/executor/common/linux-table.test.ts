import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';

import { inShortage } from '../../../test/rig/shortage.ts';
import { linuxTable, lookUntilNobodyDied, parseStat } from './linux-table.ts';
import { isAlive, signalProcess } from './process-table.ts';

describe('a line of /proc/PID/stat', () => {
  const line = (name: string, state = 'S'): string =>
    `42 (${name}) ${state} 7 40 39 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 1 2\n`;

  it('is read by position', () => {
    assert.deepEqual(parseStat(line('sleep')), {
      entry: { pid: 42, parent: 7, group: 40, session: 39, start: 987_654, name: 'sleep' },
      lives: true,
    });
  });

  for (const name of ['a b', ') S 1 (', '((', 'x) Z 1 1 1', ''])
    it(`is read whatever the name is: ${JSON.stringify(name)}`, () => {
      const { entry } = parseStat(line(name))!;
      assert.deepEqual([entry.name, entry.parent, entry.start], [name, 7, 987_654]);
    });

  it('of a zombie tells that it does not live', () => {
    assert.equal(parseStat(line('sleep', 'Z'))!.lives, false);
  });

  it('that is missing is nobody', () => {
    assert.equal(parseStat(''), undefined);
  });
});

describe('a list of processes', () => {
  const entry = { pid: 42, parent: 7, group: 40, session: 39, start: 1, name: 'forked' };

  it('is made anew when somebody died meanwhile, who may have forked', () => {
    const looks = [
      { entries: [], hasDied: true },
      { entries: [entry], hasDied: false },
    ];
    assert.deepEqual(
      lookUntilNobodyDied(() => looks.shift()!),
      [entry],
    );
  });

  it('is made in the end where somebody dies all the time', () => {
    let looks = 0;
    const entries = lookUntilNobodyDied(() => {
      looks++;
      return { entries: [entry], hasDied: true };
    });
    assert.deepEqual([entries, looks], [[entry], 4]);
  });
});

describe('the process table', { skip: process.platform !== 'linux' }, () => {
  it('never signals a process that got the pid of another', async () => {
    const child = spawn('sleep', ['60']);
    const { start } = linuxTable.find(child.pid!)!;
    signalProcess({ pid: child.pid!, start: start - 1 }, 'SIGKILL');
    assert.ok(isAlive({ pid: child.pid!, start }));
    assert.ok(!isAlive({ pid: child.pid!, start: start - 1 }));
    signalProcess({ pid: child.pid!, start }, 'SIGTERM');
    assert.deepEqual(await once(child, 'exit'), [null, 'SIGTERM']);
    assert.ok(!isAlive({ pid: child.pid!, start }));
  });

  it('takes nobody for dead whom it cannot look at for want of another open file', async () => {
    const child = spawn('sleep', ['60']);
    const process = linuxTable.find(child.pid!)!;
    assert.ok(await inShortage(() => isAlive(process)));
    child.kill();
    await once(child, 'exit');
    assert.ok(!isAlive(process));
  });

  it('finds variables of a process by their whole name', async () => {
    const child = spawn('sleep', ['60'], {
      env: { PATH: '/usr/bin:/bin', A_MARK: 'no', MARK: 'run=1' },
    });
    await once(child, 'spawn');
    assert.equal(linuxTable.variableOf(child.pid!, 'MARK'), 'run=1');
    assert.equal(linuxTable.variableOf(child.pid!, 'MAR'), undefined);
    child.kill();
    await once(child, 'exit');
  });
});
