import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { openTestServer } from '../../test/rig/server.ts';

import type { TestServer } from '../../test/rig/server.ts';

const text = 'version: 2.1';

async function refusal(
  server: TestServer,
  payload: string | object,
  headers: Record<string, string> = { 'content-type': 'application/json' },
): Promise<string> {
  const response = await server.ask({ method: 'POST', url: '/api/v1/runs', payload, headers });
  assert.match(String(response.headers['content-type']), /^application\/problem\+json/);
  const { type, status } = response.json<{ type: string; status: number }>();
  assert.equal(status, response.statusCode);
  return `${status} ${type.replace('urn:continuo:', '')}`;
}

describe('what a run is asked with', () => {
  it('lies in the workspace, wherever its path or a link leads', async () => {
    await using server = await openTestServer();
    const { workspace } = server;
    writeFileSync(join(workspace, '..', 'outside.yaml'), text);
    mkdirSync(join(workspace, 'folder'));
    symlinkSync('../outside.yaml', join(workspace, 'link.yaml'));
    symlinkSync('..', join(workspace, 'up'));
    for (const file of [
      ...['../outside.yaml', 'folder/../../outside.yaml', 'link.yaml', 'up/outside.yaml'],
      ...['/etc/passwd', 'folder', '.', 'missing.yaml', 'a\0b', '\\..\\outside.yaml'],
    ])
      assert.equal(await refusal(server, { file }), '422 no-file', file);
    for (const folder of ['..', '/', 'up', 'link.yaml', 'missing'])
      assert.equal(await refusal(server, { text, workspace: folder }), '422 no-folder', folder);
  });

  it('is not huge, not deep, JSON, and what the schema says', async () => {
    await using server = await openTestServer();
    const deep = `{"text": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    assert.equal(await refusal(server, deep), '400 too-deep');
    assert.equal(await refusal(server, { text: 'x'.repeat(1_100_000) }), '413 too-large');
    assert.equal(await refusal(server, '{"text": '), '400 broken-json');
    assert.equal(await refusal(server, ''), '400 no-body');
    for (const type of ['text/yaml', 'application/x-www-form-urlencoded'])
      assert.equal(await refusal(server, text, { 'content-type': type }), '415 no-json');
    for (const wrong of [
      ...[{}, [], 'null', '7', { text, file: 'a.yaml' }, { text: '' }, { text, unknown: 1 }],
      ...[
        { text, variables: { 'no name': 'x' } },
        { text, secrets: { A: 7 } },
      ],
      ...[{ text, executor: 'moon' }, '{"text": "a", "__proto__": {"file": "b"}}'],
    ])
      assert.match(await refusal(server, wrong), /^400 /, JSON.stringify(wrong));
  });

  it('cannot begin where nothing can be written, which is told', async () => {
    await using server = await openTestServer();
    writeFileSync(join(server.stateDir, 'runs'), 'in the way');
    assert.equal(await refusal(server, { text }), '507 disk');
    assert.deepEqual(server.bugs, []);
  });

  it('is told of, when its process ends before the run begins', async () => {
    await using server = await openTestServer();
    assert.equal(await refusal(server, { text }), '500 runner-ended');
    assert.deepEqual(await server.index.list({ limit: 10 }), []);
  });
});
