import { isAbsolute, resolve } from 'node:path';
import { statSync } from 'node:fs';

import { fail, ok } from '../../base/result.ts';
import { handsOver, inPlace } from '../common/place-facts.ts';
import { archiveOf, emptyFileArchive } from './archive.ts';
import { placeOf, startWords, toContainer } from './container-config.ts';
import { Container } from './container.ts';
import { Commands, pathOf } from './find-command.ts';
import { toLaunchFailure } from './launch-failure.ts';
import { outputsFile, scriptsMount } from './mount-points.ts';
import { volumesFor } from './shared-volumes.ts';
import { Turns } from './turns.ts';

import type { Socket } from 'node:net';
import type Docker from 'dockerode';
import type { Result } from '../../base/result.ts';
import type { LaunchFailure, TaskSpec } from '../executor.ts';
import type { Surroundings, StartWords } from './container-config.ts';
import type { ImageFacts } from './image-facts.ts';
import type { Scripts } from './scripts.ts';
import type { SharedVolume } from './shared-volumes.ts';

/** A container that is ready for its task's turn. */
export interface MadeContainer {
  readonly container: Container;
  readonly image: ImageFacts;
  readonly attached: Socket;
  /** Its process waits for a line on its input; else nothing of it has been started. */
  readonly isHeld: boolean;
  /** The line cannot come any more, so that its process has ended without having become the task's. */
  isSpoilt(): boolean;
}

/** An engine starts no more of them in the same time when it is asked for all at once. */
const startsAtOnce = 4;
/**
 * Engines before version 28 count wrongly who is in a network when two enter it in the same moment;
 * such a network cannot be removed.
 */
const startsApartMs = 40;

/** By which a process is held back. */
const shell = '/bin/sh';

/** What a container of a sandbox is made of that its maker does not know by itself. */
export interface SandboxSurroundings extends Omit<Surroundings, 'name' | 'imagePath' | 'isHeld'> {
  readonly volumes: readonly SharedVolume[];
}

/** What every container of a sandbox has in common. */
export type Common = Omit<SandboxSurroundings, 'labels' | 'publish'>;

/** Makes the containers of a sandbox, up to where their commands would run. */
export class ContainerMaker {
  readonly #docker: Docker;
  readonly #scripts: Scripts | undefined;
  readonly #commands = new Commands();
  readonly #starts = new Turns(startsAtOnce, startsApartMs);
  /** Images that are known to have the shell by which a process is held back. */
  readonly #holders = new Set<string>();
  readonly #names = new Set<string>();
  readonly #prefix: string;

  constructor(docker: Docker, prefix: string, scripts: Scripts | undefined) {
    this.#docker = docker;
    this.#prefix = prefix;
    this.#scripts = scripts;
  }

  /**
   * Makes one. With `early` its process is started and held back, where that can be done. The failure is
   * `abandoned`, and nothing is left of it, when `signal` aborts meanwhile.
   */
  async make(
    asked: TaskSpec,
    image: ImageFacts,
    around: SandboxSurroundings,
    early: boolean,
    signal: AbortSignal,
  ): Promise<Result<MadeContainer, LaunchFailure>> {
    const folder = missingFolder(asked, around.workspace);
    if (folder !== undefined) return fail({ kind: 'directoryMissing', directory: folder });
    const name = this.#nameOf(asked.name);
    const spec = inPlace(asked, placeOf(asked, { ...around, name }));
    let container: Container | undefined;
    try {
      const command = this.#commandOf(spec);
      const isHeld = early && this.#canHold(spec, command, image);
      const imagePath = image.environment['PATH'];
      const options = toContainer(spec, command, { ...around, name, imagePath, isHeld });
      container = await Container.create(this.#docker, name, options);
      const volumes = volumesFor(spec, around.volumes);
      signal.throwIfAborted();
      for (const volume of volumes) await volume.open(container);
      const made = await this.#furnish(container, spec, command, image, isHeld, volumes, signal);
      if (made.ok) return made;
      await container.remove();
      return made;
    } catch (error) {
      await container?.remove().catch(() => undefined);
      if (signal.aborted) return fail({ kind: 'abandoned' });
      return fail(toLaunchFailure(error, spec, around.workspace));
    }
  }

  /**
   * Starts one that is not held. Throws what the engine said; or, when `signal` aborts before the engine has
   * been asked, the reason of that.
   */
  start(container: Container, signal: AbortSignal): Promise<void> {
    return this.#starts.take(() => container.start(), signal);
  }

  async #furnish(
    container: Container,
    spec: TaskSpec,
    command: StartWords,
    image: ImageFacts,
    isHeld: boolean,
    volumes: readonly SharedVolume[],
    signal: AbortSignal,
  ): Promise<Result<MadeContainer, LaunchFailure>> {
    if (spec.run.kind === 'script' && !this.#scripts)
      await container.put(archiveOf('continuo', 'script', spec.run.text));
    if (handsOver(spec)) await container.put(emptyFileArchive(outputsFile.slice(1)));
    // Last what is first, since little is there, and each look takes time.
    const beside = volumes.filter(({ folder }) => folder.onPath).map(({ folder }) => folder.target);
    const path = [pathOf(spec, image.environment['PATH']), ...beside].join(':');
    const [first] = command.kind === 'words' ? command.words : [];
    if (first !== undefined && !(await this.#commands.has(first, container, image, path)))
      return fail({ kind: 'commandNotFound', command: first });
    if (!this.#holders.has(image.id) && (await this.#commands.has(shell, container, image)))
      this.#holders.add(image.id);
    signal.throwIfAborted();
    const attached = await container.attach(isHeld);
    // What is held says nothing: all that can come before its turn is the end of the connection.
    let isSpoilt = false;
    if (isHeld) attached.once('readable', () => (isSpoilt = true));
    try {
      if (isHeld) await this.start(container, signal);
    } catch (error) {
      // It would keep this process from ending.
      attached.destroy();
      throw error;
    }
    return ok({
      container,
      image,
      attached,
      isHeld,
      isSpoilt: () => isSpoilt || attached.destroyed,
    });
  }

  /**
   * What can be started before its turn without anybody's noticing: not what the image itself
   * starts, whose words we do not know, and not what takes a port of this machine.
   */
  #canHold({ container = {} }: TaskSpec, command: StartWords, image: ImageFacts): boolean {
    return (
      command.kind === 'words' &&
      (container.ports ?? []).length === 0 &&
      // An image that does not have it has nothing to run the command with either.
      (command.words[0] === shell || this.#holders.has(image.id))
    );
  }

  #commandOf({ run }: TaskSpec): StartWords {
    const script = run.kind === 'script' ? (this.#scripts?.place(run.text) ?? 'script') : '';
    return startWords(run, `${scriptsMount}/${script}`);
  }

  #nameOf(task: string): string {
    const first = `${this.#prefix}-${task.replaceAll(/[^A-Za-z0-9_.-]/g, '-')}`;
    let name = first;
    // What is made anew must not take what another task may be called, either.
    for (let count = 2; this.#names.has(name); count++) name = `${first}-${count}`;
    this.#names.add(name);
    return name;
  }
}

/** The engine would make it, and it would be root's. */
function missingFolder({ workingDir }: TaskSpec, workspace: string): string | undefined {
  if (workingDir === undefined || isAbsolute(workingDir)) return undefined;
  const folder = resolve(workspace, workingDir);
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true ? undefined : folder;
}
