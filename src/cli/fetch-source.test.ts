import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';

import { freePort } from '../../test/rig/ports.ts';
import { HttpFiles, texts } from '../../test/rig/http-files.ts';
import { fetchSource } from './fetch-source.ts';

import type { Wanted } from '../dialect/common/read-source.ts';
import type { Answer } from '../../test/rig/http-files.ts';
import type { FetchLimits } from './fetch-source.ts';

const token = { value: 't-123', from: 'the token of the import' };
const secret = { value: 't-456', from: 'the secret HTTP_AUTHORIZATION_TOKEN' };

/** What is said of something that is not given. */
async function refused(wanted: Wanted, limits?: FetchLimits): Promise<string> {
  const read = await fetchSource(wanted, { ...(limits && { limits }) });
  assert.ok(!read.ok, 'it was given');
  const { where, message, hint } = read.failure;
  const told = `${where.file}: ${message} (${hint ?? ''})`;
  assert.doesNotMatch(told, /t-123|t-456|geheim|undefined|at .*\.[jt]s:/);
  return told;
}

const status =
  (code: number): Answer =>
  (_, response) => {
    response.statusCode = code;
    response.end('version: 2.1');
  };

const redirect =
  (to: string): Answer =>
  (_, response) => {
    response.writeHead(302, { location: to }).end();
  };

describe('a file of an http server', () => {
  it('is given as it is', async () => {
    await using server = await HttpFiles.start(texts({ '/a.yaml?x=1': 'ä: 1\n' }));
    const read = await fetchSource({ at: server.at('/a.yaml?x=1') });
    assert.ok(read.ok);
    assert.equal(read.value.text, 'ä: 1\n');
    assert.equal(read.value.file, `http://127.0.0.1:${server.port}/a.yaml?…`);
    assert.deepEqual(server.asked, [{ path: '/a.yaml?x=1', authorization: undefined }]);
  });

  it('is asked for with the token', async () => {
    await using server = await HttpFiles.start(texts({ '/a': 'a' }));
    assert.ok((await fetchSource({ at: server.at('/a'), token })).ok);
    assert.equal(server.asked[0]?.authorization, 'token t-123');
  });

  it('is asked for with the user and password of its address, which nobody sees', async () => {
    await using server = await HttpFiles.start(status(403));
    const at = server.at('/a').replace('://', '://me:geheim%21@');
    assert.match(await refused({ at }), /user and the password of the address were shown/);
    const basic = Buffer.from('me:geheim!').toString('base64');
    assert.equal(server.asked[0]?.authorization, `Basic ${basic}`);
  });

  it('that is not there is told so, and that a token may be missing', async () => {
    await using server = await HttpFiles.start(texts({}));
    const told = await refused({ at: server.at('/a.yaml') });
    assert.match(told, /\/a\.yaml: there is no such file on the server: 404 Not Found/);
    assert.match(
      told,
      /no token was shown: give .*http-authorization-token.*HTTP_AUTHORIZATION_TOKEN/,
    );
  });

  for (const [code, reason] of [
    [404, 'missing'],
    [410, 'missing'],
    [403, undefined],
    [500, undefined],
  ] as const)
    it(`that is answered with ${code} ${reason ? 'may still come' : 'is a mistake'}`, async () => {
      await using server = await HttpFiles.start(status(code));
      const read = await fetchSource({ at: server.at('/a') });
      assert.equal(!read.ok && read.failure.reason, reason);
    });

  for (const code of [401, 403])
    it(`that is refused with ${code} says which token was shown`, async () => {
      await using server = await HttpFiles.start(status(code));
      const at = server.at('/a');
      assert.match(await refused({ at }), new RegExp(`refuses it: ${code}.*no token was shown`));
      assert.match(await refused({ at, token }), /the token of the import was shown/);
      assert.match(
        await refused({ at, token: secret }),
        /the secret HTTP_AUTHORIZATION_TOKEN was shown/,
      );
    });

  for (const code of [500, 503])
    it(`of a server that fails with ${code} is told so`, async () => {
      await using server = await HttpFiles.start(status(code));
      assert.match(
        await refused({ at: server.at('/a') }),
        new RegExp(`the server failed: ${code}`),
      );
    });

  it('that is a web page is told from YAML', async () => {
    const page = '\n<!DOCTYPE html><html><body>Sign in</body></html>';
    await using server = await HttpFiles.start(texts({ '/a': page }));
    assert.match(await refused({ at: server.at('/a') }), /a web page, not with YAML.*plain file/);
  });

  it('that is not UTF-8 is told so', async () => {
    await using server = await HttpFiles.start((_, response) =>
      response.end(Buffer.from([0x61, 0xe4, 0x0a])),
    );
    assert.match(await refused({ at: server.at('/a') }), /not UTF-8: byte 1/);
  });

  it('that has 50 MB is cut off early', async () => {
    const whole = 50 * 1024 * 1024;
    let sent = 0;
    const cut = Promise.withResolvers<undefined>();
    await using server = await HttpFiles.start((_, response) => {
      response.on('close', () => cut.resolve(undefined));
      const more = (): void => {
        while (sent < whole && !response.destroyed) {
          sent += 64 * 1024;
          if (!response.write(Buffer.alloc(64 * 1024, 'a'))) break;
        }
        if (sent >= whole) response.end();
      };
      response.on('drain', more);
      more();
    });
    assert.match(await refused({ at: server.at('/a') }), /larger than 10 MB/);
    await cut.promise;
    assert.ok(sent < whole, `${sent} bytes were sent`);
  });

  it('that grows beyond 10 MB when it is unpacked is cut off, too', async () => {
    const packed = gzipSync(Buffer.alloc(50 * 1024 * 1024, 'a'));
    await using server = await HttpFiles.start((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed),
    );
    assert.match(await refused({ at: server.at('/a') }), /larger than 10 MB/);
  });
});

