import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import type { Serving } from './serving.ts';

/** Asks something of the runs of a server. */
export const post = (server: Serving, path: string, body: unknown): Promise<Response> =>
  server.ask(`/api/v1/runs${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** What a server tells of a run. */
export interface Told {
  readonly id: string;
  readonly outcome: string;
  readonly after?: string;
  readonly cancelledBy?: string;
  readonly paused?: { readonly why: { readonly kind: string } };
  readonly cause?: { readonly kind: string; readonly service?: string; readonly detail?: string };
  readonly nodes: readonly { readonly name: string; readonly state: string }[];
}

/** Starts or loads a run, which the server takes. */
export async function load(server: Serving, body: object): Promise<Told> {
  const response = await post(server, '', body);
  const answer = await response.text();
  assert.equal(response.status, 201, answer);
  return JSON.parse(answer) as Told;
}

/** What came of a command: the status, and why not. */
export const ask = async (server: Serving, run: string, command: object): Promise<string> => {
  const response = await post(server, `/${run}/commands`, { by: 'ann', ...command });
  const { type } = (await response.json()) as { type?: string };
  return `${response.status}${type === undefined ? '' : ` ${type}`}`;
};

/** The same of letting a run go on. */
export const resume = (server: Serving, run: string, to: unknown = 'all'): Promise<string> =>
  ask(server, run, { do: 'resume', to });

/** A run as it is now. */
export const tell = async (server: Serving, run: string): Promise<Told> =>
  (await (await server.ask(`/api/v1/runs/${run}`)).json()) as Told;

/** A run once it is as it is wanted. */
export async function comesTo(
  server: Serving,
  run: string,
  is: (told: Told) => boolean,
): Promise<Told> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const told = await tell(server, run);
    if (is(told)) return told;
    assert.ok(performance.now() < deadline, JSON.stringify(told));
    await delay(20);
  }
}

/** The states of everything in a run, in its order. */
export const states = ({ nodes }: Told): string => nodes.map(({ state }) => state).join(' ');

/** Kills the process of a run, and waits for it to be gone, which it may be only a moment after. */
export async function killRunner(server: Serving, run: string): Promise<void> {
  const events = await (await server.ask(`/api/v1/runs/${run}/events?follow=false`)).text();
  const { pid } = JSON.parse(/^data: (.*)$/m.exec(events)![1]!) as { pid: number };
  process.kill(pid, 'SIGKILL');
  while (existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`).length > 0)
    await delay(10);
}
