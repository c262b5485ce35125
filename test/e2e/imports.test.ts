import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { Place } from '../rig/cli.ts';
import { HttpFiles, texts } from '../rig/http-files.ts';

import type { Told } from '../rig/cli.ts';

const library = `greet:
  steps:
    name: greetings
    pipeline:
      - step: {name: hello, commands: ['echo "hello $WHO"']}
bye:
  step: {name: bye, environment: [{name: WHO, value: all}], commands: ['echo "bye $WHO"']}
`;

const main = (src: string, more = ''): string => `version: 2.1
imports:
  lib: {src: '${src}'${more}}
pipeline:
  - import:
      - lib.greet: {environment: [{name: WHO, value: $$NAME}]}
      - lib.bye
`;

/** Something of the user's is wrong: told in words, before anything starts. */
function isRefused(told: Told, ...says: readonly RegExp[]): void {
  assert.equal(told.code, 2, told.stdout + told.stderr);
  assert.equal(told.stdout, '');
  for (const one of says) assert.match(told.stderr, one);
  assert.doesNotMatch(told.stderr, /\n\s+at |geheim/);
}

/** A key and a certificate that nobody vouches for. */
function certificate(place: Place): { key: string; cert: string; certFile: string } {
  const [keyFile, certFile] = [join(place.dir, 'key.pem'), join(place.dir, 'cert.pem')];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
      ...['-days', '2', '-subj', '/CN=localhost', '-keyout', keyFile, '-out', certFile],
      ...['-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'],
    ],
    { stdio: 'pipe' },
  );
  return { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certFile, 'utf8'), certFile };
}

