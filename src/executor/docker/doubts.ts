import { stat } from 'node:fs/promises';

import type { Stats } from 'node:fs';
import type { TaskSpec } from '../executor.ts';
import type { ImageFacts } from './image-facts.ts';

/** What may have kept a container from doing its work, as sentences. */
export async function toDoubts(
  { user }: TaskSpec,
  image: ImageFacts,
  workspace: string,
  said: readonly string[],
): Promise<readonly string[]> {
  if (!said.some((line) => refused.test(line))) return [];
  const who = user ?? image.user;
  const [name = '', group = ''] = who.split(':');
  if (name === '' || name === 'root' || name === '0') return [];
  const folder = await stat(workspace).catch(() => undefined);
  if (!folder || canWrite(name, group, folder)) return [];
  const whose = user === undefined ? `its image's user '${who}'` : `the user '${who}'`;
  const rights = `of user ${folder.uid}, mode ${(folder.mode & 0o777).toString(8)}`;
  const unless = whoWould(name, group, folder).join(' or ');
  return [
    `it ran as ${whose}, who may not write the workspace (${rights})${unless && ` unless it is ${unless}`}; run it as user ${folder.uid}, or let everybody write the workspace`,
  ];
}

/** What programs say to whom the kernel has refused something: the words of the C library, and Node's and Python's. */
const refused =
  /permission denied|operation not permitted|read-only file ?system|EACCES|EPERM|EROFS/i;

const ownersRight = 0o200;
const groupsRight = 0o020;
const everybodysRight = 0o002;

function canWrite(name: string, group: string, { uid, gid, mode }: Stats): boolean {
  const right =
    name === String(uid) ? ownersRight : group === String(gid) ? groupsRight : everybodysRight;
  return (mode & right) !== 0;
}

/**
 * Who may write the workspace and may be who it was: only the image knows what number a name stands
 * for, and what group goes with a user.
 */
function whoWould(name: string, group: string, { uid, gid, mode }: Stats): string[] {
  const mayOwn = !isNumber(name) && uid !== 0 && (mode & ownersRight) !== 0;
  const mayBelong = !isNumber(group) && gid !== 0 && (mode & groupsRight) !== 0;
  return [...(mayOwn ? [`user ${uid}`] : []), ...(mayBelong ? [`in group ${gid}`] : [])];
}

const isNumber = (text: string): boolean => /^\d+$/.test(text);
