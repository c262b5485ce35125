import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { toLaunchFailure } from './launch-failure.ts';

import type { ContainerSpec, LaunchFailure } from '../executor.ts';

const failureOf = (message: string, container: ContainerSpec = {}): LaunchFailure =>
  toLaunchFailure(
    { statusCode: 500, json: { message }, message: `(HTTP code 500) server error - ${message}` },
    { name: 'a', image: 'i', run: { kind: 'image' }, environment: {}, container },
  );

const external = 'driver failed programming external connectivity on endpoint web (f8a30e4f)';
const oci = 'OCI runtime create failed: runc create failed: unable to start container process';

describe('toLaunchFailure', () => {
  it('finds the port that is taken, in the words of every engine', () => {
    for (const message of [
      `${external}: Bind for 0.0.0.0:8080 failed: port is already allocated`,
      `${external}: Error starting userland proxy: listen tcp4 0.0.0.0:8080: bind: address already in use`,
      `${external}: Error starting userland proxy: listen udp 0.0.0.0:8080: bind: address already in use`,
      `failed to set up container networking: ${external}: failed to bind host port for 0.0.0.0:8080:172.31.0.2:80/tcp: address already in use`,
      `failed to set up container networking: ${external}: failed to bind host port 0.0.0.0:8080/tcp: address already in use`,
      `failed to set up container networking: ${external}: failed to bind host port [::]:8080/tcp: address already in use`,
      'cannot listen on the TCP port: listen tcp4 :8080: bind: address already in use',
      'rootlessport listen tcp 0.0.0.0:8080: bind: address already in use',
    ])
      assert.deepEqual(failureOf(message), { kind: 'portTaken', port: 8080 }, message);
  });

  it('finds the command that is not there, whichever program looked for it', () => {
    for (const message of [
      `${oci}: exec: "nope": executable file not found in $PATH: unknown`,
      `${oci}: exec: "nope": stat nope: no such file or directory: unknown`,
      'runc: runc create failed: unable to start container process: error during container init: exec: "nope": executable file not found in $PATH: OCI runtime attempted to invoke a command that was not found',
      'crun: executable file `nope` not found in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found',
    ])
      assert.deepEqual(failureOf(message), { kind: 'commandNotFound', command: 'nope' }, message);
  });

  it('blames the environment when the engine is silent or full', () => {
    const { kind } = failureOf('mkdir /var/lib/docker/overlay2/x: no space left on device');
    assert.equal(kind, 'environment');
    assert.equal(failureOf('write /x: disk quota exceeded').kind, 'environment');
    const silent = Object.assign(new Error('connect ECONNREFUSED /x.sock'), {
      code: 'ECONNREFUSED',
    });
    const task = { name: 'a', run: { kind: 'image' }, environment: {} } as const;
    assert.deepEqual(toLaunchFailure(silent, task), {
      kind: 'environment',
      detail: 'the container engine does not answer: connect ECONNREFUSED /x.sock',
    });
  });

  it('names the volume that is not there, or that only the engine does not see', () => {
    const missing = (path: string, source: string): LaunchFailure => {
      const message = `invalid mount config for type "bind": bind source path does not exist: ${path}`;
      const volumes = [{ source, target: '/data', readOnly: false }];
      const spec = {
        name: 'a',
        run: { kind: 'image' },
        environment: {},
        container: { volumes },
      } as const;
      return toLaunchFailure({ statusCode: 400, message }, spec, import.meta.dirname);
    };
    const path = `${import.meta.dirname}/nowhere`;
    const told = { kind: 'volumeMissing', source: './nowhere', path };
    assert.deepEqual(missing(path, './nowhere'), told);
    const here = import.meta.filename;
    assert.deepEqual(missing(here, here), {
      kind: 'volumeMissing',
      source: here,
      path: here,
      isHere: true,
    });
  });

  const refused: readonly [message: string, detail: string, container?: ContainerSpec][] = [
    [
      'invalid mount config for type "bind": bind source path does not exist: /my data/x',
      'the container engine does not see /my data/x',
    ],
    ['statfs /my data: no such file or directory', 'the container engine does not see /my data'],
    ['unable to find user bob: no matching entries in passwd file', "its image has no user 'bob'"],
    [
      'unable to find group staff: no matching entries in group file',
      "its image has no group 'staff'",
    ],
    [
      `${oci}: open /proc/sys: operation not permitted`,
      `this machine refuses privileged containers: ${oci}: open /proc/sys: operation not permitted`,
      { privileged: true },
    ],
    [
      `${oci}: open /proc/sys: operation not permitted`,
      `the container engine refused: ${oci}: open /proc/sys: operation not permitted`,
    ],
    ['whatever else ', 'the container engine refused: whatever else'],
  ];

  it('says what was refused, and keeps the words of the engine where it knows none better', () => {
    for (const [message, detail, container] of refused)
      assert.deepEqual(failureOf(message, container), { kind: 'refused', detail });
  });
});
