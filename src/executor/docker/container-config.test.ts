import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { hostNameOf, namesOf, startWords, toContainer } from './container-config.ts';

import type { ContainerCreateOptions } from 'dockerode';
import type { ContainerSpec, TaskSpec } from '../executor.ts';
import type { StartWords, Surroundings } from './container-config.ts';

const task = (container: ContainerSpec = {}, more: Partial<TaskSpec> = {}): TaskSpec => ({
  name: 'web',
  image: 'nginx:1',
  run: { kind: 'image' },
  environment: {},
  container,
  ...more,
});

const bare: Surroundings = {
  runId: 'r1',
  name: 'net-web',
  volumes: [],
  labels: { 'continuo.run': 'r1' },
  network: 'net',
  workspace: '/home/me/app',
  gateway: '172.18.0.1',
  init: false,
  publish: [],
  isHeld: false,
};

const words: StartWords = { kind: 'words', words: ['nginx', '-g', 'daemon off;'] };
const workspace = { Type: 'bind', Source: '/home/me/app', Target: '/workspace' };

const made = (
  spec: TaskSpec,
  around: Partial<Surroundings> = {},
  command: StartWords = words,
): ContainerCreateOptions => toContainer(spec, command, { ...bare, ...around });

describe('toContainer', () => {
  it('asks for little when a task asks for nothing', () => {
    assert.deepEqual(made(task()), {
      Image: 'nginx:1',
      Hostname: 'web',
      WorkingDir: '/workspace',
      Env: ['CONTINUO_RUN_ID=r1'],
      Entrypoint: ['nginx', '-g', 'daemon off;'],
      Cmd: [],
      Labels: { 'continuo.run': 'r1' },
      Healthcheck: { Test: ['NONE'] },
      AttachStdin: false,
      OpenStdin: false,
      StdinOnce: false,
      ExposedPorts: {},
      HostConfig: {
        NetworkMode: 'net',
        Mounts: [workspace],
        PortBindings: {},
        ExtraHosts: ['host.docker.internal:172.18.0.1'],
      },
      NetworkingConfig: { EndpointsConfig: { net: { Aliases: ['web'] } } },
    });
  });

  it('asks for all that a task asks for', () => {
    const spec = task(
      {
        aliases: ['the_web'],
        hostname: 'front',
        ports: [
          { own: 80, outside: 8080, protocol: 'tcp' },
          { own: 80, outside: 8081, protocol: 'tcp' },
          { own: 53, outside: 0, protocol: 'udp' },
        ],
        volumes: [
          { source: './data', target: '/data', readOnly: false },
          { source: '/etc/ssl', target: '/ssl', readOnly: true },
          { source: 'cache', target: '/cache', readOnly: false },
        ],
        privileged: true,
        mountPoint: '/cix/src',
        memoryBytes: 1_000_000,
        cpus: 0.1 + 0.2,
      },
      {
        user: '1000:12',
        workingDir: 'sub/dir',
        environment: { A: '1=2', CONTINUO_RUN_ID: 'mine' },
      },
    );
    const logs = { Type: 'local', Config: { 'max-file': '1' } };
    assert.deepEqual(made(spec, { scripts: '/tmp/x/scripts', init: true, logs }), {
      Image: 'nginx:1',
      Hostname: 'front',
      User: '1000:12',
      WorkingDir: '/cix/src/sub/dir',
      Env: ['TINI_KILL_PROCESS_GROUP=1', 'A=1=2', 'CONTINUO_RUN_ID=r1'],
      Entrypoint: ['nginx', '-g', 'daemon off;'],
      Cmd: [],
      Labels: { 'continuo.run': 'r1' },
      Healthcheck: { Test: ['NONE'] },
      AttachStdin: false,
      OpenStdin: false,
      StdinOnce: false,
      ExposedPorts: { '80/tcp': {}, '53/udp': {} },
      HostConfig: {
        NetworkMode: 'net',
        Mounts: [
          { ...workspace, Target: '/cix/src' },
          { Type: 'bind', Source: '/tmp/x/scripts', Target: '/continuo', ReadOnly: true },
          { Type: 'bind', Source: '/home/me/app/data', Target: '/data', ReadOnly: false },
          { Type: 'bind', Source: '/etc/ssl', Target: '/ssl', ReadOnly: true },
          { Type: 'volume', Source: 'cache', Target: '/cache', ReadOnly: false },
        ],
        PortBindings: {
          '80/tcp': [{ HostPort: '8080' }, { HostPort: '8081' }],
          '53/udp': [{ HostPort: '' }],
        },
        Privileged: true,
        Memory: 1_000_000,
        MemorySwap: 1_000_000,
        NanoCpus: 300_000_000,
        LogConfig: logs,
        Init: true,
        ExtraHosts: ['host.docker.internal:172.18.0.1'],
      },
      NetworkingConfig: {
        EndpointsConfig: { net: { Aliases: ['web', 'the_web', 'the-web', 'front'] } },
      },
    });
  });

  it('has no names and ports of its own on the network of the machine', () => {
    const ports = [{ own: 80, outside: 8080, protocol: 'tcp' }] as const;
    const options = made(task({ ports, hostname: 'front' }), { network: 'host', publish: [80] });
    assert.deepEqual(options.ExposedPorts, {});
    assert.deepEqual(options.HostConfig, {
      NetworkMode: 'host',
      Mounts: [workspace],
      PortBindings: {},
    });
    assert.ok(!('Hostname' in options) && !('NetworkingConfig' in options));
  });

  it('has neither, and no hosts, in the network that another container holds', () => {
    const options = made(task({ hostname: 'front' }), { holder: 'abc', publish: [80] });
    assert.deepEqual(options.ExposedPorts, {});
    assert.deepEqual(options.HostConfig, {
      NetworkMode: 'container:abc',
      Mounts: [workspace],
      PortBindings: {},
    });
    assert.ok(!('Hostname' in options) && !('NetworkingConfig' in options));
  });

  it('publishes what nothing else leads to at any free port, for this machine alone', () => {
    const ports = [{ own: 80, outside: 8080, protocol: 'tcp' }] as const;
    const { ExposedPorts, HostConfig } = made(task({ ports }), { publish: [80, 9000] });
    assert.deepEqual(ExposedPorts, { '80/tcp': {}, '9000/tcp': {} });
    assert.deepEqual(HostConfig?.PortBindings, {
      '80/tcp': [{ HostPort: '8080' }],
      '9000/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }],
    });
  });

  it('starts in the folder of its image where it is to, unless it names one', () => {
    assert.ok(!('WorkingDir' in made(task({ startsInImage: true }))));
    const named = task({ startsInImage: true }, { workingDir: 'sub' });
    assert.equal(made(named).WorkingDir, '/workspace/sub');
  });

  it('works where the task says, below the workspace or anywhere', () => {
    for (const [workingDir, mountPoint, expected] of [
      ['.', '/w', '/w'],
      ['a/../b', '/w', '/w/b'],
      ['/tmp', '/w', '/tmp'],
      [undefined, '/', '/'],
    ] as const)
      assert.equal(
        made(task({ mountPoint }, { ...(workingDir && { workingDir }) })).WorkingDir,
        expected,
      );
  });

  it('leaves to the image what it starts, but for arguments in the place of its own', () => {
    const own = made(task(), {}, { kind: 'image' });
    assert.ok(!('Entrypoint' in own) && !('Cmd' in own));
    const given = made(task(), {}, { kind: 'image', arguments: ['--fast'] });
    assert.ok(!('Entrypoint' in given));
    assert.deepEqual(given.Cmd, ['--fast']);
  });

  it('holds a process back by its input, and never touches its words', () => {
    const odd: StartWords = { kind: 'words', words: ['a b', '$x', '"', '', '-c'] };
    const { Entrypoint, AttachStdin, OpenStdin, StdinOnce } = made(task(), { isHeld: true }, odd);
    const [shell, flag, hold = '', ...rest] = Entrypoint as string[];
    assert.deepEqual([shell, flag, rest], ['/bin/sh', '-c', ['continuo', ...odd.words]]);
    assert.match(hold, /^IFS= read -r go && exec "\$@"/);
    assert.deepEqual([AttachStdin, OpenStdin, StdinOnce], [true, true, true]);
  });
});

