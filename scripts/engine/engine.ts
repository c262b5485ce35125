import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import Docker from 'dockerode';

import { fail, ok } from '../../src/base/result.ts';

import type { Result } from '../../src/base/result.ts';

const logFile = join(tmpdir(), 'continuo-dockerd.log');
const patienceMs = 60_000;

/**
 * The Docker engine that answers at DOCKER_HOST or at the default socket. Where none does, root on
 * Linux gets one that goes on after us. The failure is a sentence that says what is missing.
 */
export async function engine(say: (line: string) => void): Promise<Result<Docker, string>> {
  const docker = new Docker();
  const silence = await silenceOf(docker);
  if (silence === undefined) return ok(docker);

  const host = process.env['DOCKER_HOST'];
  if (host !== undefined)
    return fail(`no Docker engine answers at DOCKER_HOST=${host}: ${silence}`);
  const none = `no Docker engine answers (${silence})`;
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return fail(`${none}, and only root on Linux can be given one here`);
  const dockerd = programNamed('dockerd');
  if (dockerd === undefined || programNamed('iptables') === undefined)
    return fail(`${none}, and none is installed: apt-get install docker.io iptables`);

  say(`No Docker engine answers: starting ${dockerd}, which writes to ${logFile}.`);
  const ended = startDockerd(dockerd);
  const deadline = performance.now() + patienceMs;
  while (performance.now() < deadline) {
    const how = await Promise.race([ended, delay(100)]);
    if ((await silenceOf(docker)) === undefined) {
      say('The Docker engine answers.');
      return ok(docker);
    }
    if (how !== undefined) return fail(`${dockerd} ended with ${how}:\n${await lastLines()}`);
  }
  return fail(`${dockerd} does not answer after ${patienceMs / 1000} s:\n${await lastLines()}`);
}

/** Where a program is that can be called by its name, in the folders of administrators too. */
export function programNamed(name: string): string | undefined {
  return [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin']
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

/** Why the engine does not answer; `undefined` when it does. */
async function silenceOf(docker: Docker): Promise<string | undefined> {
  try {
    await docker.ping();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Starts it in a session of its own. Settles when it ends, with its status. */
function startDockerd(program: string): Promise<string> {
  const log = openSync(logFile, 'w');
  const child = spawn(program, { cwd: '/', detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  child.unref();
  return once(child, 'exit').then(
    ([code, signal]) => String(code ?? signal),
    (error: unknown) => String(error),
  );
}

async function lastLines(): Promise<string> {
  const text = await readFile(logFile, 'utf8');
  return text.trimEnd().split('\n').slice(-10).join('\n');
}
