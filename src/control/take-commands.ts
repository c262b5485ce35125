import { chmodSync } from 'node:fs';
import { createServer } from 'node:net';

import { fail } from '../base/result.ts';
import { socketIn } from './control-path.ts';
import { mostBytes, parseCommand, toLine } from './message.ts';

import type { Server, Socket } from 'node:net';
import type { Result } from '../base/result.ts';
import type { CommandRefusal, RunCommand } from '../event/run-command.ts';
import type { Reply } from './message.ts';

type Take = (command: RunCommand) => Result<void, CommandRefusal>;

/** Whoever connects has so long to say what is wanted. */
const patienceMs = 10_000;

/**
 * Takes commands at the socket in a folder, for its owner only, until it is disposed of, which removes the
 * socket. Holds no process up. Rejects where that cannot be had.
 */
export async function takeCommands(folder: string, take: Take): Promise<Disposable> {
  const socket = socketIn(folder);
  const server = createServer((connection) => serve(connection, take));
  try {
    await listening(server, socket.path);
    chmodSync(socket.path, 0o600);
  } catch (error) {
    server.close();
    socket[Symbol.dispose]();
    throw error;
  }
  return {
    [Symbol.dispose]: () => {
      // It removes the socket at once. Whoever is still connected is not waited for.
      server.close();
      socket[Symbol.dispose]();
    },
  };
}

function listening(server: Server, path: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  server.once('error', reject);
  server.listen(path, () => {
    server.off('error', reject).on('error', () => undefined);
    resolve(undefined);
  });
  server.unref();
  return promise;
}

function serve(connection: Socket, take: Take): void {
  let said = '';
  const answer = (reply: Reply): void => void connection.end(toLine(reply));
  connection.unref();
  connection.setTimeout(patienceMs, () => connection.destroy());
  connection.on('error', () => connection.destroy());
  connection.setEncoding('utf8');
  connection.on('data', (text: string) => {
    if (connection.writableEnded) return;
    said += text;
    const end = said.indexOf('\n');
    if (end !== -1) {
      const command = parseCommand(said.slice(0, end));
      answer(command.ok ? take(command.value) : command);
    } else if (said.length > mostBytes)
      answer(fail({ kind: 'not-understood', detail: 'it is too long' }));
  });
}
