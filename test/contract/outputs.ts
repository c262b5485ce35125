import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { collect, within } from './watching.ts';

import type { PlaceFact, Sandbox, Task, TaskSpec } from '../../src/executor/executor.ts';

interface Parts {
  readonly sandbox: Sandbox;
  readonly spec: (lines: string, more?: Partial<TaskSpec>) => TaskSpec;
}

const never = new AbortController().signal;
const facts: Readonly<Record<string, PlaceFact>> = {
  FILE: { kind: 'outputs' },
  ALSO: { kind: 'outputs' },
};

/** What the port promises of what tasks hand over. */
export function outputsContract(parts: () => Parts): void {
  describe('a task that hands something over', () => {
    const ended = async (lines: string, more: Partial<TaskSpec> = {}): Promise<Task> => {
      const launched = await parts().sandbox.launch(parts().spec(lines, more), never);
      assert.ok(launched.ok, JSON.stringify(launched));
      await within(collect(launched.value));
      await launched.value.stop({ signal: 'KILL', graceMs: 0 });
      return launched.value;
    };

    it('has a file for it, empty at first, that is read once it has ended', async () => {
      const task = await ended(
        '[ ! -s "$FILE" ] && [ "$FILE" = "$ALSO" ]; printf "a\\nb" >> "$FILE"',
        {
          facts,
        },
      );
      assert.deepEqual(await task.exited, { kind: 'code', code: 0 });
      assert.deepEqual(await within(task.outputs()), { ok: true, value: 'a\nb' });
    });

    it('is not read beyond 1 MiB', async () => {
      const task = await ended('head -c 2000000 /dev/zero > "$FILE"', { facts });
      const outputs = await within(task.outputs());
      assert.match(outputs.ok ? '' : outputs.failure, /more than 1 MiB/);
    });

    it('cannot have another file read in its place', async () => {
      const task = await ended('rm -f "$FILE" && ln -s /etc/hostname "$FILE"', { facts });
      assert.equal((await within(task.outputs())).ok, false);
    });

    it('has nothing to hand over when nobody told it where', async () => {
      const task = await ended('true');
      assert.deepEqual(await within(task.outputs()), { ok: true, value: '' });
    });
  });
}
