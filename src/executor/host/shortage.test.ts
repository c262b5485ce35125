import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';

import type { LaunchFailure, OpenFailure } from '../executor.ts';

const run = promisify(execFile);

describe('without another open file to be had', { skip: process.platform !== 'linux' }, () => {
  let folder: string;

  before(() => (folder = mkdtempSync(join(tmpdir(), 'continuo-shortage-'))));
  after(() => rmSync(folder, { recursive: true }));

  /** What `act` prints, in a process that may open few files and has opened them all but `spare`. */
  async function inShortage<T>(act: string): Promise<T> {
    const options = {
      environment: { PATH: process.env['PATH'] },
      leasesDir: join(folder, 'leases'),
      scratchRoot: folder,
      trees: 'processTable',
    };
    const text = `
      import { closeSync, openSync } from 'node:fs';
      import { HostExecutor } from ${JSON.stringify(join(import.meta.dirname, 'host-executor.ts'))};
      const never = new AbortController().signal;
      const executor = new HostExecutor(${JSON.stringify(options)});
      const open = () => executor.open({ runId: 'r', stage: 's', workspace: '/' }, never);
      const opened = await open();
      const spec = { name: 't', run: { kind: 'argv', argv: ['true'] }, environment: {} };
      // All modules and folders have been opened by then.
      const first = await opened.value.launch(spec, never);
      await first.value.stop({ signal: 'KILL', graceMs: 0 });
      const held = [];
      const takeAll = (spare) => {
        try {
          for (;;) held.push(openSync('/dev/null'));
        } catch {
          for (const fd of held.splice(-spare || held.length)) closeSync(fd);
        }
      };
      const giveAll = () => held.splice(0).forEach((fd) => closeSync(fd));
      ${act}
      giveAll();
      await opened.value[Symbol.asyncDispose]();
      console.log(JSON.stringify(result));
    `;
    const limited = ['-c', 'ulimit -n 64; exec "$@"', 'sh', process.execPath];
    const { stdout } = await run('sh', [...limited, '--input-type=module', '-e', text], {
      timeout: 20_000,
    });
    return JSON.parse(stdout) as T;
  }

  it('a launch blames the machine', async () => {
    const failure = await inShortage<LaunchFailure>(`
      takeAll(1);
      const { failure: result } = await opened.value.launch(spec, never);
    `);
    assert.equal(failure.kind, 'environment');
    assert.match(failure.detail, /EMFILE/);
  });

  it('no sandbox is opened that nobody would clean up after', async () => {
    // One for the lease, and none for the pipe to the watchdog.
    const failure = await inShortage<OpenFailure>(`
      takeAll(2);
      const { failure: result } = await open();
    `);
    assert.equal(failure.kind, 'executorUnavailable');
    assert.match(failure.detail, /if it were killed: .*EMFILE/);
    assert.deepEqual(readdirSync(folder), ['leases']);
    assert.deepEqual(readdirSync(join(folder, 'leases')), []);
  });
});
