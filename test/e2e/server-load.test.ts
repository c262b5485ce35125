import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { describe, it } from 'node:test';

import { Place, eventually } from '../rig/cli.ts';
import { serve } from '../rig/serving.ts';

import type { Socket } from 'node:net';
import type { Serving } from '../rig/serving.ts';

/** How many runs at once, each with two services; twice as many clients. More in the soak. */
const howMany = Number(process.env['CONTINUO_LOAD_RUNS'] ?? 4);

async function start(server: Serving, body: object): Promise<string> {
  const response = await server.ask('/api/v1/runs', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as { id: string };
  assert.equal(response.status, 201, JSON.stringify(answer));
  return answer.id;
}

async function outcomeOf(server: Serving, run: string): Promise<string> {
  const told = (await (await server.ask(`/api/v1/runs/${run}`)).json()) as { outcome: string };
  return told.outcome;
}

/** Asks for something, and reads nothing of the answer. */
function askOnly({ port, token }: Serving, path: string): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.pause();
  const head = [`GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, 'Connection: close'];
  socket.write(`${[...head, `Authorization: Bearer ${token}`].join('\r\n')}\r\n\r\n`);
  return socket;
}

/** The most memory that a process ever had. */
const peakOf = (pid: number): number =>
  1_024 * Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]);

const lineCount = 600_000;
const loud = `version: 2.1
pipeline:
  - step:
      name: talk
      commands-output: minimal
      commands: ["yes $(printf %099d 0) | head -n ${lineCount}"]
`;

describe('a run that is followed', () => {
  it('is held up by no reader, whose memory is not the server’s, and who misses nothing', async () => {
    await using place = new Place();
    const server = await serve(place);
    const before = peakOf(server.running.pid);
    const run = await start(server, { text: loud });
    const idle = ['events', 'logs?follow=true', 'logs?task=talk&follow=true'].map((what) =>
      askOnly(server, `/api/v1/runs/${run}/${what}`),
    );
    const followed = await server.ask(`/api/v1/runs/${run}/logs?task=talk&follow=true`);
    let bytes = 0;
    for await (const piece of followed.body!) bytes += (piece as Uint8Array).length;
    assert.equal(bytes, lineCount * 100);
    // It ended although three readers have read nothing of its 60 MB.
    assert.equal(await outcomeOf(server, run), 'succeeded');
    const grown = peakOf(server.running.pid) - before;
    assert.ok(grown < 150e6, `${grown} bytes more`);
    const [events, ...logs] = idle;
    let text = '';
    let records = 0;
    for await (const piece of events!.setEncoding('utf8')) {
      records += String(piece).split('\nid: ').length - 1;
      text = (text + String(piece)).slice(-1_000);
    }
    assert.match(text, /event: end\ndata: \{"outcome":"succeeded"\}/);
    assert.ok(records > 100);
    for (const log of logs) {
      let read = 0;
      for await (const piece of log) read += (piece as Buffer).length;
      assert.ok(read > lineCount * 100);
    }
  });

  it('is told whole to everybody, as are many others at the same time', async () => {
    await using place = new Place();
    const server = await serve(place);
    const lines = 200;
    const text = `version: 2.1
pipeline:
${['db', 'web']
  .map(
    (name) => `  - step:
      name: ${name}
      background: true
      commands-output: minimal
      commands: ['echo up; exec sleep 1000 # ${place.mark}']
      ready: {log: ^up}
`,
  )
  .join('')}  - step:
      name: talk
      commands-output: minimal
      commands:
        - 'until [ -e go ]; do sleep 0.05; done'
        - 'for n in $(seq ${lines}); do echo line-$n; done'
`;
    const runs = await Promise.all(
      Array.from({ length: howMany }, (_, nth) => start(server, { text, name: `run-${nth}` })),
    );
    const slow = runs.map((run) => askOnly(server, `/api/v1/runs/${run}/events`));
    const following = [...runs, ...runs].map(async (run) =>
      (await server.ask(`/api/v1/runs/${run}/logs?task=talk&follow=true`)).text(),
    );
    place.file('go', '');
    const wanted = Array.from({ length: lines }, (_, index) => `line-${index + 1}\n`).join('');
    for (const told of await Promise.all(following)) assert.equal(told, wanted);
    const outcomes: string[] = [];
    for (const run of runs) outcomes.push(await outcomeOf(server, run));
    assert.deepEqual(new Set(outcomes), new Set(['succeeded']));
    for (const socket of slow) socket.destroy();
    assert.ok(peakOf(server.running.pid) < 400e6, `${peakOf(server.running.pid)} bytes`);
    await eventually(
      () => place.leftovers().every((one) => !one.includes('sleep 1000')),
      () => place.leftovers().join('\n'),
    );
  });
});
