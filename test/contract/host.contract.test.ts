import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { HostExecutor } from '../../src/executor/host/host-executor.ts';
import { processTable } from '../../src/executor/common/process-table.ts';
import { exercised } from '../rig/exercised.ts';
import { executorContract } from './executor-contract.ts';

import type { HostOptions } from '../../src/executor/host/host-executor.ts';
import type { ContractSubject } from './executor-contract.ts';

function host(trees: HostOptions['trees']): Promise<ContractSubject> {
  const folder = mkdtempSync(join(tmpdir(), 'continuo-contract-'));
  const workspace = mkdtempSync(join(folder, 'workspace-'));
  // Tasks of other users pass through.
  for (const each of [folder, workspace]) chmodSync(each, 0o755);
  const leasesDir = join(folder, 'leases');
  const executor = new HostExecutor({
    environment: process.env,
    leasesDir,
    scratchRoot: folder,
    trees: trees ?? 'auto',
  });
  return Promise.resolve({
    executor: {
      name: executor.name,
      refusal: (wish) => executor.refusal(wish),
      prepare: () => executor.prepare(),
      async open(spec, signal) {
        const opened = await executor.open(spec, signal);
        if (opened.ok) exercised(`host (${treesOf(leasesDir)})`);
        return opened;
      },
    },
    workspace,
    listener: (port) =>
      `exec '${process.execPath}' -e 'require("net").createServer().listen(${port}, "127.0.0.1", () => console.log("listening"))'`,
    runs: (word) =>
      Promise.resolve(
        processTable
          .list()
          .some(({ pid, name }) => name === 'sleep' && processTable.commandOf(pid).includes(word)),
      ),
    [Symbol.asyncDispose]: () => {
      rmSync(folder, { recursive: true });
      return Promise.resolve();
    },
  });
}

/** What keeps the trees of the sandbox together that has a lease here. */
function treesOf(leasesDir: string): 'control groups' | 'process table' {
  const leases = readdirSync(leasesDir).map((name) => readFileSync(join(leasesDir, name), 'utf8'));
  return leases.some((text) => text.includes('"group":')) ? 'control groups' : 'process table';
}

executorContract('host, by control groups where there are any', () => host('auto'));
executorContract('host, by the process table', () => host('processTable'));
