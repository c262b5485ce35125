import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import { messageOf, statusOf } from './asking.ts';

import type { LaunchFailure, TaskSpec } from '../executor.ts';

/** Why a container could not be made or started, out of what the engine said. */
export function toLaunchFailure(
  error: unknown,
  { container }: TaskSpec,
  workspace = '/',
): LaunchFailure {
  const said = messageOf(error);
  if (statusOf(error) === undefined)
    return { kind: 'environment', detail: `the container engine does not answer: ${said}` };
  if (/no space left on device|disk quota exceeded/i.test(said))
    return { kind: 'environment', detail: `the container engine has no disk left: ${said}` };
  const port = wordIn(said, portTaken);
  if (port !== undefined) return { kind: 'portTaken', port: Number(port) };
  const command = wordIn(said, missingCommand);
  if (command !== undefined) return { kind: 'commandNotFound', command };
  const path = wordIn(said, unseenFolder);
  if (path !== undefined) {
    const volume = container?.volumes?.find(({ source }) => resolve(workspace, source) === path);
    if (!volume) return { kind: 'refused', detail: `the container engine does not see ${path}` };
    const { source } = volume;
    return { kind: 'volumeMissing', source, path, ...(existsSync(path) && { isHere: true }) };
  }
  const user = /unable to find (user|group) ([^:]+):/.exec(said);
  if (user)
    return { kind: 'refused', detail: `its image has no ${user[1] ?? ''} '${user[2] ?? ''}'` };
  if (container?.privileged === true && /not permitted|permission denied|privileged/i.test(said))
    return { kind: 'refused', detail: `this machine refuses privileged containers: ${said}` };
  return { kind: 'refused', detail: `the container engine refused: ${said}` };
}

/*
 * What engines say, each with the word that matters, oldest first. Docker's network, then its proxy
 * and Podman; Docker 27, Docker 28.
 */
const portTaken = [
  /:(\d+) failed: port is already allocated/,
  /:(\d+): bind: address already in use/,
  /failed to bind host port for [^ ]*?:(\d+):[^ ]+: address already in use/,
  /:(\d+)\/\w+: address already in use/,
];

/* Of runc and of crun. */
const missingCommand = [
  /exec: "([^"]+)":.*(?:executable file not found|no such file or directory)/s,
  /executable file [`'"]([^`'"]+)[`'"] not found/,
];

/* Of Docker and of Podman. */
const unseenFolder = [
  /bind source path does not exist: (.+)/,
  /statfs (.+): no such file or directory/,
];

function wordIn(said: string, patterns: readonly RegExp[]): string | undefined {
  for (const pattern of patterns) {
    const word = pattern.exec(said)?.[1];
    if (word !== undefined) return word;
  }
  return undefined;
}
