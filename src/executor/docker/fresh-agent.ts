import { createRequire } from 'node:module';
import { inspect } from 'node:util';

import type * as Http from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** Imported as an ES module, it would bring Node's whole fetch along: 25 ms of every run. */
const { Agent } = createRequire(import.meta.url)('node:http') as typeof Http;

/**
 * A connection for each request, so that nothing that went wrong with one answer can end up in
 * another. The client forgets a request whose answer breaks off in the middle: here it is told.
 */
export class FreshAgent extends Agent {
  readonly #dial: () => Duplex;

  constructor(dial: () => Duplex) {
    super({ keepAlive: false });
    this.#dial = dial;
  }

  override createConnection(): Duplex {
    return this.#dial();
  }

  /** The client inspects everything about every request to the bottom, sockets and all, for a log that nobody reads. */
  [inspect.custom](): string {
    return this.constructor.name;
  }

  addRequest(request: ClientRequest, ...rest: unknown[]): void {
    request.once('response', (response: IncomingMessage) => {
      response.once('error', (error) => request.emit('error', error));
      // The client leaves a request open that was to become a stream and is refused.
      response.once('end', () => {
        if (!request.writableEnded) request.destroy();
      });
    });
    // Node's own documentation leaves this method out; every library of agents relies on it.
    (Agent.prototype as unknown as { addRequest: (...all: unknown[]) => void }).addRequest.call(
      this,
      request,
      ...rest,
    );
  }
}
