import assert from 'node:assert/strict';
import { it } from 'node:test';

import { ourHosts } from './hosts.ts';

it('a server goes by its addresses at its port, and by the names it was given as a proxy writes them', () => {
  const hosts = ourHosts('127.0.0.1', 10_030, ['CI.example', 'ci.example:8443', '::2']);
  for (const name of ['127.0.0.1:10030', 'localhost:10030', '[::1]:10030', '[::2]', '[::2]:10030'])
    assert.ok(hosts.has(name), name);
  for (const name of ['ci.example', 'ci.example:10030', 'ci.example:8443'])
    assert.ok(hosts.has(name), name);
  for (const name of ['127.0.0.1', 'localhost:8443', 'evil.example', 'ci.example:80', ''])
    assert.ok(!hosts.has(name), name);
  assert.ok(ourHosts('127.0.0.1', 80, []).has('localhost'));
});
