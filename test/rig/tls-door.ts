import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';

import type { Server } from 'node:tls';

/**
 * Lets those in to a socket who prove by a certificate who they are. `folder` gets what they need:
 * `ca.pem`, `cert.pem` and `key.pem`.
 */
export async function openTlsDoor(
  folder: string,
  port: number,
  socketPath: string,
): Promise<AsyncDisposable> {
  makeCertificates(folder);
  const read = (name: string): Buffer => readFileSync(join(folder, name));
  const server = createServer(
    {
      ca: read('ca.pem'),
      cert: read('server.pem'),
      key: read('server-key.pem'),
      requestCert: true,
      rejectUnauthorized: true,
    },
    (client) => {
      const inside = connect({ path: socketPath, allowHalfOpen: true });
      const close = (): void => void (client.destroy(), inside.destroy());
      client.on('error', close).on('close', close);
      inside.on('error', close);
      client.pipe(inside).pipe(client);
    },
  );
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
  return { [Symbol.asyncDispose]: () => closed(server) };
}

function makeCertificates(folder: string): void {
  const openssl = (...words: string[]): void => {
    execFileSync('openssl', words, { cwd: folder, stdio: 'ignore' });
  };
  const key = (name: string): string[] => ['-newkey', 'rsa:2048', '-nodes', '-keyout', name];
  openssl('req', '-x509', ...key('ca-key.pem'), '-out', 'ca.pem', '-subj', '/CN=ca', '-days', '2');
  for (const [name, cert, own] of [
    ['server', 'server.pem', 'server-key.pem'],
    ['client', 'cert.pem', 'key.pem'],
  ] as const) {
    const request = `${name}.csr`;
    openssl('req', ...key(own), '-out', request, '-subj', `/CN=${name}`);
    writeFileSync(join(folder, 'names'), 'subjectAltName=IP:127.0.0.1,DNS:localhost');
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial', '-extfile', 'names'];
    openssl('x509', '-req', '-in', request, ...by, '-out', cert, '-days', '2');
  }
}

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => void server.close(() => resolve()));
