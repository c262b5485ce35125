import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { openTestServer, writeRun } from '../../../test/rig/server.ts';
import { goodStory } from '../../../test/rig/stories.ts';
import { groupsOf } from './operations.ts';
import { curlLine, fieldsOf, keyOf, toRequest } from './to-request.ts';

import type { ApiDescription, Operation } from './operations.ts';
import type { BodyShape } from './fields.ts';
import type { TryRequest } from './to-request.ts';

const id = '20261121-223012-4k3f9';

async function described() {
  const server = await openTestServer();
  await writeRun(server.stateDir, id, goodStory().records);
  const api = (await server.ask({ url: '/api/v1/openapi.json' })).json<ApiDescription>();
  const groups = groupsOf(api);
  const operations = groups.flatMap((group) => group.operations);
  const operation = (key: string): Operation => operations.find((one) => one.key === key)!;
  return Object.assign(server, { api, groups, operations, operation });
}

const shapeOf = ({ body }: Operation, name = ''): BodyShape | undefined =>
  body?.kind === 'shapes' ? body.shapes.find((shape) => shape.name === name) : undefined;

function request(
  operation: Operation,
  values: Readonly<Record<string, string>>,
  shape = '',
): TryRequest {
  const made = toRequest(operation, shapeOf(operation, shape), new Map(Object.entries(values)));
  assert.ok(made.ok, JSON.stringify(made));
  return made.value;
}

describe('the forms for what a server can be asked', () => {
  it('are there for every route that it describes, by tags with a description', async () => {
    await using server = await described();
    const { api, groups, operations } = server;
    const routes = Object.values(api.paths).flatMap((methods) => Object.keys(methods));
    assert.equal(operations.length, routes.length);
    assert.ok(groups.length > 3);
    for (const { name, about } of groups) assert.notEqual(about, '', name);
    for (const { path, parameters } of operations) {
      const inPath = parameters
        .filter(({ where }) => where === 'path')
        .map(({ name }) => `{${name}}`);
      assert.deepEqual(inPath, path.match(/\{[^}]+\}/g) ?? []);
    }
  });

  it('are made of what the schemas say', async () => {
    await using server = await described();
    const { operation } = server;
    const list = operation('GET /api/v1/runs').parameters;
    const field = (name: string) => list.find((one) => one.name === name);
    assert.deepEqual(field('limit')?.takes, { kind: 'number' });
    assert.equal(field('limit')?.fallback, '100');
    const outcome = field('outcome')?.takes;
    assert.ok(outcome?.kind === 'choice' && outcome.options.includes('lost'));
    const follow = operation('GET /api/v1/runs/{run}/events').parameters.find(
      ({ name }) => name === 'follow',
    );
    assert.deepEqual(follow?.takes, { kind: 'choice', options: ['true', 'false'] });
    const start = shapeOf(operation('POST /api/v1/runs'))!.fields;
    assert.deepEqual(
      start.slice(0, 2).map(({ name, takes }) => [name, takes]),
      [
        ['file', { kind: 'text', isLong: false }],
        ['text', { kind: 'text', isLong: true }],
      ],
    );
    const commands = operation('POST /api/v1/runs/{run}/commands').body;
    assert.deepEqual(commands?.kind === 'shapes' && commands.shapes.map(({ name }) => name), [
      'pause',
      'resume',
      'kill',
      'answer',
      'approve',
      'reject',
      'set',
    ]);
    assert.equal(operation('POST /api/validate/pipeline/schema').body?.kind, 'any');
    assert.ok(operation('GET /api/v1/runs/{run}/logs').isStream);
  });

  it('come to requests that the server takes', async () => {
    await using server = await described();
    const { operation } = server;
    const asked = async ({ method, path, body }: TryRequest) => {
      const headers = body === undefined ? {} : { 'content-type': 'application/json' };
      const payload = body === undefined ? {} : { payload: body };
      const response = await server.ask({
        method: method,
        url: path,
        headers,
        ...payload,
      });
      return response.statusCode;
    };
    const lines = operation('GET /api/v1/runs/{run}/logs/lines');
    const some = request(lines, { 'path run': 'latest', 'query count': '2' });
    assert.equal(some.path, '/api/v1/runs/latest/logs/lines?count=2');
    assert.equal(await asked(some), 200);
    const alias = operation('POST /api/v1/runs/{run}/aliases');
    assert.equal(await asked(request(alias, { 'path run': id, 'body alias': 'a "b" ?' })), 200);
    const commands = operation('POST /api/v1/runs/{run}/commands');
    const resume = { 'path run': 'a "b" ?', 'body by': 'ann', 'body to': '{"step": "x"}' };
    const made = request(commands, resume, 'resume');
    assert.deepEqual(JSON.parse(made.body!), { do: 'resume', by: 'ann', to: { step: 'x' } });
    assert.equal(await asked(made), 409);
    const all = request(commands, { ...resume, 'body to': 'all' }, 'resume');
    assert.deepEqual(JSON.parse(all.body!), { do: 'resume', by: 'ann', to: 'all' });
  });

  it('say which fields cannot be taken', async () => {
    await using server = await described();
    const commands = server.operation('POST /api/v1/runs/{run}/commands');
    const values = new Map([['body inputs', '{oops']]);
    const made = toRequest(commands, shapeOf(commands, 'approve'), values);
    assert.ok(!made.ok);
    assert.deepEqual(
      [...made.failure],
      [
        ['path run', 'is required'],
        ['body by', 'is required'],
        ['body step', 'is required'],
        ['body inputs', 'is to be JSON'],
      ],
    );
    const keys = fieldsOf(commands, shapeOf(commands, 'approve')).map(keyOf);
    assert.equal(new Set(keys).size, keys.length);
  });
});

describe('the command line for a request', () => {
  it('asks the same', () => {
    const origin = 'http://127.0.0.1:10030';
    const get = { method: 'GET', path: '/api/v1/runs', isStream: false };
    assert.equal(
      curlLine(get, origin),
      `curl -sS -H "Authorization: Bearer $CONTINUO_TOKEN" 'http://127.0.0.1:10030/api/v1/runs'`,
    );
    assert.match(curlLine({ ...get, isStream: true }, origin), /^curl -sSN -H/);
    assert.match(curlLine({ ...get, method: 'POST' }, origin), /^curl -sS -X POST -H/);
  });

  it('is read by a shell as it was meant, whatever is handed over', () => {
    const text = fc.string({ unit: 'binary-ascii' }).filter((one) => !one.includes('\0'));
    fc.assert(
      fc.property(text, (value) => {
        const body = JSON.stringify({ value });
        const made = { method: 'POST', path: '/x', body, isStream: false };
        const line = curlLine(made, 'http://h').replace(/^curl .*--json/s, "printf '%s\\n'");
        const [told, url] = execFileSync('sh', ['-c', line], { encoding: 'utf8' }).split('\n');
        assert.deepEqual([told, url], [body, 'http://h/x']);
      }),
      { numRuns: 20 },
    );
  });
});
