import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A request, and how it is answered. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Listens where an engine would, and answers what a test wants. */
export class PuppetEngine implements AsyncDisposable {
  /** What was asked for: method, path and query. */
  readonly asked: string[] = [];
  /** The connections that were made. */
  connections = 0;
  answer: Answer;
  readonly #folder: string;
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  private constructor(answer: Answer) {
    this.answer = answer;
    this.#folder = mkdtempSync(join(tmpdir(), 'continuo-puppet-'));
    this.#server = createServer((request, response) => {
      this.asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
      this.answer(request, response);
    });
    this.#server.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.#open.add(socket);
      socket.once('close', () => this.#open.delete(socket));
    });
  }

  static async start(answer: Answer = json(200, {})): Promise<PuppetEngine> {
    const engine = new PuppetEngine(answer);
    engine.#server.listen(engine.path);
    await once(engine.#server, 'listening');
    return engine;
  }

  get path(): string {
    return join(this.#folder, 'sock');
  }

  connect(): Socket {
    return connect(this.path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
    rmSync(this.#folder, { recursive: true });
  }
}

/** An answer as engines give it. */
export const json =
  (status: number, body: unknown): Answer =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
