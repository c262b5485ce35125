import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { collect, within } from './watching.ts';

import type { ContractSubject } from './executor-contract.ts';

const never = new AbortController().signal;

/** What the port promises of a container whose memory is limited. */
export function containerMemoryContract(open: () => Promise<ContractSubject>): void {
  describe('a container whose memory runs out', () => {
    it('is told of as such, and one that is killed otherwise is not', async () => {
      await using subject = await open();
      const { executor, workspace, image = '' } = subject;
      const opened = await executor.open({ runId: 'memory', stage: 'memory', workspace }, never);
      assert.ok(opened.ok);
      await using sandbox = opened.value;
      const exits = [];
      for (const script of ['exec tail -c 1000m /dev/zero', 'kill -KILL $$']) {
        const launched = await sandbox.launch(
          {
            name: 'task',
            run: { kind: 'script', interpreter: ['/bin/sh'], text: `${script}\n` },
            environment: {},
            image,
            container: { memoryBytes: 24 * 2 ** 20 },
          },
          never,
        );
        assert.ok(launched.ok, JSON.stringify(launched));
        await within(collect(launched.value));
        exits.push(await within(launched.value.exited));
      }
      assert.deepEqual(exits, [{ kind: 'outOfMemory' }, { kind: 'code', code: 137 }]);
    });
  });
}
