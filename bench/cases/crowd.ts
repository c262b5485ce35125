import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { megabytes, times } from '../bench.ts';
import { median } from '../measure.ts';
import { serve } from '../serving.ts';

import type { Bench, Row } from '../bench.ts';
import type { Serving } from '../serving.ts';

const runs = 50;
const clients = 100;
const [bursts, linesOfOne] = [10, 200];

/** Two services, and a step that talks for some seconds once the file is there. */
const talk = (go: string): string => `version: 2.1
pipeline:
${['db', 'web']
  .map(
    (name) => `  - step:
      name: ${name}
      background: true
      commands: ['echo up; exec sleep 1000']
      ready: {log: ^up}
`,
  )
  .join('')}  - step:
      name: talk
      commands-output: minimal
      commands:
        - 'until [ -e ${go} ]; do sleep 0.3; done'
        - 'for n in $(seq ${bursts}); do seq ${linesOfOne}; sleep 0.5; done'
`;

/** What readers do to runs: as many as wanted at once on one server, without readers and with them. */
export async function crowd(bench: Bench): Promise<Row[]> {
  const go = join(bench.folder, 'go');
  await using serving = await serve(bench, join(bench.folder, 'crowd'));
  const alone = await talkTogether(bench, serving, go, 0);
  const read = await talkTogether(bench, serving, go, clients);
  const ratio = median(read) / median(alone);
  const seconds = (all: readonly number[]): string => `${(median(all) / 1_000).toFixed(2)} s`;
  const peakBytes = serving.peakBytes();
  return [
    {
      what: `a step of each of ${runs} runs with 2 services at once, followed by ${clients} clients, one of them slow`,
      ...{ ours: seconds(read), against: `${seconds(alone)} with nobody reading` },
      ...{ ratio: times(ratio), atMost: '1.25 x', held: ratio <= 1.25 },
    },
    {
      what: 'the memory of their server',
      ...{ ours: megabytes(peakBytes), against: '', ratio: '' },
      ...{ atMost: '400 MB', held: peakBytes <= 400e6 },
    },
  ];
}

/** How long each of the steps talked, by its journal. */
async function talkTogether(
  bench: Bench,
  serving: Serving,
  go: string,
  readers: number,
): Promise<number[]> {
  rmSync(go, { force: true });
  const ids: string[] = [];
  // Some at a time: what is measured is not how fast they start.
  while (ids.length < runs)
    ids.push(...(await Promise.all(Array.from({ length: 5 }, () => serving.start(talk(go))))));
  const left = new AbortController();
  if (readers > 0) readSlowly(serving, `/api/v1/runs/${ids[0]!}/logs?follow=true`, left.signal);
  const following = Array.from({ length: readers }, async (_, nth) => {
    const path = `/api/v1/runs/${ids[nth % runs]!}/logs?task=talk&follow=true`;
    return (await (await serving.ask(path)).text()).length;
  });
  bench.file('go', '');
  const whole = new Set(await Promise.all(following));
  if (whole.size > 1) throw new Error('readers were told different things');
  while (await goesOn(serving)) await delay(500);
  const lasted = await Promise.all(ids.map((id) => lastingOf(serving, id)));
  left.abort();
  return lasted;
}

async function goesOn(serving: Serving): Promise<boolean> {
  const listed = await serving.ask('/api/v1/runs?outcome=running&limit=1');
  return ((await listed.json()) as { runs: unknown[] }).runs.length > 0;
}

/** From its first line to its last. */
async function lastingOf(serving: Serving, id: string): Promise<number> {
  const text = await (await serving.ask(`/api/v1/runs/${id}/events`)).text();
  const at = [...text.matchAll(/^data: \{"type":"output",.*?"at":([\d.]+),"task":"talk"/gm)].map(
    ([, told]) => Number(told),
  );
  if (!text.endsWith('{"outcome":"succeeded"}\n\n')) throw new Error(text.slice(-500));
  return at.at(-1)! - at[0]!;
}

/** A kilobyte a tenth of a second. */
function readSlowly(serving: Serving, path: string, signal: AbortSignal): void {
  const socket = connect(Number(new URL(serving.url).port), '127.0.0.1');
  const head = [`GET ${path} HTTP/1.1`, `Host: ${new URL(serving.url).host}`, 'Connection: close'];
  socket.write(`${[...head, `Authorization: Bearer ${serving.token}`].join('\r\n')}\r\n\r\n`);
  socket.pause();
  void (async () => {
    while (!signal.aborted && !socket.destroyed) {
      socket.read(1_024);
      await delay(100);
    }
    socket.destroy();
  })();
}
