import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';

import { SshConnection } from './ssh-connection.ts';

import type { Duplex } from 'node:stream';
import type { Endpoint } from './endpoint.ts';

/** Begins a connection to an engine. Whether there is one, it tells as every stream does. */
export function dial(endpoint: Endpoint): Duplex {
  if (endpoint.kind === 'socket') return connect(endpoint.path);
  if (endpoint.kind === 'ssh') return new SshConnection(endpoint);
  const { host, port = 2375, tls } = endpoint;
  // Without a name there is none to be told by; an address is compared with the certificate's.
  return tls ? connectTls({ host, port, ...tls }) : connect({ host, port });
}
