import { spawn } from 'node:child_process';
import { Duplex } from 'node:stream';

import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Endpoint } from './endpoint.ts';

type Where = Pick<Extract<Endpoint, { kind: 'ssh' | 'tcp' }>, 'host' | 'port' | 'username'>;

/** So much of what ssh says is kept for the reason why it ended. */
const saidLength = 2_000;

/**
 * A connection to an engine as Docker's own command line makes it: an `ssh` that runs
 * `docker system dial-stdio` over there. So the person's configuration, keys and known hosts count.
 */
export class SshConnection extends Duplex {
  readonly #ssh: ChildProcessWithoutNullStreams;
  #said = '';

  constructor(where: Where) {
    super();
    const ssh = spawn('ssh', wordsFor(where), { stdio: 'pipe' });
    this.#ssh = ssh;
    ssh.stdout.on('data', (data: Buffer) => {
      if (!this.push(data)) ssh.stdout.pause();
    });
    ssh.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-saidLength);
    });
    // A write that fails tells by itself.
    ssh.stdin.on('error', () => undefined);
    ssh.once('error', (error) => this.destroy(error));
    // Only then everything is read that it has said, of the engine and of itself.
    ssh.once('close', (code) => {
      if (code === 0 || this.destroyed) this.push(null);
      else this.destroy(new Error(`ssh: ${this.#said.trim() || `exit code ${code}`}`));
    });
  }

  override _read(): void {
    this.#ssh.stdout.resume();
  }

  override _write(data: Buffer, _: BufferEncoding, written: (error?: Error | null) => void): void {
    this.#ssh.stdin.write(data, written);
  }

  override _final(ended: () => void): void {
    this.#ssh.stdin.end(ended);
  }

  override _destroy(error: Error | null, destroyed: (error: Error | null) => void): void {
    this.#ssh.kill();
    destroyed(error);
  }
}

const wordsFor = ({ host, port, username }: Where): string[] => [
  // Nobody is asked for a password: there are too many connections for that.
  ...['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=30', '-T'],
  ...(port === undefined ? [] : ['-p', `${port}`]),
  ...(username === undefined ? [] : ['-l', username]),
  ...['--', host, 'docker', 'system', 'dial-stdio'],
];
