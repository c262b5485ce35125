import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { launching } from './launching.ts';
import { outputsContract } from './outputs.ts';
import { sharedFoldersContract } from './shared-folders.ts';
import { collect, firstLine, freePort, heldBytes, text, until, within } from './watching.ts';

import type { Executor, Sandbox, Task } from '../../src/executor/executor.ts';

/** An executor to be held to the contract, and what it needs to be asked in its own way. */
export interface ContractSubject extends AsyncDisposable {
  readonly executor: Executor;
  /** The image that every task gets; it holds a POSIX shell. Absent: tasks have none. */
  readonly image?: string;
  /** Where a missing folder is refused at launch. */
  readonly workspace: string;
  /** Shell words that print a line once they listen on the port, and listen until they are ended. */
  listener(port: number): string;
  /** The end of a task's first process is the end of all it started, and nobody can tell what that was. */
  readonly treeEndsWithLeader?: true;
  /** Whether a `sleep` with this word in its command line runs in a task. */
  runs(word: string): Promise<boolean>;
}

const never = new AbortController().signal;
const hour = { signal: 'TERM', graceMs: 3_600_000 };

/** Every promise of the port. An executor is held to it by one call. */
export function executorContract(name: string, open: () => Promise<ContractSubject>): void {
  describe(`executor contract: ${name}`, { concurrency: false }, () => {
    let subject: ContractSubject;
    let sandbox: Sandbox;

    before(async () => {
      subject = await open();
      const opened = await subject.executor.open(
        { runId: 'contract', stage: 'stage', workspace: subject.workspace },
        never,
      );
      assert.ok(opened.ok, JSON.stringify(opened));
      sandbox = opened.value;
    });
    after(async () => {
      await sandbox[Symbol.asyncDispose]();
      await subject[Symbol.asyncDispose]();
    });

    const { spec, launch } = launching(() => ({ subject, sandbox }));
    /** Nothing is left where the end of the leader is the end of the tree. */
    const goneWithLeader = async (task: Task, seconds: string): Promise<void> => {
      assert.equal(await subject.runs(seconds), false);
      assert.deepEqual(await within(task.stop(hour)), { killed: false, leftBehind: [] });
      await within(collect(task));
    };
    /** A number of seconds to sleep that no other process sleeps: it names a process of a test. */
    let words = 1_000_000 + (process.pid % 10_000) * 100;
    const word = (): string => String(++words);

    describe('the end of a command', () => {
      for (const code of [0, 1, 3, 255])
        it(`is told with its exit code ${code}`, async () => {
          const task = await launch(`exit ${code}`);
          assert.deepEqual(await task.exited, { kind: 'code', code });
        });

      for (const signal of ['TERM', 'KILL', 'INT'])
        it(`is told with the signal ${signal} that a stranger sent`, async () => {
          const task = await launch(`kill -${signal} $$; exec sleep 60`);
          const exit = await within(task.exited);
          // Where a shell of the executor stands in between, it can only tell by the exit code.
          const codes = { TERM: 143, KILL: 137, INT: 130 } as Record<string, number>;
          if (exit.kind === 'code') assert.equal(exit.code, codes[signal]);
          else assert.deepEqual(exit, { kind: 'signal', signal });
        });

      it('is told although a child still holds the output open', async () => {
        const seconds = word();
        const task = await launch(`sleep ${seconds} & exit 4`);
        assert.deepEqual(await within(task.exited), { kind: 'code', code: 4 });
        if (subject.treeEndsWithLeader) return goneWithLeader(task, seconds);
        await until(() => subject.runs(seconds));
        const { killed, leftBehind } = await within(task.stop({ signal: 'TERM', graceMs: 60_000 }));
        assert.equal(killed, false);
        assert.equal(leftBehind.length, 1);
        assert.match(leftBehind[0]!.command, new RegExp(seconds));
        assert.equal(text(await within(collect(task))), '');
      });
    });

    describe('output', () => {
      it('comes whole, in order, with the last line as it is', async () => {
        const task = await launch(`printf 'one\\n'; printf 'two'`);
        assert.equal(text(await collect(task)), 'one\ntwo');
      });

      it('is exact for bytes that are no text', async () => {
        const task = await launch(`printf '\\377\\000\\303(\\r\\n\\342\\202'`);
        const bytes = Buffer.concat((await collect(task)).map((chunk) => chunk.bytes));
        assert.deepEqual(bytes, Buffer.from([0xff, 0, 0xc3, 0x28, 13, 10, 0xe2, 0x82]));
      });

      it('tells the two streams apart', async () => {
        const task = await launch('echo out; echo err >&2');
        const chunks = await collect(task);
        assert.equal(text(chunks, 'stdout'), 'out\n');
        assert.equal(text(chunks, 'stderr'), 'err\n');
      });

      it('can be written to by name', async () => {
        const task = await launch('echo out >/dev/stdout; echo err >/dev/stderr');
        const chunks = await collect(task);
        assert.equal(text(chunks, 'stdout'), 'out\n');
        assert.equal(text(chunks, 'stderr'), 'err\n');
      });

      it('is all there when nobody read before the end', async () => {
        const task = await launch(
          'i=0; while [ $i -lt 2000 ]; do echo "line $i"; i=$((i+1)); done',
        );
        await task.exited;
        assert.equal(text(await collect(task)).split('\n').length, 2001);
      });

      it('of any length is carried in bounded memory, even as one line', async () => {
        const size = 50_000_000;
        const task = await launch(`head -c ${size} /dev/zero | tr '\\0' x`);
        const before = heldBytes();
        let bytes = 0;
        for await (const chunk of task.output) {
          // Long enough for all of it to come, if somebody took it.
          if (bytes === 0) await delay(200);
          if (bytes % 8_000_000 < chunk.bytes.length) {
            const held = heldBytes() - before;
            assert.ok(held < 16_000_000, `${held} bytes held`);
          }
          bytes += chunk.bytes.length;
          assert.ok(chunk.bytes.every((byte) => byte === 120));
        }
        assert.equal(bytes, size);
      });

      it('includes the last words after TERM', async () => {
        const task = await launch(
          `trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.02; done`,
        );
        const output = collect(task);
        await firstLine(output);
        await task.stop(hour);
        assert.match(text(await output, 'stdout'), /bye\n$/);
      });
    });

    describe('stop', () => {
      it('sends the signal and does not kill what obeys', async () => {
        const task = await launch(`trap 'exit 7' TERM; echo up; while :; do sleep 0.02; done`);
        await firstLine(collect(task));
        assert.deepEqual(await task.stop(hour), { killed: false, leftBehind: [] });
        assert.deepEqual(await task.exited, { kind: 'code', code: 7 });
      });

      it('sends the signal that was asked for', async () => {
        const task = await launch(
          `trap 'exit 9' INT; trap '' TERM; echo up; while :; do sleep 0.02; done`,
        );
        await firstLine(collect(task));
        assert.equal((await task.stop({ ...hour, signal: 'INT' })).killed, false);
        assert.deepEqual(await task.exited, { kind: 'code', code: 9 });
      });

      it('kills what ignores the signal, after the grace', async () => {
        const seconds = word();
        const task = await launch(`trap '' TERM; echo up; sleep ${seconds}; sleep ${seconds}`);
        await firstLine(collect(task));
        const start = performance.now();
        const stopped = await task.stop({ signal: 'TERM', graceMs: 200 });
        assert.equal(stopped.killed, true);
        assert.ok(performance.now() - start >= 195);
        assert.equal(await subject.runs(seconds), false);
        assert.notDeepEqual(await task.exited, { kind: 'code', code: 0 });
      });

      it('is hurried by a second stop with less grace', async () => {
        const task = await launch(`trap '' TERM; echo up; while :; do sleep 0.02; done`);
        await firstLine(collect(task));
        const first = task.stop(hour);
        await task.stop({ signal: 'TERM', graceMs: 0 });
        assert.equal((await within(first)).killed, true);
      });

      it('is no kill after a grace where KILL is the wish', async () => {
        const task = await launch(`trap '' TERM; echo up; while :; do sleep 0.02; done`);
        await firstLine(collect(task));
        const first = task.stop(hour);
        const nothing = { killed: false, leftBehind: [] };
        assert.deepEqual(await within(task.stop({ signal: 'KILL', graceMs: 0 })), nothing);
        assert.deepEqual(await within(first), nothing);
      });

      it('may come after the end, and again', async () => {
        const task = await launch('exit 0');
        await task.exited;
        const nothing = { killed: false, leftBehind: [] };
        assert.deepEqual(await task.stop(hour), nothing);
        assert.deepEqual(await task.stop(hour), nothing);
      });

      it('reaches what was forked too late for the signal', async () => {
        const seconds = word();
        // The last words of a shell that leaves somebody behind.
        const task = await launch(
          `trap 'sleep ${seconds} & exit 0' TERM; echo up; while :; do sleep 0.02; done`,
        );
        await firstLine(collect(task));
        assert.equal((await within(task.stop(hour))).killed, false);
        assert.equal(await subject.runs(seconds), false);
      });

      it('leaves it to a command of the task to end it in an orderly way', async () => {
        const task = await launch(
          `trap 'sleep 0.1 && echo in order; exit 0' TERM; echo up; while :; do sleep 0.02; done`,
        );
        const output = collect(task);
        await firstLine(output);
        assert.equal((await within(task.stop(hour))).killed, false);
        assert.match(text(await output), /in order\n$/);
      });

      it('reaches what is suspended', async () => {
        // Another tells, once it is.
        const told = `(sleep 0.3; echo up) &`;
        const task = await launch(`trap 'exit 5' TERM; ${told} kill -STOP $$; sleep 60`);
        await firstLine(collect(task));
        assert.equal((await within(task.stop({ signal: 'TERM', graceMs: 5_000 }))).killed, false);
      });
    });

    describe('stop ends the whole tree:', () => {
      const trees: Record<string, (seconds: string) => string> = {
        'a grandchild': (s) => `sh -c "sh -c 'sleep ${s}' & wait" & echo up; wait`,
        'a session of its own': (s) => `setsid sleep ${s} & echo up; wait`,
        'an orphan, forked twice': (s) => `(setsid sh -c 'sleep ${s} & ' &) ; echo up; sleep 60`,
        'one that cleared its environment': (s) => `env -i setsid sleep ${s} & echo up; wait`,
        'one whose parent has ended': (s) => `(sleep ${s} >/dev/null 2>&1 &); echo up; sleep 60`,
      };
      for (const [what, script] of Object.entries(trees))
        it(what, async () => {
          const seconds = word();
          const task = await launch(script(seconds));
          await firstLine(collect(task));
          await until(() => subject.runs(seconds));
          await within(task.stop({ signal: 'TERM', graceMs: 5_000 }));
          assert.equal(await subject.runs(seconds), false);
        });

      it('a daemon that outlived its starter', async () => {
        const seconds = word();
        const task = await launch(
          `setsid sh -c 'sleep ${seconds} >/dev/null 2>&1 & ' & wait; echo up`,
        );
        await task.exited;
        if (subject.treeEndsWithLeader) return goneWithLeader(task, seconds);
        await until(() => subject.runs(seconds));
        const { leftBehind } = await within(task.stop({ signal: 'TERM', graceMs: 5_000 }));
        assert.ok(leftBehind.some(({ command }) => command.includes(seconds)));
        assert.equal(await subject.runs(seconds), false);
      });

      it('what forks while it is being killed', async () => {
        const seconds = word();
        const task = await launch(
          `trap '' TERM; echo up; while :; do sleep ${seconds} & sleep 0.005; done`,
        );
        await firstLine(collect(task));
        assert.equal((await within(task.stop({ signal: 'TERM', graceMs: 60 }))).killed, true);
        assert.equal(await subject.runs(seconds), false);
      });
    });

    describe('launch', () => {
      it('names a command that does not exist', async () => {
        const run = { kind: 'argv', argv: ['continuo-no-such-command'] } as const;
        const launched = await sandbox.launch(spec('', { run }), never);
        assert.deepEqual(launched, {
          ok: false,
          failure: { kind: 'commandNotFound', command: 'continuo-no-such-command' },
        });
      });

      it('names a folder that does not exist', async () => {
        const launched = await sandbox.launch(spec(':', { workingDir: 'no/such' }), never);
        assert.equal(launched.ok, false);
        assert.equal(launched.failure.kind, 'directoryMissing');
      });

      it('passes words as they are, through no shell', async () => {
        const argv = ['printf', '%s|', 'a b', '$HOME', '*', "'"] as const;
        const task = await launch('', { run: { kind: 'argv', argv } });
        assert.equal(text(await collect(task)), `a b|$HOME|*|'|`);
      });

      it('starts nothing when it is not wanted any more', async () => {
        const seconds = word();
        const aborted = await sandbox.launch(spec(`sleep ${seconds}`), AbortSignal.abort());
        assert.deepEqual(aborted, { ok: false, failure: { kind: 'abandoned' } });
        assert.equal(await subject.runs(seconds), false);
      });

      it('leaves nothing behind when it is aborted meanwhile', async () => {
        const seconds = word();
        const abort = new AbortController();
        const launching = sandbox.launch(spec(`sleep ${seconds}`), abort.signal);
        abort.abort();
        const launched = await launching;
        if (launched.ok) await launched.value.stop({ signal: 'KILL', graceMs: 0 });
        else assert.deepEqual(launched.failure, { kind: 'abandoned' });
        assert.equal(await subject.runs(seconds), false);
      });

      it('works for fifty at once', async () => {
        const tasks = await Promise.all(
          Array.from({ length: 50 }, (_, n) => launch(`echo task ${n}; exit ${n}`)),
        );
        for (const [n, task] of tasks.entries()) {
          assert.equal(text(await collect(task)), `task ${n}\n`);
          assert.deepEqual(await task.exited, { kind: 'code', code: n });
          await task.stop(hour);
        }
      });
    });

    describe('surroundings', () => {
      it('hold the environment that is named, and nothing of ours', async () => {
        process.env['CONTINUO_CONTRACT_LEAK'] = 'leak';
        const task = await launch('env', { environment: { WISH: 'a b\nc', EMPTY: '' } });
        delete process.env['CONTINUO_CONTRACT_LEAK'];
        const printed = text(await collect(task));
        assert.match(printed, /^WISH=a b\nc$/m);
        assert.match(printed, /^EMPTY=$/m);
        assert.match(printed, /^PATH=.+$/m);
        assert.match(printed, /^CONTINUO_RUN_ID=contract$/m);
        assert.doesNotMatch(printed, /LEAK/);
      });

      it('are the workspace, or a folder of it', async () => {
        mkdirSync(join(subject.workspace, 'sub'), { recursive: true });
        const root = await launch('pwd');
        const sub = await launch('pwd', { workingDir: 'sub' });
        assert.equal(`${text(await collect(root)).trim()}/sub`, text(await collect(sub)).trim());
      });

      it('have nothing to read from', async () => {
        const task = await launch('cat; echo done');
        assert.equal(text(await within(collect(task))), 'done\n');
      });
    });

    describe('ports', () => {
      it('that nobody listens on are nobody’s, or unknown', async () => {
        const task = await launch('sleep 60');
        const listening = await task.listens(await freePort());
        await task.stop({ signal: 'KILL', graceMs: 0 });
        assert.ok(['nobody', 'unknown'].includes(listening.by), listening.by);
      });

      it('belong to the task whose child listens', async () => {
        const port = await freePort();
        const task = await launch(`(${subject.listener(port)}) & wait`);
        await firstLine(collect(task));
        const listening = await task.listens(port);
        await task.stop({ signal: 'KILL', graceMs: 0 });
        assert.ok(['task', 'unknown'].includes(listening.by), listening.by);
      });

      it('are told by their numbers, or cannot be seen', async () => {
        const port = await freePort();
        const [task, idle] = await Promise.all([
          launch(`(${subject.listener(port)}) & wait`),
          launch('echo up; exec sleep 60'),
        ]);
        await Promise.all([task, idle].map((each) => firstLine(collect(each))));
        const ports = await Promise.all([task.ports(), idle.ports()]);
        await Promise.all([task, idle].map((each) => each.stop({ signal: 'KILL', graceMs: 0 })));
        if (ports.includes(undefined)) assert.deepEqual(ports, [undefined, undefined]);
        else assert.deepEqual(ports, [[port], []]);
      });

      it('that another task listens on are a stranger’s, unless each task has its own', async () => {
        const port = await freePort();
        const other = await launch(subject.listener(port));
        await firstLine(collect(other));
        const task = await launch('sleep 60');
        const listening = await task.listens(port);
        await Promise.all([task, other].map((each) => each.stop({ signal: 'KILL', graceMs: 0 })));
        assert.notEqual(listening.by, 'task');
        if (listening.by === 'stranger') assert.match(listening.stranger.command, /\S/);
      });

      it('are reached where the task says', async () => {
        const port = await freePort();
        const container = { container: { ownPorts: [port] } };
        const task = await launch(
          subject.listener(port),
          subject.image === undefined ? {} : container,
        );
        await firstLine(collect(task));
        const socket = connect(task.reach(port));
        await within(once(socket, 'connect'));
        socket.destroy();
        await task.stop({ signal: 'KILL', graceMs: 0 });
      });
    });

    describe('exec', () => {
      it('runs where the task is, with its environment and more', async () => {
        mkdirSync(join(subject.workspace, 'sub'), { recursive: true });
        const task = await launch('sleep 60', { workingDir: 'sub', environment: { A: 'task' } });
        const text = 'basename "$PWD"; echo "$A $B"; echo err >&2; exit 3\n';
        const end = await task.exec(
          { run: { kind: 'script', interpreter: ['/bin/sh'], text }, environment: { B: 'exec' } },
          never,
        );
        await task.stop({ signal: 'KILL', graceMs: 0 });
        assert.ok(end.ok, JSON.stringify(end));
        assert.deepEqual(end.value.exit, { kind: 'code', code: 3 });
        assert.equal(end.value.isCut, false);
        assert.deepEqual(end.value.output.split('\n').sort(), ['', 'err', 'sub', 'task exec']);
      });

      it('keeps the end of a long output', async () => {
        const task = await launch('sleep 60');
        const run = {
          kind: 'argv',
          argv: ['sh', '-c', 'head -c 100000 /dev/zero | tr "\\0" x; echo the end'],
        } as const;
        const end = await task.exec({ run, environment: {} }, never);
        await task.stop({ signal: 'KILL', graceMs: 0 });
        assert.ok(end.ok);
        assert.equal(end.value.isCut, true);
        assert.equal(end.value.output.length, 4_096);
        assert.match(end.value.output, /xthe end\n$/);
      });

      it('is ended with all it started when it is not wanted any more', async () => {
        const seconds = word();
        const task = await launch('sleep 60');
        const abort = new AbortController();
        const argv = ['sh', '-c', `setsid sleep ${seconds} & wait`] as const;
        const ending = task.exec({ run: { kind: 'argv', argv }, environment: {} }, abort.signal);
        await until(() => subject.runs(seconds));
        abort.abort();
        assert.deepEqual(await within(ending), { ok: false, failure: { kind: 'abandoned' } });
        assert.equal(await subject.runs(seconds), false);
        await task.stop({ signal: 'KILL', graceMs: 0 });
      });
    });

    sharedFoldersContract(() => ({ subject, spec }));
    outputsContract(() => ({ sandbox, spec }));

    it('dispose ends every task, and nothing can be launched afterwards', async () => {
      const workspace = mkdtempSync(join(tmpdir(), 'continuo-contract-'));
      const opened = await subject.executor.open(
        { runId: 'contract-2', stage: 'other', workspace },
        never,
      );
      assert.ok(opened.ok);
      const seconds = word();
      const script = `trap '' TERM; setsid sleep ${seconds} & sleep ${seconds}`;
      const launched = await opened.value.launch(spec(script), never);
      assert.ok(launched.ok);
      await until(() => subject.runs(seconds));
      await within(Promise.resolve(opened.value[Symbol.asyncDispose]()));
      await opened.value[Symbol.asyncDispose]();
      assert.equal(await subject.runs(seconds), false);
      await within(launched.value.exited);
      await within(collect(launched.value));
      assert.equal((await opened.value.launch(spec(':'), never)).ok, false);
      rmSync(workspace, { recursive: true });
    });

    it('dispose ends what is just being launched', async () => {
      const opened = await subject.executor.open(
        { runId: 'contract-3', stage: 'other', workspace: subject.workspace },
        never,
      );
      assert.ok(opened.ok);
      const seconds = word();
      const first = await opened.value.launch(spec(`sleep ${seconds}`), never);
      assert.ok(first.ok);
      const launching = Array.from({ length: 10 }, () =>
        opened.value.launch(spec(`sleep ${seconds}`), never),
      );
      // Each at another point of its launch.
      for (const launch of launching.slice(0, 3)) await launch;
      await within(Promise.resolve(opened.value[Symbol.asyncDispose]()));
      for (const launched of await Promise.all(launching))
        if (launched.ok) await within(launched.value.exited);
        else assert.equal(launched.failure.kind, 'abandoned');
      assert.equal(await subject.runs(seconds), false);
    });
  });
}
