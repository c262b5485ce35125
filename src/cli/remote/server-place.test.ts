import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { temporaryFolder } from '../../../test/rig/journal.ts';
import { realWorld } from '../world.ts';
import { findServer } from './server-place.ts';

import type { World } from '../world.ts';

const worldOf = (env: World['env']): World => ({ ...realWorld('continuo'), env });

describe('the server that is meant', () => {
  it('is the one of the state folder, with the token that is there', async () => {
    await using folder = await temporaryFolder();
    const serverDir = join(folder.path, 'server');
    mkdirSync(serverDir);
    writeFileSync(join(serverDir, 'token'), 'abc\n');
    const flags = { stateDir: folder.path };
    const usual = findServer(flags, worldOf({}));
    assert.deepEqual(usual, {
      ok: true,
      value: { url: 'http://127.0.0.1:10030', token: 'abc', isHere: true },
    });
    writeFileSync(join(serverDir, 'where.json'), '{"pid":1,"url":"http://[::1]:7000"}');
    const [there, named] = [
      findServer(flags, worldOf({})),
      findServer({ ...flags, server: 'localhost:7001' }, worldOf({ CONTINUO_SERVER: 'other' })),
    ];
    assert.ok(there.ok && named.ok);
    assert.equal(there.value.url, 'http://[::1]:7000');
    assert.equal(named.value.url, 'http://localhost:7001');
  });

  it('is shown the token of this machine only where it is this machine', async () => {
    await using folder = await temporaryFolder();
    mkdirSync(join(folder.path, 'server'));
    writeFileSync(join(folder.path, 'server', 'token'), 'abc\n');
    const flags = { stateDir: folder.path, server: 'https://ci.example.org' };
    const without = findServer(flags, worldOf({}));
    assert.ok(!without.ok);
    assert.match(without.failure, /^no token for the server at https:\/\/ci\.example\.org: set/);
    const given = findServer(flags, worldOf({ CONTINUO_TOKEN: ' xyz ' }));
    assert.deepEqual(given, {
      ok: true,
      value: { url: 'https://ci.example.org', token: 'xyz', isHere: false },
    });
  });

  it('is told how to start where none has been on this machine', async () => {
    await using folder = await temporaryFolder();
    const none = findServer({ stateDir: folder.path }, worldOf({}));
    assert.match(none.ok ? '' : none.failure, /if none runs yet, `continuo server` starts one$/);
  });

  it('has an address and a token that can be sent', async () => {
    await using folder = await temporaryFolder();
    for (const [server, token] of [
      ['http://host/path', 'abc'],
      ['http://me:secret@host', 'abc'],
      ['http://', 'abc'],
      ['http://host', 'a b'],
    ]) {
      const env = { CONTINUO_TOKEN: token };
      const found = findServer({ stateDir: folder.path, server: server! }, worldOf(env));
      assert.equal(found.ok, false, server);
    }
  });
});
