import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { causeOf, endOf, freePorts } from '../rig/real.ts';
import { openPlace, realSuites } from './real/where.ts';

import type { Place } from '../rig/cli.ts';
import type { Where } from './real/where.ts';

interface Site {
  readonly nginx: string;
  readonly port: number;
  readonly apiPort: number;
}

/** A folder for nginx in this place, with its settings and a page; its workers get at it. */
async function site(
  place: Place,
  { nginx }: { nginx: string },
  { listens }: Where,
  apiHost = 'localhost',
): Promise<Site> {
  const [port, apiPort] = await freePorts();
  mkdirSync(join(place.dir, 'html'));
  place.file('html/page.txt', 'hello from nginx\n');
  const settings = readFileSync(join(import.meta.dirname, 'real/nginx.conf'), 'utf8');
  place.file(
    'nginx.conf',
    settings.replace('@HERE@', `${listens}:${port}`).replace('@API@', `${apiHost}:${apiPort}`),
  );
  return { nginx, port, apiPort };
}

/** An nginx as a service, with further keys and commands before it, and the steps after it. */
const withNginx = ({ nginx }: Site, keys: string, steps: string, before = ''): string =>
  `version: 2.1
pipeline:
  - step:
      name: nginx
      background: true
      commands:
${before}        - exec ${nginx} -p . -c nginx.conf -e stderr
${keys}
${steps}`;

const fetchStep = (path: string): string => `  - step:
      name: fetch
      commands:
        - node fetch.mjs "http://$CONTINUO_NGINX_HOST:$CONTINUO_NGINX_PORT${path}"
`;

const fetchScript = `const answer = await fetch(process.argv[2]);
console.log(answer.status, (await answer.text()).trim());
`;

const page = ({ port }: Site): string => `http://localhost:${port}/page.txt`;

