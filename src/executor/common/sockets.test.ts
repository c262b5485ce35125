import assert from 'node:assert/strict';
import { endianness } from 'node:os';
import { it } from 'node:test';

import { parseListeners } from './sockets.ts';

const header =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';

it('reads the listening sockets of /proc/net/tcp and leaves the connections out', () => {
  const text = `${header}
   0: 0100007F:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000   999        0 40837 1 0 100 0 0 10 0
   1: 0100007F:1538 0100007F:D2F0 01 00000000:00000000 00:00000000 00000000     0        0 41000 1 0 20 4 30 10 -1
`;
  assert.deepEqual(parseListeners(text), [{ port: 5432, isLocal: true, inode: '40837', uid: 999 }]);
});

it('reads the addresses of /proc/net/tcp6', () => {
  const text = `${header}
   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 51151 1 0 100 0 0 10 0
`;
  assert.deepEqual(parseListeners(text), [{ port: 8080, isLocal: true, inode: '51151', uid: 0 }]);
});

const addresses: [address: string, isLocal: boolean, what: string][] = [
  ['00000000', true, '0.0.0.0'],
  ['0100007F', true, '127.0.0.1'],
  ['3500007F', false, '127.0.0.53'],
  ['0501A8C0', false, '192.168.1.5'],
  ['00000000000000000000000001000000', true, '::1'],
  ['0000000000000000FFFF000000000000', true, '::ffff:0.0.0.0'],
  ['0000000000000000FFFF00000100007F', true, '::ffff:127.0.0.1'],
  ['000080FE000000000000000001000000', false, 'fe80::1'],
];
for (const [address, isLocal, what] of addresses)
  it(`knows whether localhost leads to ${what}`, { skip: endianness() !== 'LE' }, () => {
    const text = `${header}\n   0: ${address}:0035 00000000:0000 0A 0:0 00:0 0 101 0 1 1\n`;
    assert.deepEqual(
      parseListeners(text).map((listener) => listener.isLocal),
      [isLocal],
    );
  });
