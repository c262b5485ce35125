import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { fail } from '../base/result.ts';
import { socketIn } from './control-path.ts';
import { mostBytes, parseReply, toLine } from './message.ts';

import type { Result } from '../base/result.ts';
import type { RunCommand } from '../event/run-command.ts';
import type { ControlRefusal } from './message.ts';

/** Why there is no reply: nobody listens (yet, or any more), or something else is wrong. */
export type Unreached =
  | { readonly kind: 'nobody-listens' }
  /** Its process has not read its files yet. */
  | { readonly kind: 'being-read' }
  | { readonly kind: 'unreached'; readonly detail: string };

/** A reply comes at once, unless the process of the run stands still. */
const patienceMs = 10_000;

/** Sends a command to the run in a folder, and answers what that said. Never rejects. */
export async function sendCommand(
  folder: string,
  command: RunCommand,
): Promise<Result<void, ControlRefusal | Unreached>> {
  try {
    using socket = socketIn(folder);
    return await ask(socket.path, command);
  } catch (error) {
    return fail(unreached(error as NodeJS.ErrnoException));
  }
}

/**
 * The same for a run that may have begun just now, or be ending: where nobody listens yet, it is tried again
 * for a while, as long as the run goes on.
 */
export async function sendWhileRunning(
  folder: string,
  command: RunCommand,
  isRunning: () => Promise<boolean>,
): Promise<Result<void, ControlRefusal | Unreached>> {
  for (let waitedMs = 0; ; waitedMs += pollMs) {
    const sent = await sendCommand(folder, command);
    if (sent.ok || sent.failure.kind !== 'nobody-listens' || waitedMs >= beginningMs) return sent;
    await delay(pollMs);
    if (!(await isRunning())) return sent;
  }
}

/** So long a run may take from its first record until it listens. */
const beginningMs = 3_000;
const pollMs = 50;

function ask(path: string, command: RunCommand): Promise<Result<void, ControlRefusal | Unreached>> {
  const { promise, resolve, reject } = Promise.withResolvers<Awaited<ReturnType<typeof ask>>>();
  let said = '';
  const connection = connect(path);
  const leave = (detail: string): void => {
    connection.destroy();
    resolve(fail({ kind: 'unreached', detail }));
  };
  connection.setEncoding('utf8');
  connection.setTimeout(patienceMs, () => leave('it gives no answer'));
  connection.on('error', reject);
  connection.on('data', (text: string) => {
    said += text;
    if (said.length > mostBytes) leave('what it answers is no reply');
  });
  connection.on('close', () => {
    const reply = parseReply(said);
    if (reply) resolve(reply);
    else leave('it broke off');
  });
  connection.write(toLine(command));
  return promise;
}

const unreached = ({ code, message }: NodeJS.ErrnoException): Unreached =>
  code === 'ENOENT' || code === 'ECONNREFUSED'
    ? { kind: 'nobody-listens' }
    : { kind: 'unreached', detail: message };
