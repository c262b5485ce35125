import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { fail, ok } from '../../base/result.ts';

import type { Result } from '../../base/result.ts';

/** Somebody outside who cleans up when this process dies without a word. */
export interface Watch {
  /** It is not needed any more. Settles once it is gone. */
  dismiss(): Promise<void>;
}

/** How a watchdog is started. */
export interface WatchSpec {
  /** The script that ends a lease, and the Node that runs it. */
  readonly script: string;
  readonly node: string;
  readonly lease: string;
  readonly graceMs: number;
  /** The control group to wait in: not the one that is ended with the tasks. */
  readonly group?: string | undefined;
}

/*
 * A shell is all that waits while we live. It blocks in `read` on a pipe of which nobody else has
 * the other end (Node marks it close-on-exec): it closes when we end, however that happens. Should the
 * program crash, nobody else is there to clean up: it is tried once more.
 */
const waiting = `trap '' INT TERM HUP
[ -z "$1" ] || echo $$ 2>/dev/null >"$1/cgroup.procs"
shift
read -r word
[ "$word" = dismissed ] || "$@" </dev/null || exec "$@" </dev/null`;

/**
 * Starts a watchdog, in a session of its own so that no terminal's Ctrl-C reaches it. The failure is
 * a sentence.
 */
export async function startWatch(spec: WatchSpec): Promise<Result<Watch, string>> {
  const { script, node, lease, graceMs, group } = spec;
  const child = spawn(
    '/bin/sh',
    ['-c', waiting, 'continuo-watchdog', group ?? '', node, script, lease, String(graceMs)],
    { cwd: '/', env: {}, detached: true, stdio: ['pipe', 'ignore', 'ignore'] },
  );
  const gone = once(child, 'exit');
  if (child.pid === undefined) {
    const why = await gone.then(String, (error: unknown) => (error as Error).message);
    return fail(`nobody can be started who would end its tasks if it were killed: ${why}`);
  }
  gone.catch(() => undefined);
  child.stdin.on('error', () => undefined);
  child.unref();
  return ok({
    async dismiss() {
      child.ref();
      child.stdin.end('dismissed\n');
      if (child.exitCode === null && child.signalCode === null) await gone.catch(() => undefined);
    },
  });
}
