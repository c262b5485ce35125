import { chmod } from 'node:fs/promises';
import { posix } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { fail, ok } from '../../base/result.ts';
import { folderArchive } from './archive.ts';
import { askAgain, isTaken, messageOf, statusOf } from './asking.ts';
import { defaultMountPoint } from './mount-points.ts';

import type Docker from 'dockerode';
import type { Result } from '../../base/result.ts';
import type { SharedFolder, TaskSpec } from '../executor.ts';
import type { Container } from './container.ts';

/** As a place for temporary files: who has made a file there is the only one who may remove it. */
const everybodys = 0o1777;
/** A container that is gone may be counted as having it for a moment. */
const countingMs = 5_000;

/**
 * A shared folder of a sandbox, as a volume of the engine. A folder of this machine would do for an
 * engine here only, and what root has put there from within a container we could not always remove.
 */
export class SharedVolume {
  readonly folder: SharedFolder;
  readonly name: string;
  readonly #docker: Docker;
  #opening: Promise<void> | undefined;

  private constructor(docker: Docker, name: string, folder: SharedFolder) {
    this.#docker = docker;
    this.name = name;
    this.folder = folder;
  }

  /** Makes it. Throws what the engine said. With `isHere` the engine's files are this machine's. */
  static async make(
    docker: Docker,
    name: string,
    folder: SharedFolder,
    { labels, isHere }: VolumeHow,
  ): Promise<SharedVolume> {
    const options = { Name: name, Labels: { ...labels } };
    // Docker answers with the volume when there is one of this name, which is ours alone.
    await askAgain(docker, (abortSignal) => docker.createVolume({ ...options, abortSignal })).catch(
      (error: unknown) => {
        if (!isTaken(error)) throw error;
      },
    );
    const volume = new SharedVolume(docker, name, folder);
    // Sooner than through a container, where we may: as root, among the files of the engine.
    if (isHere && (await volume.#isOpened())) volume.#opening = Promise.resolve();
    return volume;
  }

  /** Lets everybody write to it, by way of a container that has it and does not run yet. Once. */
  open(container: Container): Promise<void> {
    if (!this.#opening) {
      const { dir, base } = posix.parse(this.folder.target);
      const opening = container.put(folderArchive(base, everybodys), dir);
      this.#opening = opening;
      opening.catch(() => {
        if (this.#opening === opening) this.#opening = undefined;
      });
    }
    return this.#opening;
  }

  async #isOpened(): Promise<boolean> {
    const volume = this.#docker.getVolume(this.name);
    const { Mountpoint } = await askAgain(this.#docker, (abortSignal) =>
      volume.inspect({ abortSignal }),
    );
    return chmod(Mountpoint, everybodys).then(
      () => true,
      () => false,
    );
  }

  /** Removes it, once no container has it any more. */
  async close(): Promise<void> {
    const volume = this.#docker.getVolume(this.name);
    const until = performance.now() + countingMs;
    for (;;) {
      try {
        await askAgain(this.#docker, (abortSignal) => volume.remove({ abortSignal }));
        return;
      } catch (error) {
        if (statusOf(error) === 404) return;
        if (statusOf(error) !== 409 || performance.now() > until) throw error;
        await delay(100);
      }
    }
  }
}

export interface VolumeHow {
  readonly labels: Readonly<Record<string, string>>;
  /** Whether the engine runs on this machine, as far as that can be told. */
  readonly isHere: boolean;
}

/** Makes the shared folders of a sandbox, named after it. The failure is a sentence. */
export async function makeVolumes(
  docker: Docker,
  sandbox: string,
  folders: readonly SharedFolder[],
  how: VolumeHow,
): Promise<Result<readonly SharedVolume[], string>> {
  const making = folders.map((folder) =>
    SharedVolume.make(docker, `${sandbox}-${folder.name}`, folder, how),
  );
  try {
    return ok(await Promise.all(making));
  } catch (error) {
    for (const made of await Promise.allSettled(making))
      if (made.status === 'fulfilled') await made.value.close().catch(() => undefined);
    return fail(`no volume can be made: ${messageOf(error)}`);
  }
}

/** Those of them that a task finds: where it has something of its own, it has that. */
export function volumesFor<V extends Pick<SharedVolume, 'folder'>>(
  { container = {} }: TaskSpec,
  shared: readonly V[],
): readonly V[] {
  const { mountPoint = defaultMountPoint } = container;
  const own = [mountPoint, ...(container.volumes ?? []).map(({ target }) => target)].map(plain);
  return shared.filter(({ folder }) => !own.includes(plain(folder.target)));
}

const plain = (path: string): string => posix.join(path, '/');
