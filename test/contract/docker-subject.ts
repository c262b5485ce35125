import { execFile } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { connect } from '../../src/executor/docker/connect.ts';
import { DockerExecutor } from '../../src/executor/docker/docker-executor.ts';

import type { Environment } from '../../src/executor/docker/endpoint.ts';
import type { ContractSubject } from './executor-contract.ts';

const run = promisify(execFile);

/** The executor with the engine that this environment names, which has the image `continuo-test/node`. */
export async function dockerSubject(environment: Environment): Promise<ContractSubject> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'continuo-contract-'));
  const connection = await connect(environment);
  if (!connection.ok) throw new Error(connection.failure);
  const executor = new DockerExecutor({
    connection: connection.value,
    environment,
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