describe('imports', () => {
  it('run in their place, with the variables that they are given', async () => {
    await using place = new Place();
    place.file('library.yaml', library);
    const told = await place.exec(main('./$$FILE.yaml'), [
      '-e',
      'FILE=library',
      '-e',
      'NAME=a$$b$&',
    ]);
    assert.equal(told.code, 0, told.stderr);
    assert.match(await place.output('hello'), /^hello a\$\$b\$&$/m);
    assert.match(await place.output('bye'), /^bye all$/m);
  });

  it('come from a server that wants a token, which nobody sees', async () => {
    await using place = new Place();
    await using server = await HttpFiles.start(({ url, headers }, response) => {
      if (headers.authorization !== 'token geheim-1') response.writeHead(401).end();
      else texts({ '/ci/library.yaml': library })({ url } as never, response);
    });
    const yaml = main(server.at('/ci/library.yaml'), ', http_authorization_token: $$GIT_TOKEN');
    const told = await place.exec(yaml, ['-e', 'NAME=you', '-s', 'GIT_TOKEN'], {
      GIT_TOKEN: 'geheim-1',
    });
    assert.equal(told.code, 0, told.stderr);
    assert.match(told.stdout, /hello you/);
    assert.doesNotMatch(told.stdout + told.stderr, /geheim/);
    const wrong = await place.exec(yaml, ['-s', 'GIT_TOKEN'], { GIT_TOKEN: 'geheim-2' });
    isRefused(
      wrong,
      /refuses it: 401.*\n.*the token of the import was shown\n.*pipeline\.yaml:3:\d+ {2}imported here/,
    );
    const secret = ['-s', 'HTTP_AUTHORIZATION_TOKEN', '-e', 'NAME=me'];
    const other = await place.exec(main(server.at('/ci/library.yaml')), secret, {
      HTTP_AUTHORIZATION_TOKEN: 'geheim-1',
    });
    assert.equal(other.code, 0, other.stderr);
  });

  it('show a server no variable that is no secret of the run, whatever it is called', async () => {
    await using place = new Place();
    await using server = await HttpFiles.start(texts({ '/ci/library.yaml': library }));
    const [name, address] = ['HTTP_AUTHORIZATION_TOKEN', server.at('/ci/library.yaml')];
    const caller = { [name]: 'geheim-1' };
    const told = await place.exec(main(address), ['-e', 'NAME=you'], caller);
    assert.equal(told.code, 0, told.stderr);
    await place.continuo(['validate', '-e', `${name}=geheim-1`, address], caller);
    await place.continuo(['convert', '--to', 'harness', address], caller);
    const path = '/ci/library.yaml';
    assert.deepEqual(server.asked, Array(3).fill({ path, authorization: undefined }));
  });

  it('may be the pipeline itself, and what it imports stands beside it', async () => {
    await using place = new Place();
    await using server = await HttpFiles.start(
      texts({ '/ci/cix.yaml': main('./library.yaml'), '/ci/library.yaml': library }),
    );
    const told = await place.continuo(['exec', '-e', 'NAME=you', server.at('/ci/cix.yaml')]);
    assert.equal(told.code, 0, told.stderr);
    assert.match(told.stdout, /pipeline 'cix'[\s\S]*hello you/);
    isRefused(
      await place.continuo(['exec', server.at('/ci/no.yaml')]),
      /^http:\/\/127\.0\.0\.1:\d+\/ci\/no\.yaml {2}error {2}there is no such file on the server/,
    );
  });

  it('are read by https only from a server that somebody trusted vouches for', async () => {
    await using place = new Place();
    const { certFile, ...pair } = certificate(place);
    await using plain = await HttpFiles.start(texts({ '/library.yaml': library }));
    await using safe = await HttpFiles.start((request, response) => {
      if (request.url === '/moved.yaml')
        response.writeHead(301, { location: plain.at('/library.yaml') }).end();
      else texts({ '/library.yaml': library })(request, response);
    }, pair);
    const yaml = main(safe.at('/library.yaml'), ', http-authorization-token: geheim');
    isRefused(
      await place.exec(yaml, ['-e', 'NAME=you']),
      /nobody that is trusted here vouches for the certificate of 127\.0\.0\.1:\d+/,
      /NODE_EXTRA_CA_CERTS/,
    );
    assert.equal(safe.asked.length, 0);
    const trusting = { NODE_EXTRA_CA_CERTS: certFile };
    assert.equal((await place.exec(yaml, ['-e', 'NAME=you'], trusting)).code, 0);
    assert.equal(safe.asked[0]?.authorization, 'token geheim');
    const moved = yaml.replace('/library.yaml', '/moved.yaml');
    assert.equal((await place.exec(moved, ['-e', 'NAME=you'], trusting)).code, 0);
    assert.deepEqual(plain.asked, [{ path: '/library.yaml', authorization: undefined }]);
  });

  it('are checked before anything starts, all of them', async () => {
    await using place = new Place();
    await using server = await HttpFiles.start(
      texts({ '/page.yaml': '<html>', '/bad.yaml': 's: {step: {name: s, comands: [make]}}\n' }),
    );
    const yaml = `version: 2.1
imports:
  none: {src: '${server.at('/none.yaml').replace('://', '://me:geheim@')}'}
  page: {src: '${server.at('/page.yaml')}'}
  bad: {src: '${server.at('/bad.yaml')}'}
  file: {src: no/such.yaml}
  hole: {src: $$NOWHERE/x.yaml, http-authorization-token: geheim}
  me: {src: pipeline.yaml}
pipeline:
  - step: {name: first, commands: [echo started]}
  - import: [none, page, bad.s, file, hole, me, oops]
`;
    const told = await place.exec(yaml);
    isRefused(
      told,
      /none\.yaml {2}error.*404/,
      /page\.yaml {2}error.*web page/,
      /bad\.yaml:1:21 {2}error.*`comands`/,
      /no\/such\.yaml {2}error {2}there is no such file/,
      /pipeline\.yaml:7:15 {2}error.*NOWHERE, which has no value/,
      /pipeline\.yaml:8:13 {2}error.*this file itself/,
      /pipeline\.yaml:11:\d+ {2}error.*no import 'oops'/,
      /\n7 errors\n$/,
    );
    const json = await place.continuo(['validate', '--format', 'json', 'pipeline.yaml']);
    assert.equal(json.code, 2);
    assert.doesNotMatch(json.stdout, /geheim/);
    const report = JSON.parse(json.stdout) as { diagnostics: { where: { file: string } }[] };
    const files = new Set(report.diagnostics.map(({ where }) => where.file));
    const far = ['/none.yaml', '/page.yaml', '/bad.yaml'].map((name) => server.at(name));
    assert.deepEqual([...files], ['pipeline.yaml', ...far, 'no/such.yaml']);
  });

  it('hide the secrets in their names', async () => {
    await using place = new Place();
    const told = await place.exec(main('./$$FOLDER/library.yaml'), ['-s', 'FOLDER'], {
      FOLDER: 'geheim-folder',
    });
    isRefused(told, /\*\*\*\*\*\*\*\*\/library\.yaml {2}error {2}there is no such file/);
  });

  it('are validated with the variables that tell where they are', async () => {
    await using place = new Place();
    place.file('library.yaml', library);
    const file = place.file('p.yaml', main('./$$FILE.yaml', ', http-authorization-token: $$TOKEN'));
    const args = ['validate', '-e', 'FILE=library', '-s', 'TOKEN', file];
    const told = await place.continuo(args, { TOKEN: 'geheim' });
    assert.equal(told.code, 0, told.stderr);
    assert.match(told.stdout, /p\.yaml: valid, 2 steps/);
    isRefused(await place.continuo(args), /-s TOKEN: the environment has no variable TOKEN/);
  });
});
