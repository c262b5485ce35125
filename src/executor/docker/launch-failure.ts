import { messageOf, statusOf } from './asking.ts';

import type { LaunchFailure, TaskSpec } from '../executor.ts';

/** Why a container could not be made or started, out of what the engine said. */
export function toLaunchFailure(error: unknown, { container }: TaskSpec): LaunchFailure {
  const said = messageOf(error);
  if (statusOf(error) === undefined)
    return { kind: 'environment', detail: `the container engine does not answer: ${said}` };
  if (/no space left on device|disk quota exceeded/i.test(said))
    return { kind: 'environment', detail: `the container engine has no disk left: ${said}` };
  const taken =
    /:(\d+)(?: failed)?: (?:bind: )?(?:port is already allocated|address already in use)/;
  const port = taken.exec(said)?.[1];
  if (port !== undefined) return { kind: 'portTaken', port: Number(port) };
  const missing = /exec: "([^"]+)":.*(?:executable file not found|no such file or directory)/s;
  const command = missing.exec(said)?.[1];
  if (command !== undefined) return { kind: 'commandNotFound', command };
  const folder = /bind source path does not exist: (\S+)/.exec(said)?.[1];
  if (folder !== undefined)
    return { kind: 'refused', detail: `the container engine does not see ${folder}` };
  const user = /unable to find (user|group) ([^:]+):/.exec(said);
  if (user)
    return { kind: 'refused', detail: `its image has no ${user[1] ?? ''} '${user[2] ?? ''}'` };
  if (container?.privileged === true && /not permitted|permission denied|privileged/i.test(said))
    return { kind: 'refused', detail: `this machine refuses privileged containers: ${said}` };
  return { kind: 'refused', detail: `the container engine refused: ${said}` };
}
