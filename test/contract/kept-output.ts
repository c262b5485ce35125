import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { engineAddress } from '../rig/docker.ts';
import { FaultProxy } from '../rig/fault-proxy.ts';
import { connectTo } from '../../src/executor/docker/connect.ts';
import { DockerExecutor } from '../../src/executor/docker/docker-executor.ts';

import type { OutputStream, TaskSpec } from '../../src/executor/executor.ts';

const never = new AbortController().signal;

/** Lines of every awkward kind on both streams, again and again, and a last one without a newline. */
const awkward = (rounds: number): string => `
const lines = [
  Buffer.from([0xff, 0, 0xc3, 0x28, 13, 10]),
  Buffer.from('\\n\\n'),
  ...[16000, 16390, 32770, 40000].map((length) => Buffer.from('x'.repeat(length) + '\\n')),
];
for (let round = 0; round < ${rounds}; round++)
  for (const [at, line] of lines.entries()) {
    process.stdout.write(at + ' ' + round + ' ');
    process.stdout.write(line);
    process.stderr.write(Buffer.concat([Buffer.from(round + '\\n'), line]));
  }
process.stdout.write('the end');
// A connection that is cut is cut before the end of the container.
setTimeout(() => {}, 300);
process.stderr.write('the end\\n');
`;

/** The executor with an engine behind a proxy, and what a task with this script prints there. */
class Subject implements AsyncDisposable {
  readonly folder: string;
  readonly proxy: FaultProxy;

  private constructor(folder: string, proxy: FaultProxy) {
    this.folder = folder;
    this.proxy = proxy;
  }

  static async open(): Promise<Subject> {
    const folder = mkdtempSync(join(tmpdir(), 'continuo-kept-'));
    const proxy = await FaultProxy.start({ socketPath: join(folder, 'sock') }, engineAddress);
    return new Subject(folder, proxy);
  }

  async printed(script: string): Promise<Record<OutputStream, Buffer>> {
    const connection = await connectTo({ kind: 'socket', path: join(this.folder, 'sock') });
    assert.ok(connection.ok);
    const executor = new DockerExecutor({
      connection: connection.value,
      environment: {},
      leasesDir: join(this.folder, 'leases'),
      scratchRoot: this.folder,
    });
    const opened = await executor.open(
      { runId: 'kept', stage: 'stage', workspace: this.folder },
      never,
    );
    assert.ok(opened.ok);
    await using sandbox = opened.value;
    const spec: TaskSpec = {
      name: 'task',
      run: { kind: 'argv', argv: ['node', '-e', script] },
      environment: {},
      image: 'continuo-test/node',
    };
    const launched = await sandbox.launch(spec, never);
    assert.ok(launched.ok, JSON.stringify(launched));
    const all: Record<OutputStream, Buffer[]> = { stdout: [], stderr: [] };
    for await (const { stream, bytes } of launched.value.output)
      all[stream].push(Buffer.from(bytes));
    return { stdout: Buffer.concat(all.stdout), stderr: Buffer.concat(all.stderr) };
  }

  /** How often the kept output was asked for. */
  get asked(): number {
    return this.proxy.requests.filter((line) => /\/logs\?/.test(line)).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.proxy[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true });
  }
}

/** What holds of output whose connection is cut, with the engine of the tests. */
export function keptOutputContract(): void {
  describe('output that an engine has kept', () => {
    it('is asked for only when the connection is cut, and goes on at the very byte', async () => {
      await using subject = await Subject.open();
      const whole = await subject.printed(awkward(3));
      assert.match(whole.stdout.subarray(-20).toString(), /the end$/);
      assert.equal(subject.asked, 0);
      for (const afterBytes of [0, 5, 16_390, 200_001]) {
        const before = subject.asked;
        subject.proxy.rule({ when: /\/attach\?/, times: 1, fault: { kind: 'cut', afterBytes } });
        const { stdout, stderr } = await subject.printed(awkward(3));
        assert.notEqual(subject.asked, before);
        assert.ok(stdout.equals(whole.stdout), `${stdout.length} of ${whole.stdout.length} bytes`);
        assert.ok(stderr.equals(whole.stderr), `${stderr.length} of ${whole.stderr.length} bytes`);
      }
    });

    it('is whole beyond the 20 MB after which an engine begins anew', async () => {
      await using subject = await Subject.open();
      const lines = 250_000;
      const script = `for (let n = 0; n < ${lines}; n++) process.stdout.write(String(n).padStart(99, '.') + '\\n')`;
      subject.proxy.rule({ when: /\/attach\?/, fault: { kind: 'cut', afterBytes: 3_000_000 } });
      const { stdout } = await subject.printed(script);
      assert.equal(stdout.length, lines * 100);
      for (let n = 0; n < lines; n += 997)
        assert.equal(Number(/\d+/.exec(stdout.toString('latin1', n * 100, n * 100 + 100))?.[0]), n);
    });
  });
}