describe('the folders that containers share', () => {
  const volumes = [
    { name: 'net-tmp', folder: { name: 'tmp', target: '/a/tmp', onPath: false } },
    { name: 'net-bin', folder: { name: 'bin', target: '/a/bin', onPath: true } },
  ];
  const mountedAt = ({ HostConfig }: ContainerCreateOptions): (string | undefined)[] =>
    (HostConfig?.Mounts ?? []).map(({ Source, Target }) => `${Source} ${Target}`);
  const pathIn = ({ Env }: ContainerCreateOptions): string | undefined =>
    Env?.find((each) => each.startsWith('PATH='));

  it('are mounted without what the image has there, and stand first in its PATH', () => {
    const options = made(task(), { volumes, imagePath: '/image/bin:/bin' });
    assert.deepEqual(options.HostConfig?.Mounts?.slice(1), [
      { Type: 'volume', Source: 'net-tmp', Target: '/a/tmp', VolumeOptions: { NoCopy: true } },
      { Type: 'volume', Source: 'net-bin', Target: '/a/bin', VolumeOptions: { NoCopy: true } },
    ]);
    assert.equal(pathIn(options), 'PATH=/a/bin:/image/bin:/bin');
    const own = task({}, { environment: { PATH: '/mine' } });
    assert.equal(pathIn(made(own, { volumes, imagePath: '/bin' })), 'PATH=/a/bin:/mine');
    assert.match(pathIn(made(task(), { volumes })) ?? '', /^PATH=\/a\/bin:\/usr\/local\/sbin:/);
  });

  it('give way to what a task has there itself', () => {
    const mine = [
      { source: '/mine', target: '/a/bin/', readOnly: false },
      { source: 'cache', target: '/a/tmp/cache', readOnly: false },
    ];
    const options = made(task({ volumes: mine }), { volumes, imagePath: '/bin' });
    assert.deepEqual(mountedAt(options), [
      '/home/me/app /workspace',
      'net-tmp /a/tmp',
      '/mine /a/bin/',
      'cache /a/tmp/cache',
    ]);
    assert.equal(pathIn(options), undefined);
    const inside = made(task({ mountPoint: '/a/tmp' }), { volumes });
    assert.deepEqual(mountedAt(inside), ['/home/me/app /a/tmp', 'net-bin /a/bin']);
  });
});

