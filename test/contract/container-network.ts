import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';

import { nothingLabelled } from '../rig/docker.ts';
import { launching } from './launching.ts';
import { collect, firstLine, text, until, within } from './watching.ts';

import type { AddressInfo, Socket } from 'node:net';
import type { Sandbox, Task, TaskSpec } from '../../src/executor/executor.ts';
import type { ContractSubject } from './executor-contract.ts';

const never = new AbortController().signal;
const runId = `contract-network-${process.pid}`;
const now = { signal: 'KILL', graceMs: 0 };

/** A service that answers everybody with a word, and says so first. */
const answers = (word: string, port: number, host: string): string =>
  `exec node -e 'require("net").createServer((c) => c.on("error", () => 0).end("${word}\\n")).listen(${port}, "${host}", () => console.log("up"))'`;

/** What the port promises of containers: by which names they find one another, and where. */
export function containerNetworkContract(open: () => Promise<ContractSubject>): void {
  for (const shares of [false, true])
    describe(shares ? 'containers that share one network' : 'containers', () => {
      let subject: ContractSubject;
      let sandbox: Sandbox;
      before(async () => {
        subject = await open();
        const { executor, workspace } = subject;
        const names = ['web', 'Group_web', '_other', 'h.local'];
        const opened = await executor.open(
          {
            runId,
            stage: 'names',
            workspace,
            ...(shares && { sharesLoopback: { names, ports: [8000] } }),
          },
          never,
        );
        assert.ok(opened.ok, JSON.stringify(opened));
        sandbox = opened.value;
      });
      after(async () => {
        await sandbox[Symbol.asyncDispose]();
        await subject[Symbol.asyncDispose]();
        await nothingLabelled(`continuo.run=${runId}`);
      });

      const { spec, launch } = launching(() => ({ subject, sandbox }));
      const up = async (lines: string, more: Partial<TaskSpec>): Promise<Task> => {
        const task = await launch(lines, more);
        await firstLine(collect(task));
        return task;
      };
      const said = async (lines: string): Promise<string> =>
        text(await within(collect(await launch(lines))));

      it('find one another by every form of every name', async () => {
        const container = {
          aliases: ['Group_web', '_other'],
          hostname: 'h.local',
          ownPorts: [8000],
        };
        const web = await up(answers('web', 8000, '0.0.0.0'), { name: 'web', container });
        const names = ['web', 'Group_web', 'Group-web', 'group_web', '_other', 'other', 'h.local'];
        const own = sandbox.addressOf('web', 8000);
        assert.equal(own.host, shares ? 'localhost' : 'web');
        const printed = await said(
          [...names, own.host].map((name) => `echo ${name}; nc ${name} 8000 </dev/null`).join('\n'),
        );
        const outside = sandbox.addressFromHost('web', 8000);
        assert.ok(outside);
        const socket = connect(outside);
        await within(once(socket, 'connect'));
        socket.destroy();
        await web.stop(now);
        assert.equal(printed, [...names, own.host].map((name) => `${name}\nweb\n`).join(''));
      });

      it('find what listens at every address of this machine', async () => {
        // Who only looks whether somebody answers goes without a word.
        const greet = (socket: Socket): void =>
          void socket.on('error', () => undefined).end('here\n');
        const server = createServer(greet).listen(0, '0.0.0.0');
        await once(server, 'listening');
        server.unref();
        const { port } = server.address() as AddressInfo;
        const { host, port: there } = sandbox.addressOfHost({ host: 'localhost', port });
        const task = await launch(`nc ${host} ${there} </dev/null`, {
          container: { hostPorts: [port] },
        });
        assert.equal(text(await within(collect(task))), 'here\n');
        server.close();
      });

      if (!shares) return;

      it('find at localhost what listens there only', async () => {
        const web = await up(answers('hidden', 8001, '127.0.0.1'), { name: 'web' });
        assert.equal(
          await said('nc localhost 8001; nc 127.0.0.1 8001; nc web 8001'),
          'hidden\n'.repeat(3),
        );
        await web.stop(now);
      });

      it('tell whose a port is, and who has one that a task wants', async () => {
        const first = await up(answers('first', 8002, '0.0.0.0'), { name: 'first' });
        const second = await launch('sleep 60', { name: 'second' });
        const [mine, other] = await Promise.all([first.listens(8002), second.listens(8002)]);
        const taker = await sandbox.listenerOn(8002);
        const [nobody, free] = [await second.listens(8003), await sandbox.listenerOn(8003)];
        await Promise.all([first, second].map((task) => task.stop(now)));
        assert.deepEqual([mine.by, other.by, nobody.by], ['task', 'stranger', 'nobody']);
        assert.match(taker?.command ?? '', /node -e/);
        assert.equal(free, undefined);
      });

      it('cannot have a port of this machine', async () => {
        const container = { ports: [{ own: 80, outside: 0, protocol: 'tcp' } as const] };
        const launched = await sandbox.launch(spec(':', { container }), never);
        assert.ok(!launched.ok && launched.failure.kind === 'refused');
        assert.match(launched.failure.detail, /port of this machine/);
      });

      it('know all names, their own as well, while others end', async () => {
        const looks =
          'for n in $(seq 1500); do grep -q web /etc/hosts || echo lost; done; grep -qw "$(hostname)" /etc/hosts && echo known';
        const looking = said(looks);
        const looked = looking.then(() => 'looked');
        const end = async () => (await launch('exit 0')).exited;
        while ((await Promise.race([looked, end()])) !== 'looked');
        assert.equal(await looking, 'known\n');
      });

      it('outlive the one that was there first', async () => {
        const web = await up(answers('still', 8004, '0.0.0.0'), { name: 'web' });
        await (
          await launch('exit 0')
        ).exited;
        assert.equal(await said('nc web 8004'), 'still\n');
        await web.stop(now);
        await until(async () => (await sandbox.listenerOn(8004)) === undefined);
      });
    });
}
