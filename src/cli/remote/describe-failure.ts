import { exitCode } from '../exit-code.ts';

import type { RemoteFailure } from './remote-server.ts';

/** What came of asking a server in vain, as a sentence that says what to do. */
export function describeFailure(failure: RemoteFailure): string {
  switch (failure.kind) {
    case 'unreached':
      return `cannot reach a server at ${failure.url}: ${failure.detail}; start one with \`continuo server\`, or name another with --server or CONTINUO_SERVER`;
    case 'strange':
      return `what answers at ${failure.url} (with ${failure.status}) is no server of Continuo: name another with --server or CONTINUO_SERVER`;
    case 'refused': {
      if (failure.word === 'wrong-token' || failure.word === 'no-token')
        return 'the server does not know this token: set CONTINUO_TOKEN to what is in the file that it told at its start';
      const { title, detail } = failure;
      if (detail === undefined) return title;
      return detail.includes('\n') ? `${title}:\n${detail}` : `${title}: ${detail}`;
    }
    default:
      return failure satisfies never;
  }
}

/** The exit code of that. */
export function codeOfFailure(failure: RemoteFailure): number {
  if (failure.kind !== 'refused') return exitCode.server;
  const { status, word } = failure;
  if (word === 'cannot-run') return exitCode.unavailable;
  return [401, 403, 429].includes(status) || status >= 500 ? exitCode.server : exitCode.invalid;
}
