import { posix } from 'node:path';

import { fail } from '../../base/result.ts';
import { isPath, namesOf } from './container-config.ts';
import { defaultMountPoint } from './mount-points.ts';

import type { Result } from '../../base/result.ts';
import type { LaunchFailure, TaskSpec } from '../executor.ts';
import type { MadeContainer } from './container-maker.ts';
import type { ImageFacts } from './image-facts.ts';

type Making = Promise<Result<MadeContainer, LaunchFailure>>;

/** The containers that are made before their tasks' turn, each for one launch of its task at most. */
export class ContainersAhead {
  readonly #ahead = new Map<string, { readonly key: string; readonly making: Making }>();
  /** Tasks whose turn has come: nothing is made ahead for them any more. */
  readonly #launched = new Set<string>();

  /** Begins with one, unless that was done, the task was launched, or it hangs on what may yet change. */
  begin(spec: TaskSpec, make: () => Making): void {
    if (hangsOnFiles(spec)) return;
    if (this.#ahead.has(spec.name) || this.#launched.has(spec.name)) return;
    this.#ahead.set(spec.name, { key: keyOf(spec), making: make() });
  }

  /**
   * The container that was made for an equal spec, of the image as it is now, or nothing. When
   * `signal` aborts first, the failure is `abandoned`, and the container is thrown away.
   */
  async take(
    spec: TaskSpec,
    image: Promise<Result<ImageFacts, LaunchFailure>>,
    signal: AbortSignal,
    discarding: (work: Promise<void>) => void,
  ): Promise<Result<MadeContainer, LaunchFailure> | undefined> {
    this.#launched.add(spec.name);
    const ahead = this.#ahead.get(spec.name);
    this.#ahead.delete(spec.name);
    if (!ahead) return undefined;
    if (ahead.key !== keyOf(spec)) {
      discarding(discard(ahead.making));
      return undefined;
    }
    const made = await Promise.race([ahead.making, aborted(signal)]);
    if (made === 'aborted') {
      discarding(discard(ahead.making));
      return fail({ kind: 'abandoned' });
    }
    const now = await image;
    const isOld = made.ok && !(now.ok && now.value.id === made.value.image.id);
    if (isOld || (made.ok && made.value.isSpoilt())) {
      discarding(discard(ahead.making));
      return undefined;
    }
    // What did not work ahead of its turn may work now, and if not, it tells why.
    return made.ok ? made : undefined;
  }

  /** Throws away what nobody took. Settles once it is gone. */
  async discardAll(): Promise<void> {
    const left = [...this.#ahead.values()];
    this.#ahead.clear();
    await Promise.all(left.map(({ making }) => discard(making)));
  }
}

async function discard(making: Making): Promise<void> {
  const made = await making;
  if (!made.ok) return;
  made.value.attached.destroy();
  await made.value.container.remove();
}

function aborted(signal: AbortSignal): Promise<'aborted'> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('aborted');
    signal.addEventListener('abort', () => resolve('aborted'), { once: true });
  });
}

/**
 * Whether a container gets hold of a file or folder when it is started that a step before it
 * may yet make, or put another in the place of. The workspace itself stays.
 */
function hangsOnFiles({ container = {}, workingDir = '.' }: TaskSpec): boolean {
  const { mountPoint = defaultMountPoint, volumes = [] } = container;
  const isElsewhere = posix.resolve(mountPoint, workingDir) !== posix.resolve(mountPoint);
  return isElsewhere || volumes.some(isPath);
}

/** Two specs with the same key would start the same. */
const keyOf = (spec: TaskSpec): string => JSON.stringify({ ...spec, names: namesOf(spec) });
