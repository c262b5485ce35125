import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';

import { JournalFile } from './journal-file.ts';
import { readJournal } from './journal-reader.ts';
import { started, temporaryFolder, told } from '../../test/rig/journal.ts';
import { journalPath } from './state-dir.ts';

/** Runs a script that gets the state folder as its first argument; gives back what it prints. */
async function inChild(shell: string, script: string, stateDir: string): Promise<unknown> {
  const child = execFile('/bin/sh', ['-c', shell, process.execPath, script, stateDir]);
  let output = '';
  let errors = '';
  child.stdout?.on('data', (text: string) => (output += text));
  child.stderr?.on('data', (text: string) => (errors += text));
  const [code] = (await once(child, 'close')) as [number | null];
  assert.equal(code, 0, errors);
  return JSON.parse(output);
}

const imports = `
  const [{ createJournal }, { createMasker }] = await Promise.all([
    import(${JSON.stringify(import.meta.resolve('./journal-writer.ts'))}),
    import(${JSON.stringify(import.meta.resolve('./masker.ts'))}),
  ]);
  const failures = [];
  const { value: journal } = createJournal({
    stateDir: process.argv[1],
    run: 'r1',
    masker: createMasker([]),
    now: Date.now,
    onFailure: (detail) => failures.push(detail),
  });
  const output = journal.output('x');
`;

const run = 'exec "$0" --input-type=module -e "$1" "$2"';

it('a disk that fills up costs the output only: told once, and events reach live readers', async () => {
  await using folder = await temporaryFolder();
  // A limit to the file's size, 64 KiB, fails the way a full disk does: in the middle of a record.
  const limited = `trap '' XFSZ; ulimit -f 128; ${run}`;
  const script = `${imports}
    const live = Array.fromAsync(journal.read());
    journal.event(${JSON.stringify(started('r1'))});
    for (let index = 0; index < 10; index++) {
      output.write('stdout', Buffer.from('x'.repeat(9_999) + '\\n'));
      journal.event({ type: 'warning', text: String(index) });
      if (index % 3 === 0) await new Promise(setImmediate);
    }
    journal.event({ type: 'run.ended', outcome: 'succeeded' });
    const events = (await live).filter(({ type }) => type !== 'output');
    const { lostBytes } = journal;
    await journal.close();
    console.log(JSON.stringify({ failures, lostBytes, events: events.map((it) => it.text ?? it.type) }));
  `;
  const path = journalPath(folder.path, 'r1');
  const result = (await inChild(limited, script, folder.path)) as {
    failures: string[];
    lostBytes: number;
    events: string[];
  };
  assert.equal(result.failures.length, 1);
  assert.match(result.failures[0]!, /may not grow any larger.*--state-dir/);
  assert.ok(result.failures[0]!.includes(path));
  assert.ok(result.lostBytes > 30_000, String(result.lostBytes));
  const numbers = Array.from({ length: 10 }, (_, index) => String(index));
  assert.deepEqual(result.events, ['run.started', ...numbers, 'run.ended']);

  const bytes = await readFile(path);
  assert.equal(bytes.at(-1), 0x0a, 'the incomplete record was taken away');
  const records = await Array.fromAsync(readJournal(path));
  assert.equal(told(records).filter((record) => record === 'warning').length, 6);
});

it('a device without space fails the file once, whatever comes later', async () => {
  const failures: (string | undefined)[] = [];
  const file = new JournalFile(openSync('/dev/full', 'w'), ({ code }) => failures.push(code));
  file.append([Buffer.from('one\n')]);
  file.flush();
  file.append([Buffer.alloc(600_000)]);
  file.append([Buffer.from('two\n')], { type: 'warning', text: 'two', seq: 1, at: 0 });
  file.flush();
  await file.close();
  await file.close();
  assert.deepEqual(failures, ['ENOSPC']);
  const { state } = file;
  assert.ok(state.kind === 'closed');
  assert.equal(state.lostBytes, 600_004);
  assert.deepEqual(
    state.kept.map(({ seq }) => seq),
    [1],
  );
});

it('events that no disk takes are kept in their order, also those of one turn', async () => {
  const file = new JournalFile(openSync('/dev/full', 'w'), () => undefined);
  const warning = (seq: number) => ({ type: 'warning', text: '', seq, at: 0 }) as const;
  file.append([Buffer.alloc(200_000)], warning(0));
  // There is no room to gather this one, so what is there is written.
  file.append([Buffer.alloc(100_000)], warning(1));
  file.append([Buffer.from('two\n')], warning(2));
  await file.close();
  assert.ok(file.state.kind === 'closed');
  assert.deepEqual(
    file.state.kept.map(({ seq }) => seq),
    [0, 1, 2],
  );
});

it('a line of 150 MB is written and read in little memory', async () => {
  await using folder = await temporaryFolder();
  const script = `${imports}
    const { readJournal } = await import(${JSON.stringify(import.meta.resolve('./journal-reader.ts'))});
    const piece = Buffer.alloc(65_536, 'a');
    const before = process.memoryUsage().rss;
    for (let index = 0; index < 2_300; index++) {
      output.write('stdout', piece);
      await new Promise(setImmediate);
    }
    output.write('stdout', Buffer.from('\\n'));
    output.end();
    await journal.close();
    let bytes = 0;
    for await (const record of readJournal(journal.path)) bytes += record.bytes.length;
    const grown = process.resourceUsage().maxRSS * 1_024 - before;
    console.log(JSON.stringify({ bytes, grown, failures }));
  `;
  const result = (await inChild(run, script, folder.path)) as { bytes: number; grown: number };
  assert.equal(result.bytes, 2_300 * 65_536 + 1);
  assert.ok(result.grown < 80_000_000, `${result.grown} bytes more`);
});

it('a run that is killed leaves every record of the turns before', async () => {
  await using folder = await temporaryFolder();
  const script = `${imports}
    journal.event(${JSON.stringify(started('r1'))});
    output.write('stdout', Buffer.from('one\\ntwo'));
    setImmediate(() => setImmediate(() => {
      console.log('{}');
      process.kill(process.pid, 'SIGKILL');
    }));
  `;
  await inChild('"$0" --input-type=module -e "$1" "$2" || test $? = 137', script, folder.path);
  const path = join(folder.path, 'runs/r1/journal');
  assert.deepEqual(told(await Array.fromAsync(readJournal(path))), ['run.started', 'stdout one\n']);
});
