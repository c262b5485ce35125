import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { sortPullFailure } from './pull-failure.ts';

/** What engines say: Docker with its own store and with containerd's, and Podman. */
const sentences = {
  refused: [
    'manifest for 127.0.0.1:5000/a:1 not found: manifest unknown: manifest unknown',
    'Head "http://127.0.0.1:5000/v2/a/manifests/1": no basic auth credentials',
    'unauthorized: authentication required',
    'denied',
    "pull access denied for a, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    'failed to resolve reference "127.0.0.1:5000/a:1": 127.0.0.1:5000/a:1: not found',
    'failed to authorize: failed to fetch anonymous token: unexpected status: 401 Unauthorized',
    'initializing source docker://127.0.0.1:5000/a:1: reading manifest 1 in 127.0.0.1:5000/a: name unknown: repository name not known to registry',
    'unable to retrieve auth token: invalid username/password: unauthorized: incorrect username or password',
  ],
  unreachable: [
    'Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused',
    'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 10.0.0.1:53: no such host',
    'Get "http://127.0.0.1:1/v2/": net/http: request canceled (Client.Timeout exceeded while awaiting headers)',
    'dial tcp 10.0.0.1:443: i/o timeout',
    'pinging container registry 127.0.0.1:1: Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused',
  ],
  broken: [
    'received unexpected HTTP status: 500 Internal Server Error',
    'received unexpected HTTP status: 503 Service Unavailable',
    'error pulling image configuration: download failed after attempts=6: EOF',
    'Head "http://127.0.0.1:5000/v2/a/manifests/1": EOF',
    'read tcp 127.0.0.1:1->127.0.0.1:2: read: connection reset by peer',
    'something that nobody has ever heard of',
  ],
  final: [
    'no matching manifest for linux/arm64/v8 in the manifest list entries',
    'Get "https://10.0.0.1/v2/": x509: certificate signed by unknown authority',
    'Get "https://10.0.0.1:5000/v2/": http: server gave HTTP response to HTTPS client',
    'toomanyrequests: You have reached your pull rate limit.',
  ],
  diskFull: [
    'write /var/lib/docker/tmp/GetImageBlob1: no space left on device',
    'failed to register layer: Error processing tar file(exit status 1): write /x: no space left on device',
  ],
} as const;

describe("an engine's words", () => {
  it('tell what kind of failure they are about', () => {
    for (const [kind, all] of Object.entries(sentences))
      for (const words of all) assert.equal(sortPullFailure(words).kind, kind, words);
  });

  it('are quoted without what gives others a permission', () => {
    const { detail } = sortPullFailure('Get "https://s3.example.com/a/b?X-Sig=abc&d=e": EOF\n');
    assert.equal(detail, 'Get "https://s3.example.com/a/b?…": EOF');
  });
});