describe('redirects', () => {
  it('are followed up to five, with the token on one server', async () => {
    await using server = await HttpFiles.start((request, response) => {
      const number = Number(request.url?.slice(1));
      if (number < 5) response.writeHead(307, { location: `/${number + 1}` }).end();
      else response.end('found');
    });
    const read = await fetchSource({ at: server.at('/0'), token });
    assert.ok(read.ok && read.value.text === 'found');
    assert.deepEqual(
      new Set(server.asked.map(({ authorization }) => authorization)),
      new Set(['token t-123']),
    );
    assert.equal(server.asked.length, 6);
  });

  it('in a circle are given up', async () => {
    await using server = await HttpFiles.start(redirect('/again'));
    assert.match(await refused({ at: server.at('/a') }), /redirects more than 5 times/);
    assert.equal(server.asked.length, 6);
  });

  it('to another server leave the token behind, even when they lead back', async () => {
    await using far = await HttpFiles.start((_, response) => {
      response.writeHead(301, { location: near.at('/c') }).end();
    });
    await using near: HttpFiles = await HttpFiles.start((request, response) => {
      if (request.url === '/a') response.writeHead(302, { location: far.at('/b') }).end();
      else response.writeHead(401).end();
    });
    const told = await refused({ at: near.at('/a'), token });
    assert.match(told, /401.*nothing was shown to .*, where redirects led/);
    assert.equal(far.asked[0]?.authorization, undefined);
    assert.deepEqual(near.asked, [
      { path: '/a', authorization: 'token t-123' },
      { path: '/c', authorization: undefined },
    ]);
  });

  it('to another name of one machine leave the token behind', async () => {
    await using server = await HttpFiles.start((request, response) => {
      if (request.url === '/a') response.writeHead(302, { location: server.at('/b', 'localhost') });
      response.end('found');
    });
    assert.ok((await fetchSource({ at: server.at('/a'), token })).ok);
    assert.deepEqual(
      server.asked.map(({ authorization }) => authorization),
      ['token t-123', undefined],
    );
  });

  it('to a file of this machine are not followed', async () => {
    await using server = await HttpFiles.start(redirect('file:///etc/passwd'));
    assert.match(await refused({ at: server.at('/a') }), /redirects to what is no http address/);
  });

  it('without an address are refused', async () => {
    await using server = await HttpFiles.start(status(302));
    assert.match(await refused({ at: server.at('/a') }), /does not give the file: 302/);
  });
});

describe('a server that cannot be asked', () => {
  const limits = { idleMs: 300, totalMs: 60_000 };

  it('because it says nothing is given up', async () => {
    await using server = await HttpFiles.start(() => undefined);
    assert.match(await refused({ at: server.at('/a') }, limits), /said nothing for 0\.3 s/);
  });

  it('because it stops in the middle is given up', async () => {
    await using server = await HttpFiles.start((_, response) => response.write('version: '));
    assert.match(await refused({ at: server.at('/a') }, limits), /said nothing for 0\.3 s/);
  });

  it('because it takes ever more time is given up', async () => {
    await using server = await HttpFiles.start((_, response) => {
      const timer = setInterval(() => response.write('a'), 20);
      response.on('close', () => clearInterval(timer));
    });
    const told = await refused({ at: server.at('/a') }, { idleMs: 60_000, totalMs: 500 });
    assert.match(told, /did not give all of it in 0\.5 s/);
  });

  it('because it breaks off is told so', async () => {
    await using server = await HttpFiles.start((request) => request.socket.destroy());
    assert.match(await refused({ at: server.at('/a') }), /broke the connection off/);
  });

  it('because it breaks off in the middle is told so', async () => {
    await using server = await HttpFiles.start((request, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('a', () => request.socket.destroy());
    });
    assert.match(await refused({ at: server.at('/a') }), /broke the connection off/);
  });

  it('because nobody listens is told so', async () => {
    const port = await freePort();
    const told = await refused({ at: `http://127.0.0.1:${port}/a` });
    assert.match(told, new RegExp(`nobody listens at 127.0.0.1:${port}`));
  });

  it('because its name leads nowhere is told so', async () => {
    const told = await refused({ at: 'http://no-such-server.invalid/a' });
    assert.match(told, /there is no server no-such-server\.invalid|cannot be looked up/);
  });

  it('because http is spoken there and not https is told so', async () => {
    await using server = await HttpFiles.start(status(200));
    const at = server.at('/a').replace('http:', 'https:');
    assert.match(await refused({ at }), /does not speak the protocol of the address/);
  });

  it('because the token cannot stand in a header is told so', async () => {
    await using server = await HttpFiles.start(status(200));
    const broken = { ...token, value: 't-123\r\nX-Other: t-456' };
    assert.match(
      await refused({ at: server.at('/a'), token: broken }),
      /characters that no token has/,
    );
    assert.deepEqual(server.asked, []);
  });
});

it('leaves off when nobody wants it any more', async () => {
  await using server = await HttpFiles.start(() => end.abort(new Error('enough')));
  const end = new AbortController();
  await assert.rejects(fetchSource({ at: server.at('/a') }, { signal: end.signal }), /enough/);
});
