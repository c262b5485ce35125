import { isAbsolute, posix } from 'node:path';

import type { Container } from './container.ts';
import type { ImageFacts } from './image-facts.ts';
import type { TaskSpec } from '../executor.ts';

/** What an engine gives to a container when neither its image nor its task says so. */
const usualPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Where the commands of a task are looked for that has an image with this PATH. */
export const pathOf = ({ environment }: TaskSpec, ofImage: string | undefined): string =>
  environment['PATH'] ?? ofImage ?? usualPath;

/**
 * Finds out once for each image whether a command is in it. An init that stands before the command
 * could only say so when it is too late.
 */
export class Commands {
  readonly #found = new Map<string, Promise<boolean>>();

  /** Whether this command, as a container made of the image would look for it, is there. */
  has(
    command: string,
    container: Container,
    image: ImageFacts,
    path = image.environment['PATH'] ?? usualPath,
  ): Promise<boolean> {
    // It hangs on the folder it is started in, and is found out by starting it.
    if (command.includes('/') && !isAbsolute(command)) return Promise.resolve(true);
    const key = JSON.stringify([image.id, command, path]);
    let found = this.#found.get(key);
    if (!found) {
      found = look(command, container, path);
      this.#found.set(key, found);
      // Not known after all; or in what is mounted, where another step may put it yet.
      const forget = (): void => void this.#found.delete(key);
      found.then((isThere) => isThere || forget(), forget);
    }
    return found;
  }
}

async function look(command: string, container: Container, path: string): Promise<boolean> {
  if (isAbsolute(command)) return container.has(command);
  for (const folder of path.split(':'))
    if (folder !== '' && (await container.has(posix.join(folder, command)))) return true;
  return false;
}
