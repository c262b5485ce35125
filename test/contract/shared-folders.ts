import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { after, before, describe, it } from 'node:test';

import { placeMark } from '../../src/executor/executor.ts';
import { collect, text, within } from './watching.ts';

import type { PlaceFact, Sandbox, TaskSpec } from '../../src/executor/executor.ts';
import type { ContractSubject } from './executor-contract.ts';

interface Parts {
  readonly subject: ContractSubject;
  readonly spec: (lines: string, more?: Partial<TaskSpec>) => TaskSpec;
}

const never = new AbortController().signal;

/** What the port promises of the folders that tasks share, and of what they are told of their place. */
export function sharedFoldersContract(parts: () => Parts): void {
  describe('a sandbox with shared folders', () => {
    let sandbox: Sandbox;
    before(async () => (sandbox = await open(parts().subject)));
    after(() => sandbox[Symbol.asyncDispose]());

    const said = async (lines: string, more: Partial<TaskSpec> = {}): Promise<string> => {
      const launched = await sandbox.launch(parts().spec(lines, { facts, ...more }), never);
      assert.ok(launched.ok, JSON.stringify(launched));
      const output = text(await within(collect(launched.value)));
      await launched.value.stop({ signal: 'KILL', graceMs: 0 });
      return output;
    };

    it('has them empty at first, open to everybody, and keeps what is in them', async () => {
      const look = 'ls -A "$KEPT"; ls -ld "$KEPT" "$TOOLS" | cut -c1-10';
      assert.equal(await said(look), 'drwxrwxrwt\ndrwxrwxrwt\n');
      await said('echo one > "$KEPT/one"', { name: 'first' });
      assert.equal(await said('cat "$KEPT/one"', { name: 'second' }), 'one\n');
    });

    it('has them for every user at once', async (t) => {
      const isHost = parts().subject.image === undefined;
      if (isHost && process.getuid?.() !== 0) {
        t.skip('only root can be another user');
        return;
      }
      const user = isHost ? 'nobody' : '1234';
      const wait = 'until [ -e "$KEPT/of-root" ]; do sleep 0.02; done';
      const other = said(
        `echo theirs > "$KEPT/of-other"; ${wait}; cat "$KEPT/of-root"; rm -f "$KEPT/of-root" 2>/dev/null || echo kept`,
        { name: 'other', user },
      );
      const root = said(
        'until [ -e "$KEPT/of-other" ]; do sleep 0.02; done; cat "$KEPT/of-other"; echo mine > "$KEPT/part"; mv "$KEPT/part" "$KEPT/of-root"',
        { name: 'root' },
      );
      assert.deepEqual(await Promise.all([root, other]), ['theirs\n', 'mine\nkept\n']);
      await said('rm "$KEPT"/of-*');
    });

    it('looks for commands there first, whatever PATH a task has', async () => {
      await said('printf "#!/bin/sh\\necho ours\\n" > "$TOOLS/ls"; chmod +x "$TOOLS/ls"');
      assert.equal(await said('ls'), 'ours\n');
      assert.equal(await said('ls', { environment: { PATH: '/usr/bin:/bin' } }), 'ours\n');
      const run = { kind: 'argv', argv: ['ls'] } as const;
      assert.equal(await said('', { run, facts: {} }), 'ours\n');
    });

    it('lets a command that is run beside a task find them, too', async () => {
      const { spec } = parts();
      const own = { facts, environment: { PATH: '/usr/bin:/bin' } };
      const launched = await sandbox.launch(spec('exec sleep 60', own), never);
      assert.ok(launched.ok);
      const { run } = spec('echo "$KEPT"; command -v sleep; echo "$PATH"');
      const { environment } = own;
      const asked = await within(launched.value.exec({ run, environment }, never));
      await launched.value.stop({ signal: 'KILL', graceMs: 0 });
      assert.ok(asked.ok);
      assert.match(asked.value.output, /^\/.*kept\n\/.*sleep\n\/.*tools:\/usr\/bin:\/bin\n$/);
    });

    it('tells a task of its place, before which only its own variables stand', async () => {
      const told = await said(
        'echo "$WORK"; cd "$WORK"; pwd; echo "$DIR"; cd "$DIR"; pwd; echo "$MACHINE"',
      );
      const [work, reallyWork, dir, reallyDir, machine] = told.trimEnd().split('\n');
      assert.deepEqual([work, dir, machine], [reallyWork, reallyDir, hostname()]);
      const environment = { WORK: 'mine' };
      assert.equal(await said('echo "$WORK"', { environment }), 'mine\n');
    });

    it('finds its place in the words and variables of a task, too', async () => {
      const environment = { IN: `<${placeMark('WORK')}>`, WORK: placeMark('KEPT') };
      const told = await said('echo "$IN $WORK"; echo "$KEPT"', { environment });
      const [line = '', kept = ''] = told.split('\n');
      assert.match(line, /^<\/.+> \/.+$/);
      assert.ok(line.endsWith(` ${kept}`));
    });

    it('shares nothing with another sandbox', async () => {
      await said('echo here > "$KEPT/here"');
      await using other = await open(parts().subject);
      const launched = await other.launch(parts().spec('ls -A "$KEPT"', { facts }), never);
      assert.ok(launched.ok);
      assert.equal(text(await within(collect(launched.value))), '');
    });
  });
}

const facts: Readonly<Record<string, PlaceFact>> = {
  KEPT: { kind: 'folder', name: 'kept' },
  TOOLS: { kind: 'folder', name: 'tools' },
  WORK: { kind: 'workspace' },
  DIR: { kind: 'working-dir' },
  MACHINE: { kind: 'machine' },
};

async function open({ executor, workspace }: ContractSubject): Promise<Sandbox> {
  const folders = [
    { name: 'kept', target: '/shared/kept', onPath: false },
    { name: 'tools', target: '/shared/tools', onPath: true },
  ];
  // What is named after a run must be of one run only, whoever else runs this meanwhile.
  const runId = `contract-${randomUUID()}`;
  const spec = { runId, stage: 'stage', workspace, prefix: 'test', folders };
  const opened = await executor.open(spec, never);
  assert.ok(opened.ok, JSON.stringify(opened));
  return opened.value;
}
