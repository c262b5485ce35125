import assert from 'node:assert/strict';

import type { Sandbox, Task, TaskSpec } from '../../src/executor/executor.ts';
import type { ContractSubject } from './executor-contract.ts';

interface Launching {
  /** A script of a shell as a task of the subject. */
  readonly spec: (lines: string, more?: Partial<TaskSpec>) => TaskSpec;
  /** Starts one, which must succeed. */
  readonly launch: (lines: string, more?: Partial<TaskSpec>) => Promise<Task>;
}

/** How tasks are launched in the sandbox of a subject; both are there only once the tests have begun. */
export function launching(
  parts: () => { readonly subject: ContractSubject; readonly sandbox: Sandbox },
): Launching {
  const spec = (lines: string, more: Partial<TaskSpec> = {}): TaskSpec => {
    const { image } = parts().subject;
    return {
      name: 'task',
      run: { kind: 'script', interpreter: ['/bin/sh'], text: `${lines}\n` },
      environment: {},
      ...(image !== undefined && { image }),
      ...more,
    };
  };
  return {
    spec,
    async launch(lines, more = {}) {
      const launched = await parts().sandbox.launch(
        spec(lines, more),
        new AbortController().signal,
      );
      assert.ok(launched.ok, JSON.stringify(launched));
      return launched.value;
    },
  };
}
