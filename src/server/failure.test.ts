import assert from 'node:assert/strict';
import { it } from 'node:test';

import { openTestServer, writeRun } from '../../test/rig/server.ts';
import { goodStory, serviceDies } from '../../test/rig/stories.ts';

const id = '20261121-223012-4k3f9';
const url = `/api/v1/runs/${id}/failure`;

interface Told {
  readonly cause?: { readonly sentence: string };
  readonly steps: readonly { readonly name: string; readonly lines: readonly string[] }[];
  readonly services: readonly { readonly name: string; readonly lines: readonly string[] }[];
}

it('a failure is told by its cause, and by what was said around it, the broken service first', async () => {
  await using server = await openTestServer();
  await writeRun(server.stateDir, id, serviceDies().records);
  const { cause, steps, services } = (await server.ask({ url })).json<Told>();
  assert.match(cause?.sentence ?? '', /^service '\S+' died .*while step '\S+' ran$/);
  const broken = /^service '(\S+)'/.exec(cause?.sentence ?? '')?.[1];
  assert.equal(services[0]?.name, broken);
  assert.ok(services[0]!.lines.length > 0);
  assert.equal(steps.length, 1);
});

it('of a run that has not failed there is no failure to be told', async () => {
  await using server = await openTestServer();
  await writeRun(server.stateDir, id, goodStory().records);
  assert.deepEqual((await server.ask({ url })).json(), { steps: [], services: [] });
  const unknown = await server.ask({ url: '/api/v1/runs/nothing/failure' });
  assert.equal(unknown.statusCode, 404);
});
