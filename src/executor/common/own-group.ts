import { readFileSync } from 'node:fs';
import { join } from 'node:path';

let found: { readonly group: string | undefined } | undefined;

/**
 * The control group that this process was in before any move of ours. To be asked for before the
 * first move.
 */
export function groupAtFirst(): string | undefined {
  found ??= { group: ownGroup() };
  return found.group;
}

/**
 * The folder of the control group (version 2) that this process is in. `undefined` where there is
 * none, such as on macOS.
 */
export function ownGroup(): string | undefined {
  try {
    return groupFolder(
      readFileSync('/proc/self/mountinfo', 'utf8'),
      readFileSync('/proc/self/cgroup', 'utf8'),
    );
  } catch {
    return undefined;
  }
}

/** The folder of a group, from `/proc/PID/mountinfo` and `/proc/PID/cgroup`. */
export function groupFolder(mountinfo: string, cgroup: string): string | undefined {
  const path = /^0::(\/.*)$/m.exec(cgroup)?.[1];
  if (path === undefined || path.startsWith('/..')) return undefined;
  for (const line of mountinfo.split('\n')) {
    const [, , , root = '', mountPoint = ''] = line.split(' ');
    if (!/ - cgroup2 /.test(line) || !isBelow(path, root)) continue;
    return join(unescapeMount(mountPoint), root === '/' ? path : path.slice(root.length));
  }
  return undefined;
}

const isBelow = (path: string, root: string): boolean =>
  root === '/' || path === root || path.startsWith(`${root}/`);

const unescapeMount = (path: string): string =>
  path.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
