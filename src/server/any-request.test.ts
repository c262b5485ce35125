import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { anyRequests } from '../../test/rig/any-request.ts';
import { openTestServer, writeRun } from '../../test/rig/server.ts';
import { goodStory } from '../../test/rig/stories.ts';

import type { LightMyRequestResponse } from 'fastify';
import type { Described } from '../../test/rig/any-request.ts';

const id = '20261121-223012-4k3f9';
const numRuns = Number(process.env['CONTINUO_RANDOM_REQUESTS'] ?? 150);

describe('any request at all', () => {
  const paths = [
    '/api/v1/runs',
    '/api/v1/runs/x',
    '/api/v1/runs/x/commands',
    '/api/v1/runs/latest/events',
    '/login',
    '/',
  ];
  const anyPath = fc.oneof(
    fc.constantFrom(...paths),
    fc.webPath(),
    fc.webSegment().map((segment) => `/api/v1/runs/${segment}`),
    fc.string().map((name) => `/api/v1/runs/${encodeURIComponent(name)}/logs`),
  );
  const anyQuery = fc.dictionary(
    fc.constantFrom('limit', 'before', 'outcome', 'from', 'count', 'tail', 'follow', 'task', 'x'),
    fc.oneof(fc.string(), fc.integer().map(String), fc.constantFrom('true', 'false', '1e400')),
  );

  it('is answered, and never by a bug or a stack', async () => {
    await using server = await openTestServer();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'),
        anyPath,
        anyQuery,
        fc.option(fc.json({ maxDepth: 4 })),
        async (method, path, query, body) => {
          const payload = body ?? undefined;
          const response = await server.ask({
            method: method,
            url: `${path}?${new URLSearchParams(query).toString()}`,
            ...(payload !== undefined && { payload }),
            headers: payload === undefined ? {} : { 'content-type': 'application/json' },
          });
          assert.ok(response.statusCode < 500, `${method} ${path}: ${response.body}`);
          if (response.statusCode >= 400 && method !== 'HEAD')
            assert.match(String(response.headers['content-type']), /problem\+json/);
          assert.doesNotMatch(response.body, /node_modules|\.ts:\d/);
        },
      ),
      { numRuns },
    );
    assert.deepEqual(server.bugs, []);
  });

  it('to any route that is described is answered as that is, or refused with a problem', async () => {
    await using server = await openTestServer();
    await writeRun(server.stateDir, id, goodStory().records);
    const api = (await server.ask({ url: '/api/v1/openapi.json' })).json<Described>();
    const reached = new Map<string, number>();
    const routes = anyRequests(api, [id, 'latest', 'shop']);
    assert.ok(routes.length > 30, `${routes.length} routes`);
    for (const route of routes)
      await fc.assert(
        fc.asyncProperty(route, async (request) => {
          const { method, url, body, described } = request;
          const response = await server.ask({
            ...{ method, url },
            ...(body !== undefined && { payload: body }),
            headers: body === undefined ? {} : { 'content-type': 'application/json' },
          });
          assertAnswer(response, described, `${method} ${url} ${body}`);
          const [path] = url.split('?');
          if (response.statusCode < 300) reached.set(path!, (reached.get(path!) ?? 0) + 1);
        }),
        { numRuns: Math.ceil((2 * numRuns) / routes.length) },
      );
    assert.ok([...reached.values()].length > 5, JSON.stringify([...reached]));
    assert.deepEqual(server.bugs, []);
  });
});

function assertAnswer(
  { statusCode, body, headers }: LightMyRequestResponse,
  described: readonly string[],
  what: string,
): void {
  assert.doesNotMatch(body, /node_modules|\.ts:\d/, what);
  if (statusCode < 400) return;
  // CIX's own way to tell the mistakes of a file: an answer like others.
  if (described.includes(String(statusCode)) && body.startsWith('[')) return;
  assert.match(String(headers['content-type']), /problem\+json/, what);
  const problem = JSON.parse(body) as { type: string; title: string; status: number };
  assert.equal(problem.status, statusCode, what);
  assert.ok(problem.title.length > 0, what);
  // What runs pipelines here is `false`, and that is told.
  assert.ok(statusCode < 500 || problem.type === 'urn:continuo:runner-ended', `${what}: ${body}`);
}
