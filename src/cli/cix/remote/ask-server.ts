import { complain } from '../../complain.ts';
import { exitCode } from '../../exit-code.ts';
import { describeFailure } from '../../remote/describe-failure.ts';
import { RemoteServer } from '../../remote/remote-server.ts';
import { findServer } from '../../remote/server-place.ts';
import { refused } from '../exit-code.ts';
import { defaultPort } from '../options.ts';

import type { Result } from '../../../base/result.ts';
import type { RemoteFailure } from '../../remote/remote-server.ts';
import type { World } from '../../world.ts';
import type { ServerFlags } from '../options.ts';

/** What a command of CIX asks a server with. */
export interface Asking {
  readonly server: RemoteServer;
  /** Says why something came to nothing; answers the exit code of that. */
  readonly complain: (failure: RemoteFailure) => number;
}

/** The server that the command line names; otherwise it is told why there is none, and the failure is the exit code. */
export function askServer(flags: ServerFlags, world: World): Result<Asking, number> {
  const { host = '127.0.0.1', port = defaultPort(world) } = flags;
  const server = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const place = findServer({ server }, world);
  if (!place.ok) {
    complain(world, flags, place.failure);
    return { ok: false, failure: exitCode.server };
  }
  return {
    ok: true,
    value: {
      server: new RemoteServer(place.value),
      complain(failure) {
        complain(world, flags, inCixWords(failure));
        return codeOf(failure);
      },
    },
  };
}

/** What several refusals come to: a place that is not right comes before mistakes in files. */
export const codeOfAll = (codes: readonly number[]): number =>
  codes.find((code) => code === exitCode.server) ??
  codes.find((code) => code === exitCode.unavailable) ??
  codes[0] ??
  exitCode.ok;

function inCixWords(failure: RemoteFailure): string {
  const where = 'name another with --host and --port';
  switch (failure.kind) {
    case 'unreached':
      return `cannot reach a server at ${failure.url}: ${failure.detail}; start one with \`cix server\`, or ${where}`;
    case 'strange':
      return `what answers at ${failure.url} (with ${failure.status}) is no server of Continuo: ${where}`;
    case 'refused':
      if (failure.word === 'no-run')
        return 'there is no such pipeline on the server; `cix pipelines` lists what there is';
      return describeFailure(failure);
    default:
      return failure satisfies never;
  }
}

function codeOf(failure: RemoteFailure): number {
  if (failure.kind !== 'refused') return exitCode.server;
  const { status, word } = failure;
  if (word === 'invalid-pipeline' || word === 'no-file') return exitCode.invalid;
  if (word === 'cannot-run') return exitCode.unavailable;
  return status === 401 || status === 429 || status >= 500 ? exitCode.server : refused;
}
