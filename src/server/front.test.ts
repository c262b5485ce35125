import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';

import { temporaryFolder } from '../../test/rig/journal.ts';
import { host, openTestServer } from '../../test/rig/server.ts';
import { readPage } from './page-files.ts';

const index = '<!doctype html><script type="module" src="/assets/index-1a.js"></script>';
const script = 'console.log("the page");';

async function serverWithPage() {
  const folder = await temporaryFolder();
  mkdirSync(join(folder.path, 'assets'));
  for (const [name, text] of [
    ['index.html', index],
    ['assets/index-1a.js', script],
  ] as const) {
    writeFileSync(join(folder.path, name), text);
    writeFileSync(join(folder.path, `${name}.gz`), gzipSync(text));
    writeFileSync(join(folder.path, `${name}.br`), brotliCompressSync(text));
  }
  const page = readPage(folder.path);
  await folder[Symbol.asyncDispose]();
  return openTestServer({ page });
}

describe('the page', () => {
  it('is sent as a browser can take it, from memory alone', async () => {
    await using server = await serverWithPage();
    const url = '/assets/index-1a.js';
    const asked = (encoding: string) =>
      server.ask({ url, headers: { 'accept-encoding': encoding } });
    const brotli = await asked('gzip, deflate, br, zstd');
    assert.equal(brotli.headers['content-encoding'], 'br');
    assert.equal(brotliDecompressSync(brotli.rawPayload).toString(), script);
    const gzip = await asked('gzip');
    assert.equal(gzip.headers['content-encoding'], 'gzip');
    assert.equal(gunzipSync(gzip.rawPayload).toString(), script);
    const plain = await asked('identity');
    assert.equal(plain.headers['content-encoding'], undefined);
    assert.equal(plain.body, script);
    assert.match(String(plain.headers['content-type']), /^text\/javascript/);
    assert.equal(plain.headers['vary'], 'accept-encoding');
  });

  it('is kept by a browser where its name tells what is in it, and asked for anew at /', async () => {
    await using server = await serverWithPage();
    const { headers } = await server.ask({ url: '/assets/index-1a.js' });
    assert.match(String(headers['cache-control']), /immutable/);
    const front = await server.ask({ url: '/' });
    assert.equal(front.headers['cache-control'], 'no-store');
    assert.equal(front.body, index);
  });

  it('lets nothing of other servers in, and nothing inline', async () => {
    await using server = await serverWithPage();
    const { headers } = await server.ask({ url: '/' });
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self';/);
    assert.doesNotMatch(policy, /unsafe|\*|https?:/);
  });

  it('has no other files than its own', async () => {
    await using server = await serverWithPage();
    const urls = ['/index.html', '/assets', '/assets/', '/assets/index-1a.js.br'];
    const climbing = ['/assets/../index.html', '/assets/%2e%2e/%2e%2e/package.json', '/..%2fetc'];
    for (const url of [...urls, ...climbing]) {
      const { statusCode } = await server.ask({ url });
      assert.equal(statusCode, 404, url);
    }
  });

  it('is led to where the API can be tried, by the address that one would look for it at', async () => {
    await using server = await serverWithPage();
    const url = '/api/v1/docs';
    const { statusCode, headers } = await server.ask({ url });
    assert.deepEqual([statusCode, headers['location']], [302, '/#/api']);
    const stranger = await server.app.inject({ url, headers: { host, accept: 'text/html' } });
    assert.equal(stranger.statusCode, 401);
    assert.match(stranger.body, /Open the link/);
  });

  it('tells a browser that is not known how to get in, and a program what is wrong', async () => {
    await using server = await serverWithPage();
    const ask = (accept: string, url = '/') =>
      server.app.inject({ url, headers: { host, accept } });
    const browser = await ask('text/html,application/xhtml+xml,*/*;q=0.8');
    assert.equal(browser.statusCode, 401);
    assert.match(browser.body, /Open the link that <code>continuo server<\/code> printed/);
    assert.doesNotMatch(browser.body, /style=|<style|<script/);
    const style = /stylesheet" href="([^"]+)"/.exec(browser.body)?.[1] ?? '';
    assert.equal((await ask('text/css', style)).statusCode, 200);
    assert.equal((await ask('*/*')).json<{ type: string }>().type, 'urn:continuo:no-token');
    assert.equal((await ask('text/html', '/assets/index-1a.js')).statusCode, 401);
  });

  it('tells a browser with a link of no use what to do', async () => {
    await using server = await serverWithPage();
    const form = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' };
    const { statusCode, body } = await server.app.inject({
      ...{ method: 'POST', url: '/login', payload: 'code=x' },
      headers: { host, origin: `http://${host}`, ...form },
    });
    assert.equal(statusCode, 403);
    assert.match(body, /<p>This link was used already, or is too old\.<\/p>/);
  });
});