describe('what a container is told', () => {
  const facts = {
    NAME: { kind: 'container' },
    NET: { kind: 'network' },
    SOURCE: { kind: 'workspace' },
    HERE: { kind: 'working-dir' },
    KEPT: { kind: 'folder', name: 'tmp' },
    NONE: { kind: 'folder', name: 'other' },
  } as const;
  const volumes = [{ name: 'v', folder: { name: 'tmp', target: '/a/tmp', onPath: false } }];

  it('is right for its place, and its own variables stand before it', () => {
    const spec = task({ mountPoint: '/src' }, { facts, workingDir: 'sub/../lib' });
    assert.deepEqual(made(spec, { volumes, name: 'net-web-2' }).Env, [
      'NAME=net-web-2',
      'NET=net',
      'SOURCE=/src',
      'HERE=/src/lib',
      'KEPT=/a/tmp',
      'NONE=',
      'CONTINUO_RUN_ID=r1',
    ]);
    const own = task({}, { facts, workingDir: '/opt', environment: { NAME: 'mine', HERE: '' } });
    const env = made(own, { volumes }).Env ?? [];
    assert.deepEqual(env.slice(0, 4), ['NAME=mine', 'NET=net', 'SOURCE=/workspace', 'HERE=']);
  });
});

describe('startWords', () => {
  it('are the words, the interpreter and its script, or what the image has', () => {
    assert.deepEqual(startWords({ kind: 'argv', argv: ['a', 'b c'] }, '/continuo/'), {
      kind: 'words',
      words: ['a', 'b c'],
    });
    const interpreter = ['/bin/bash', '-e'] as const;
    assert.deepEqual(startWords({ kind: 'script', interpreter, text: 'ls' }, '/continuo/0'), {
      kind: 'words',
      words: ['/bin/bash', '-e', '/continuo/0'],
    });
    const image = { kind: 'image', arguments: ['x'] } as const;
    assert.deepEqual(startWords(image, undefined), image);
  });
});

describe('the names of a container', () => {
  it('are its own, its aliases and its hostname, each also as machines are called', () => {
    const spec = task({ aliases: ['My_DB'], hostname: 'h' }, { name: 'step_1' });
    assert.deepEqual(namesOf(spec), ['step_1', 'step-1', 'My_DB', 'My-DB', 'h']);
  });

  it('leave out what is too long to be asked for', () => {
    const long = 'x'.repeat(70);
    const spec = task({ aliases: [long, `${long}.a`, 'b.c'] }, { name: 'a' });
    assert.deepEqual(namesOf(spec), ['a', 'x'.repeat(63), 'b.c']);
  });

  it('are near to what is written', () => {
    for (const [written, expected] of [
      ['db', 'db'],
      ['my_db', 'my-db'],
      ['My.DB-2', 'My.DB-2'],
      ['_x_', 'x'],
      ['a..b', 'a.b'],
      ['a-.-b', 'a.b'],
      ['...', 'task'],
      ['日本', 'task'],
      ['', 'task'],
      [`${'a'.repeat(62)}-b`, 'a'.repeat(62)],
    ] as const)
      assert.equal(hostNameOf(written), expected);
  });

  it('are always ones that a machine may have (RFC 1123), and stay the same when asked again', () => {
    const likely = fc.string({
      unit: fc.constantFrom('a', 'Z', '0', '-', '_', '.'),
      maxLength: 80,
    });
    fc.assert(
      fc.property(
        fc.oneof(likely, fc.string({ unit: 'binary-ascii', maxLength: 80 })),
        (written) => {
          const name = hostNameOf(written);
          assert.ok(name.length <= 63, name);
          for (const label of name.split('.'))
            assert.match(label, /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/, name);
          assert.equal(hostNameOf(name), name);
        },
      ),
    );
  });
});
