import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';

import { ContainerPlace } from '../rig/container-place.ts';
import { dockerSuite } from '../rig/docker.ts';
import {
  command,
  harnessGroup,
  harnessParallel,
  harnessRun,
  harnessStage,
  harnessStep,
  inImage,
} from '../rig/harness-stage.ts';
import { freePort } from '../rig/ports.ts';

const busybox = inImage('busybox');

/** A web server in a container that answers with a word, and says each request. */
const web = (id: string, spec = '', more?: string): string =>
  harnessStep(
    'Background',
    id,
    `${busybox}
${spec}
${command(`mkdir /www && echo "this is ${id}" > /www/index.html
httpd -f -v -h /www -p 8080`)}`,
    more,
  );

const inContainer = (id: string, script: string, more?: string): string =>
  harnessRun(id, script, busybox, more);

const until = (url: string): string =>
  `until wget -qO- ${url}; do i=$((\${i:-0}+1)); [ $i -lt 300 ]; sleep 0.1; done`;

dockerSuite('the services of a Harness stage on Docker', () => {
  it('001-1, 001-2, 001-3, 001-4, 001-12, 001-13, 001-14, 001-56, 001-58, 001-59, 001-60, 001-62, 001-69, 001-70, 002-1, 002-10, 002-15: are there from their place to the end of the stage, by every name', async () => {
    await using place = new ContainerPlace();
    const port = await freePort();
    const told = await place.exec(
      harnessStage(
        [
          inContainer('early', '! nslookup grp_my_web && ! wget -qO- http://grp_my_web:8080/'),
          harnessGroup(
            'grp',
            web('my_web', `portBindings: { "${port}": "8080" }`),
            inContainer(
              'inside',
              `${until('http://grp_my_web:8080/')}\nwget -qO- http://my_web:8080/`,
            ),
          ),
          web('other'),
          harnessParallel(
            inContainer(
              'afterwards',
              `${until('http://other:8080/')}
for name in grp_my_web grp-my-web my_web my-web; do wget -qO- http://$name:8080/; done
wget -qO- http://$CONTINUO_GRP_MY_WEB_HOST:$CONTINUO_GRP_MY_WEB_PORT/`,
            ),
            harnessRun(
              'machine',
              `busybox wget -qO- http://localhost:${port}/
echo $CONTINUO_GRP_MY_WEB_HOST:$CONTINUO_GRP_MY_WEB_PORT`,
            ),
          ),
        ].join('\n'),
      ),
    );
    assert.equal(told.code, 0, told.stdout + told.stderr);
    const web5 = 'this is my_web\n'.repeat(5);
    assert.equal(await place.output('build.afterwards'), `this is other\n${web5}`);
    assert.equal(await place.output('build.machine'), `this is my_web\nlocalhost:${port}\n`);
    assert.match(
      told.stdout,
      new RegExp(`reached at grp-my-web:8080 from containers, localhost:${port} from`),
    );
    assert.deepEqual(await place.ends(), {
      'build.early': 'succeeded',
      'build.grp_inside': 'succeeded',
      'build.afterwards': 'succeeded',
      'build.machine': 'succeeded',
      'build.grp_my_web': 'stopped',
      'build.other': 'stopped',
    });
  });

  it('are called by the copy or the step that a strategy or a template makes them of; where `when` does not hold there is none', async () => {
    await using place = new ContainerPlace();
    mkdirSync(join(place.dir, '.harness/templates'), { recursive: true });
    place.file(
      '.harness/templates/web.yaml',
      `template:
  identifier: web
  name: web
  type: Step
  versionLabel: v1
  spec:
    type: Background
    spec:
      image: <+input>
      imagePullPolicy: Never
      shell: Sh
      command: mkdir /www; echo "a template" > /www/index.html; httpd -f -h /www -p 8080
`,
    );
    const told = await place.exec(
      harnessStage(
        [
          web('web', '', 'strategy: { repeat: { times: 2 } }'),
          `- step:
    identifier: used
    name: used
    template:
      templateRef: web
      versionLabel: v1
      templateInputs: { type: Background, spec: { image: continuo-test/busybox } }`,
          web('never', '', 'when: { stageStatus: Failure }'),
          inContainer(
            'ask',
            `for name in web_0 web-1 used; do ${until('http://$name:8080/')}; done
! nslookup never`,
          ),
        ].join('\n'),
      ),
    );
    assert.equal(told.code, 0, told.stdout + told.stderr);
    assert.match(await place.output('build.ask'), /^this is web\nthis is web\na template\n/m);
    const { 'build.never': never, ...others } = await place.ends();
    assert.equal(never, 'skipped');
    assert.equal(await place.last('service.running', 'build.never'), undefined);
    assert.deepEqual(new Set(Object.values(others)), new Set(['stopped', 'succeeded']));
  });

  it('001-30, 001-31, 001-32, 001-34, 001-35, 001-36, 001-42, 002-6, 002-8, 002-9: start as entrypoint and command say', async () => {
    await using place = new ContainerPlace();
    const service = (id: string, image: string, spec: string, said = '.'): string =>
      harnessStep('Background', id, `${inImage(image)}\n${spec}\nready: { log: ${said} }`);
    const told = await place.exec(
      harnessStage(
        [
          service('neither', 'entrypoint', ''),
          service('words', 'entrypoint', 'entrypoint: [echo, "one  two", $HOME, "a;b"]'),
          service('both', 'entrypoint', 'entrypoint: [echo, again]\ncommand: echo dropped'),
          service(
            'script',
            'services',
            `shell: Bash\n${command(`cd .. && cd -
[[ $(echo x) == x ]] && v=\${HOME:0:1} && echo "$v $0" | cut -c1-2
false
echo not reached`)}`,
            'not reached',
          ),
          harnessRun('after', 'true'),
        ].join('\n'),
      ),
    );
    assert.equal(told.code, 0, told.stdout + told.stderr);
    const outputs = ['neither', 'words', 'both', 'script'].map((id) => place.output(`build.${id}`));
    assert.deepEqual(await Promise.all(outputs), [
      'from the entrypoint: by default\n',
      'one  two $HOME a;b\n',
      'again\n',
      '/harness\n/ \n',
    ]);
    assert.match(told.stderr + told.stdout, /command.*is dropped, as `entrypoint` is what runs/);
    assert.equal((await place.ends())['build.script'], 'exited-early');
  });

  it('001-39, 001-44, 001-47, 001-56: test in containers, over UDP, and leave reports at their very end', async () => {
    await using place = new ContainerPlace();
    const port = await freePort();
    const python = inImage('services');
    const told = await place.exec(
      harnessStage(
        [
          harnessStep(
            'Background',
            'echo',
            `${python}
shell: Python
${command(`import signal, socket, sys
def report(*_):
    with open('udp.xml', 'w') as file:
        file.write('<testsuite><testcase name="answered"/></testsuite>')
    sys.exit(0)
signal.signal(signal.SIGTERM, report)
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(('', 53))
print('bound', flush=True)
while True:
    text, sender = server.recvfrom(100)
    server.sendto(text.upper(), sender)`)}
portBindings: { "${port}": "53/udp" }
reports: { type: JUnit, spec: { paths: ["udp.xml"] } }
ready: { log: bound }`,
          ),
          harnessParallel(
            harnessStep(
              'Run',
              'inside',
              `${python}\nshell: Python\n${command(asking('echo', 53))}`,
            ),
            harnessStep('Run', 'outside', `shell: Python\n${command(asking('localhost', port))}`),
          ),
        ].join('\n'),
      ),
    );
    assert.equal(told.code, 0, told.stdout + told.stderr);
    assert.equal(await place.output('build.inside'), 'HELLO\n');
    assert.equal(await place.output('build.outside'), 'HELLO\n');
    assert.match(told.stdout, /1 test: 1 passed/);
  });
});

const asking = (host: string, port: number): string => `import socket
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.settimeout(20)
client.sendto(b'hello', ('${host}', ${port}))
print(client.recv(100).decode())`;
