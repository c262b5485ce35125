import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { Place } from '../rig/cli.ts';
import { askingOnFailure, harnessRun, harnessStage } from '../rig/harness-stage.ts';
import { assertInvariants } from '../rig/invariants.ts';
import { serve } from '../rig/serving.ts';

import type { Serving } from '../rig/serving.ts';

/** A stage and a step that want to know something, and a step that fails until somebody says what to do. */
const release = harnessStage(
  harnessRun(
    'login',
    'echo "to <+stage.variables.REGION> with $TOKEN"',
    'envVariables: { TOKEN: "<+input>.executionInput()" }',
  ) + harnessRun('smoke', 'test -e fixed || exit 3', '', askingOnFailure('Ignore')),
  {
    stage:
      'variables: [{ name: REGION, type: String, value: "<+input>.allowedValues(north,south).executionInput()" }]',
  },
);

interface Told {
  readonly outcome: string;
  readonly questions: readonly {
    readonly id: string;
    readonly kind: string;
    readonly choices: readonly string[];
    readonly inputs?: readonly { readonly name: string }[];
  }[];
}

const post = (server: Serving, path: string, body: unknown): Promise<Response> =>
  server.ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

async function comesTo(server: Serving, is: (told: Told) => boolean): Promise<Told> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const told = (await (await server.ask('/api/v1/runs/latest')).json()) as Told;
    if (is(told)) return told;
    assert.ok(performance.now() < deadline, JSON.stringify(told));
    await delay(20);
  }
}

const asks = (server: Serving, id: string) =>
  comesTo(server, ({ questions }) => questions.some((one) => one.id === id));

describe('what a run of a server asks', { skip: process.platform !== 'linux' }, () => {
  it('is answered over HTTP and by command lines, and no secret of an answer is ever shown', async () => {
    await using place = new Place();
    const server = await serve(place);
    const started = await post(server, '/api/v1/runs', { text: release });
    assert.equal(started.status, 201);
    const { questions } = await asks(server, 'build');
    assert.deepEqual(
      questions.map(({ kind, choices, inputs }) => [kind, choices, inputs?.[0]?.name]),
      [['stage', ['give'], 'REGION']],
    );
    const waiting = await place.continuo(['describe']);
    assert.match(
      waiting.stdout,
      /stage 'build' asks for REGION \(north or south\)\n +continuo answer build give --input REGION=… 2\S+\n$/,
    );
    const commands = '/api/v1/runs/latest/commands';
    const give = { do: 'answer', by: 'ann', step: 'build', choice: 'give' };
    const wrong = await post(server, commands, { ...give, inputs: { REGION: 'moon' } });
    assert.equal(wrong.status, 422);
    assert.match(await wrong.text(), /its input 'REGION' is to be one of north, south/);
    const taken = await post(server, commands, { ...give, inputs: { REGION: 'south' } });
    assert.equal(taken.status, 200);

    await asks(server, 'build.login');
    const secret = place.start(['answer', 'login', 'give', '--secret-input', 'envVariables.TOKEN']);
    secret.child.stdin!.end('abc-12345\n');
    const given = await secret.told;
    assert.equal(given.code, 0, given.stderr);
    assert.match(given.stdout, /has what 'login' asks for\n$/);

    await asks(server, 'build.smoke');
    const failed = await place.continuo(['describe', '--server', server.url], {
      CONTINUO_TOKEN: server.token,
    });
    assert.match(
      failed.stdout,
      /step 'smoke' asks: it failed with exit code 3: what shall be done\?\n +continuo answer smoke retry\|ignore\|succeed\|fail\|abort 2\S+\n$/,
    );
    const odd = await place.continuo(['answer', 'smoke', 'approve']);
    assert.equal(odd.code, 2);
    assert.match(odd.stderr, /'approve' is none of retry, ignore, succeed, fail, abort/);
    const early = await place.continuo(['answer', 'login', 'retry']);
    assert.match(early.stderr, /asks nothing at 'login', but at 'smoke'/);
    place.file('fixed', '');
    const again = await place.continuo(['answer', 'smoke', 'retry', '--server', server.url], {
      CONTINUO_TOKEN: server.token,
    });
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stdout, /has the answer 'retry' for 'smoke'\n$/);
    await comesTo(server, ({ outcome }) => outcome === 'succeeded');

    assert.equal(await place.output('build.login'), 'to south with ********\n');
    const events = await place.events();
    assertInvariants(events);
    assert.doesNotMatch(JSON.stringify(events), /abc-12345/);
    for (const path of ['', '/events', '/logs', '/plan', '/environment']) {
      const answer = await server.ask(`/api/v1/runs/latest${path}`);
      assert.doesNotMatch(await answer.text(), /abc-12345/, path);
    }
  });

  it('is waited for as long as it takes, and no longer than the run is wanted', async () => {
    await using place = new Place();
    const server = await serve(place);
    await post(server, '/api/v1/runs', { text: release });
    await asks(server, 'build');
    assert.equal((await place.continuo(['kill'])).code, 0);
    const { questions } = await comesTo(server, ({ outcome }) => outcome === 'cancelled');
    assert.deepEqual(questions, []);
  });
});
