import { execFile } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { connect } from '../../src/executor/docker/connect.ts';
import { DockerExecutor } from '../../src/executor/docker/docker-executor.ts';
import { dockerSuite } from '../rig/docker.ts';
import { executorContract } from './executor-contract.ts';

import type { ContractSubject } from './executor-contract.ts';

const run = promisify(execFile);

dockerSuite('the contract', () => executorContract('docker', open));

async function open(): Promise<ContractSubject> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'continuo-contract-'));
  const connection = await connect(process.env);
  if (!connection.ok) throw new Error(connection.failure);
  const executor = new DockerExecutor({
    connection: connection.value,
    environment: process.env,
    leasesDir: join(folder, 'leases'),
    scratchRoot: folder,
  });
  return {
    executor,
    image: 'continuo-test/node',
    treeEndsWithLeader: true,
    workspace: mkdtempSync(join(folder, 'workspace-')),
    listener: (port: number) =>
      `exec node -e 'require("net").createServer().listen(${port}, () => console.log("listening"))'`,
    runs: async (word: string) => {
      const { stdout } = await run('ps', ['-eo', 'args']);
      return stdout.split('\n').some((line) => line.startsWith('sleep ') && line.includes(word));
    },
    [Symbol.asyncDispose]: () => {
      rmSync(folder, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}
