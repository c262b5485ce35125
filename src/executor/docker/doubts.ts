import { statSync } from 'node:fs';

import type { TaskSpec } from '../executor.ts';
import type { ImageFacts } from './image-facts.ts';

/** What may have kept a container from doing its work, as sentences. */
export function toDoubts(
  { user }: TaskSpec,
  image: ImageFacts,
  workspace: string,
): Promise<readonly string[]> {
  const who = user ?? image.user;
  const [name = '', group] = who.split(':');
  if (name === '' || name === 'root' || name === '0') return Promise.resolve([]);
  const { uid, gid, mode } = statSync(workspace);
  const isOwner = name === String(uid);
  const isInGroup = group === String(gid);
  const canWrite = mode & (isOwner ? 0o200 : isInGroup ? 0o020 : 0o002);
  if (canWrite !== 0) return Promise.resolve([]);
  const whose = user === undefined ? `its image's user '${who}'` : `the user '${who}'`;
  const rights = (mode & 0o777).toString(8);
  return Promise.resolve([
    `it ran as ${whose}, who may not write the workspace (of user ${uid}, mode ${rights}); give it \`user: ${uid}\`, or the workspace to everybody`,
  ]);
}
