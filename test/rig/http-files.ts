import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createSafeServer } from 'node:https';

import { freePort } from './ports.ts';

import type { IncomingMessage, Server, ServerResponse } from 'node:http';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A real http server on loopback that answers as a test says, and remembers what it was asked. */
export class HttpFiles implements AsyncDisposable {
  readonly port: number;
  readonly asked: { readonly path: string; readonly authorization: string | undefined }[] = [];
  readonly #server: Server;
  readonly #scheme: 'http' | 'https';

  private constructor(server: Server, port: number, scheme: 'http' | 'https') {
    this.#server = server;
    this.#scheme = scheme;
    this.port = port;
    server.on('request', ({ url = '', headers }: IncomingMessage) => {
      this.asked.push({ path: url, authorization: headers.authorization });
    });
  }

  static async start(
    answer: Answer,
    pair?: { readonly key: string; readonly cert: string },
  ): Promise<HttpFiles> {
    const server = pair ? createSafeServer(pair) : createServer();
    const port = await freePort();
    const files = new HttpFiles(server, port, pair ? 'https' : 'http');
    server.on('request', answer);
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return files;
  }

  /** The address of a path, by `127.0.0.1` unless another name of this machine is wanted. */
  at(path: string, host = '127.0.0.1'): string {
    return `${this.#scheme}://${host}:${this.port}${path}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}

/** Gives these texts by their paths, and 404 for every other. */
export const texts =
  (files: Readonly<Record<string, string>>): Answer =>
  ({ url = '' }, response) => {
    const text = files[url];
    response.statusCode = text === undefined ? 404 : 200;
    response.end(text);
  };

/** Gives a text that never comes to its end, and goes on: who says nothing for long is not waited for. */
export const endless: Answer = (_, response) => {
  const more = setInterval(() => response.write('# more\n'), 500);
  response.on('close', () => clearInterval(more));
};
