import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';

import { runFolder } from '../../src/journal/state-dir.ts';
import { Place } from '../rig/cli.ts';
import { comesTo, load, tell } from '../rig/server-runs.ts';
import { serve } from '../rig/serving.ts';
import { limitOpenFiles, openFilesOf } from '../rig/shortage.ts';

import type { Serving } from '../rig/serving.ts';

const post = (server: Serving, body: object): Promise<Response> =>
  server.ask('/api/v1/runs', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const pipeline = (command: string): string =>
  `version: 2.1\npipeline:\n  - step: {name: talk, commands: ['${command}']}\n`;

describe('a server in trouble', () => {
  it('goes on when its disk is full, says so, and starts runs again when it is not', async (t) => {
    await using place = new Place();
    mkdirSync(place.stateDir);
    const mount = ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', place.stateDir];
    try {
      execFileSync('mount', mount, { stdio: 'pipe' });
    } catch {
      t.skip('no permission to mount');
      return;
    }
    try {
      const server = await serve(place);
      const response = await post(server, { text: pipeline('seq 2000000') });
      const { id } = (await response.json()) as { id: string };
      const events = await (await server.ask(`/api/v1/runs/${id}/events`)).text();
      const [, outcome] = /event: end\ndata: \{"outcome":"(\w+)"[,}]/.exec(events) ?? [];
      // The end of the run may find no room either.
      assert.match(outcome ?? 'none', /^(failed|lost)$/);
      const log = await server.ask(`/api/v1/runs/${id}/logs?task=talk&from=1000&count=1`);
      assert.match(await log.text(), /\d/);
      const filler = join(place.stateDir, 'filler');
      assert.throws(() => writeFileSync(filler, Buffer.alloc(5_000_000)), /ENOSPC/);
      const full = await post(server, { text: pipeline('echo more') });
      const problem = (await full.json()) as { type: string; detail: string };
      assert.equal(problem.type, 'urn:continuo:disk', JSON.stringify(problem));
      assert.match(problem.detail, /disk is full|no space/);
      assert.doesNotMatch(problem.detail, /\.ts:\d|\.js:\d/);
      assert.equal((await server.ask('/api/v1/runs')).status, 200);
      rmSync(filler);
      rmSync(runFolder(place.stateDir, id), { recursive: true });
      const again = await post(server, { text: pipeline('echo again') });
      assert.equal(again.status, 201, await again.clone().text());
      const { id: later } = (await again.json()) as { id: string };
      const end = await (await server.ask(`/api/v1/runs/${later}/events`)).text();
      assert.match(end, /event: end\ndata: \{"outcome":"succeeded"\}/);
      server.running.child.kill('SIGTERM');
      await server.running.told;
      await place.empty();
    } finally {
      execFileSync('umount', ['-l', place.stateDir]);
    }
  });

  it('takes no run for lost while it can open nothing, and lets what was to follow begin', async () => {
    await using place = new Place();
    const server = await serve(place);
    const { pid } = server.running;
    const waits = (file: string): string =>
      `  - step: {name: ${file}, commands: ['until [ -e ${file} ]; do sleep 0.02; done']}\n`;
    const text = `version: 2.1\npipeline:\n${waits('on')}${waits('go')}`;
    const first = await load(server, { text });
    const next = await load(server, { text: pipeline('true'), after: first.id });
    await comesTo(server, first.id, ({ outcome }) => outcome === 'running');
    const events = await server.ask(`/api/v1/runs/${first.id}/events`);
    const reader = events.body!.pipeThrough(new TextDecoderStream()).getReader();
    const told = async (pattern: RegExp): Promise<void> => {
      for (let text = ''; !pattern.test(text);) {
        const { value, done } = await reader.read();
        assert.ok(!done, text);
        text += value;
      }
    };
    // What happens only now is read as it is written: by then, all that is needed for that is open.
    place.file('on', '');
    await told(/step\.ended/);
    const usual = openFilesOf(pid);
    limitOpenFiles(pid, '1');
    await server.running.printed(/list of runs is not up to date: EMFILE/);
    limitOpenFiles(pid, usual);
    assert.equal((await tell(server, first.id)).outcome, 'running');
    place.file('go', '');
    await told(/event: end\ndata: \{"outcome":"succeeded"\}/);
    await comesTo(server, next.id, ({ outcome }) => outcome === 'succeeded');
  });

  it('says whose lock keeps it from its index, and lets nobody lock it later', async () => {
    await using place = new Place();
    const first = await serve(place);
    const path = join(place.stateDir, 'server', 'index.sqlite');
    const stranger = new DatabaseSync(path, { timeout: 0 });
    assert.throws(() => stranger.exec('BEGIN EXCLUSIVE'), /locked/);
    assert.equal((await first.ask('/api/v1/runs')).status, 200);
    first.running.child.kill('SIGTERM');
    await first.running.told;
    stranger.exec('BEGIN EXCLUSIVE');
    const told = await place.continuo(['server', '--port', '0']);
    assert.equal(told.code, 3);
    assert.match(told.stderr, /database is locked/);
    assert.match(told.stderr, /--state-dir/);
    assert.doesNotMatch(told.stderr, /^ {4}at /m);
    stranger.close();
    const second = await serve(place);
    assert.equal((await second.ask('/api/v1/runs')).status, 200);
  });
});