realSuites('nginx', ['nginx'], (where, nginxTest) => {
  for (const [kind, probe] of [
    ['tcp', ({ port }: Site) => `{tcp: ${port}}`],
    [
      'http',
      (own: Site) => `{http: {url: "${page(own)}", status: 200, body: "^hello from \\\\w+$"}}`,
    ],
    ['exec', (own: Site) => `[{exec: "node fetch.mjs ${page(own)}"}, {tcp: ${own.port}}]`],
    ['log', ({ port }: Site) => `[{log: start worker process \\d+$}, {tcp: ${port}}]`],
  ] as const) {
    nginxTest(`is ready by ${kind}, is used, and takes its leave`, async (programs) => {
      await using place = openPlace();
      const own = await site(place, programs, where);
      place.file('fetch.mjs', fetchScript);
      const told = await where.exec(
        place,
        withNginx(own, `      ready: ${probe(own)}`, fetchStep('/page.txt')),
      );
      assert.equal(told.code, 0, told.stdout + told.stderr);
      assert.match(await place.output('fetch'), /^200 hello from nginx\n/m);
      assert.match(await place.output('nginx'), /signal 15 \(SIGTERM\) received from \d+, exiting/);
      assert.match(await place.output('nginx'), /\[notice\] \d+#\d+: exit\n$/);
      assert.deepEqual(await endOf(place, 'nginx'), {
        kind: 'stopped',
        exit: { kind: 'code', code: 0 },
      });
    });
  }

  nginxTest('finishes what it is answering when it is told to QUIT', async (programs) => {
    await using place = openPlace();
    const own = await site(place, programs, where);
    place.file('fetch.mjs', fetchScript);
    const told = await where.exec(
      place,
      withNginx(
        own,
        `      ready: {http: "${page(own)}"}\n      stop: {signal: QUIT}`,
        fetchStep('/page.txt'),
      ),
    );
    assert.equal(told.code, 0, told.stdout + told.stderr);
    assert.match(await place.output('nginx'), /signal 3 \(SIGQUIT\) received.*, shutting down/);
    assert.match(await place.output('nginx'), /gracefully shutting down/);
    assert.equal((await endOf(place, 'nginx')).kind, 'stopped');
  });

  nginxTest('is ready only with the status and with the body that are wanted', async (programs) => {
    await using place = openPlace();
    const own = await site(place, programs, where);
    place.file('fetch.mjs', fetchScript);
    // The page comes once a probe has heard 404, and changes once one has heard the first version.
    const author = `        - touch access.log
        - (until grep -q ' 404 ' access.log; do sleep 0.02; done; echo draft > html/late.txt;
          until grep -q ' 200 6 ' access.log; do sleep 0.02; done;
          echo final > new; mv new html/late.txt) &
`;
    const told = await where.exec(
      place,
      withNginx(
        own,
        `      ready:
        http:
          url: http://localhost:${own.port}/late.txt
          status: 200
          body: ^final`,
        fetchStep('/late.txt'),
        author,
      ),
    );
    assert.equal(told.code, 0, told.stdout + told.stderr);
    assert.match(await place.output('fetch'), /^200 final\n/m);
    const statuses = readFileSync(join(place.dir, 'access.log'), 'utf8').match(/(?<=" )\d{3}/g);
    assert.deepEqual([...new Set(statuses)], ['404', '200']);
  });

  nginxTest('never with that status is not ready, and the answer is told', async (programs) => {
    await using place = openPlace();
    const own = await site(place, programs, where);
    place.file('fetch.mjs', fetchScript);
    const told = await where.exec(
      place,
      withNginx(
        own,
        `      ready: {http: "http://localhost:${own.port}/nowhere", timeout: 1s}`,
        fetchStep('/page.txt'),
      ),
    );
    assert.equal(told.code, 1, told.stdout + told.stderr);
    assert.equal((await causeOf(place, 'nginx')).end.kind, 'not-ready');
    assert.match(
      told.stdout,
      /not ready after [\d.]+ s: GET http:\S+nowhere was asked \d+ times, last answer: status 404/,
    );
  });

  nginxTest('stands in front of the service that it needs', async (programs) => {
    await using place = openPlace();
    const own = await site(place, programs, where, where.hostOf('api'));
    place.file('fetch.mjs', fetchScript);
    place.file(
      'api.mjs',
      `import { createServer } from 'node:http';
createServer(({ url }, response) => response.end('api heard ' + url)).listen(${own.apiPort});
`,
    );
    const told = await where.exec(
      place,
      withNginx(
        own,
        `      needs: api\n      ready: {http: "http://localhost:${own.port}/api/health"}`,
        fetchStep('/api/fruit'),
      ).replace(
        'pipeline:\n',
        `pipeline:
  - step:
      name: api
      background: true
      commands: [exec node api.mjs]
      ready: {tcp: "localhost:${own.apiPort}"}
`,
      ),
    );
    assert.equal(told.code, 0, told.stdout + told.stderr);
    assert.match(await place.output('fetch'), /^200 api heard \/fruit\n/m);
    assert.doesNotMatch(await place.output('nginx'), /connect\(\) failed/);
  });

  nginxTest('that goes to the background is told from one that stays', async (programs) => {
    await using place = openPlace();
    const own = await site(place, programs, where);
    const settings = readFileSync(join(place.dir, 'nginx.conf'), 'utf8');
    place.file('nginx.conf', settings.replace('daemon off;', ''));
    const told = await where.exec(
      place,
      withNginx(own, '      ready: {log: never said}', fetchStep('/page.txt')),
    );
    assert.equal(told.code, 1, told.stdout + told.stderr);
    const { end } = await causeOf(place, 'nginx');
    assert.ok(end.kind === 'exited-early');
    // In a container it ends with what started it, and nobody can tell what that was.
    if (where.kind === 'docker') return;
    assert.ok(end.leftBehind.length > 0);
    assert.match(told.stdout, /it left .*nginx.* \(pid \d+\) behind: run it in the foreground/);
  });
});
