import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const sshd = '/usr/sbin/sshd';

/** Why there can be none here. `undefined`: there can. */
export const noSshServer =
  existsSync(sshd) && process.getuid?.() === 0 ? false : 'it takes sshd and root';

/**
 * A real ssh server on loopback that lets one key in. `ssh`, the command, with `bin` first on the
 * PATH, knows it as the host `engine`; by no other name.
 */
export async function startSshServer(
  folder: string,
  port: number,
): Promise<AsyncDisposable & { readonly bin: string }> {
  const at = (name: string): string => join(folder, name);
  for (const name of ['host', 'key'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(name)]);
  writeFileSync(
    at('sshd_config'),
    `ListenAddress 127.0.0.1
Port ${port}
HostKey ${at('host')}
AuthorizedKeysFile ${at('key.pub')}
PidFile none
StrictModes no
UsePAM no
MaxStartups 100
`,
  );
  const host = readFileSync(at('host.pub'), 'utf8').split(' ').slice(0, 2).join(' ');
  writeFileSync(at('known_hosts'), `engine ${host}\n`);
  writeFileSync(
    at('ssh_config'),
    `Host engine
  HostName 127.0.0.1
  HostKeyAlias engine
  Port ${port}
  IdentityFile ${at('key')}
  UserKnownHostsFile ${at('known_hosts')}
`,
  );
  const bin = at('bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F ${at('ssh_config')} "$@"\n`);
  chmodSync(join(bin, 'ssh'), 0o755);
  mkdirSync('/run/sshd', { recursive: true });
  const server = spawn(sshd, ['-D', '-e', '-f', at('sshd_config')], { stdio: 'ignore' });
  const ended = once(server, 'exit');
  while (!(await answers(port))) {
    if (server.exitCode !== null) throw new Error('sshd ended');
    await delay(20);
  }
  return {
    bin,
    async [Symbol.asyncDispose]() {
      server.kill();
      await ended;
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
