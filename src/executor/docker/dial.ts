import { createRequire } from 'node:module';
import { connect } from 'node:net';

import { SshConnection } from './ssh-connection.ts';

import type * as Tls from 'node:tls';
import type { Duplex } from 'node:stream';
import type { Endpoint } from './endpoint.ts';

/** What few want is loaded when it is wanted. */
const load = createRequire(import.meta.url);

/** Begins a connection to an engine. Whether there is one, it tells as every stream does. */
export function dial(endpoint: Endpoint): Duplex {
  if (endpoint.kind === 'socket') return connect(endpoint.path);
  if (endpoint.kind === 'ssh') return new SshConnection(endpoint);
  const { host, port = 2375, tls } = endpoint;
  if (!tls) return connect({ host, port });
  return (load('node:tls') as typeof Tls).connect({ host, port, ...tls });
}
