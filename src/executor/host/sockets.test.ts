import assert from 'node:assert/strict';
import { it } from 'node:test';

import { parseListeners } from './sockets.ts';

const header =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';

it('reads the listening sockets of /proc/net/tcp and leaves the connections out', () => {
  const text = `${header}
   0: 0100007F:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000   999        0 40837 1 0 100 0 0 10 0
   1: 0100007F:1538 0100007F:D2F0 01 00000000:00000000 00:00000000 00000000     0        0 41000 1 0 20 4 30 10 -1
`;
  assert.deepEqual(parseListeners(text), [{ port: 5432, inode: '40837', uid: 999 }]);
});

it('reads the addresses of /proc/net/tcp6', () => {
  const text = `${header}
   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 51151 1 0 100 0 0 10 0
`;
  assert.deepEqual(parseListeners(text), [{ port: 8080, inode: '51151', uid: 0 }]);
});
