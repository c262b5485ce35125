import * as z from 'zod/mini';

import { fail, ok } from '../base/result.ts';
import { runCommand } from '../event/run-command.ts';

import type { Result } from '../base/result.ts';
import type { CommandRefusal, RunCommand } from '../event/run-command.ts';

/** Why a command came to nothing. */
export type ControlRefusal =
  | CommandRefusal
  /** What was sent is no command that this version knows. */
  | { readonly kind: 'not-understood'; readonly detail: string };

/** What a run says to a command. */
export type Reply = Result<void, ControlRefusal>;

/** A longer message is none of ours: a command that came through a server is no longer than a request may be, 1 MiB. */
export const mostBytes = 2 * 1_024 * 1_024;

/** A message of either side is one line. */
export const toLine = (message: unknown): string => `${JSON.stringify(message)}\n`;

/** The command in a line. */
export function parseCommand(line: string): Result<RunCommand, ControlRefusal> {
  const json = parseJson(line);
  if (json === undefined) return fail({ kind: 'not-understood', detail: 'it is no JSON' });
  const parsed = runCommand.safeParse(json);
  return parsed.success
    ? ok(parsed.data)
    : fail({ kind: 'not-understood', detail: z.prettifyError(parsed.error) });
}

/** The reply in a line; nothing where it is none. */
export function parseReply(line: string): Reply | undefined {
  const json = parseJson(line);
  if (typeof json !== 'object' || json === null || !('ok' in json)) return undefined;
  return json.ok === true ? ok(undefined) : (json as Reply);
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
