import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { imageNames, imageOf, recipeLabel, recipeOf, versionOf } from '../../test/images/images.ts';
import { followed } from '../../test/rig/docker-progress.ts';
import { programNamed } from './engine.ts';

import type Docker from 'dockerode';
import type { ImageName, Recipe } from '../../test/images/images.ts';

const folder = join(import.meta.dirname, '..', '..', 'test', 'images');

/**
 * Makes the images of the tests that the engine does not have as their recipes are now. Those that
 * cannot be made come back, each with a sentence that says why.
 */
export async function makeImages(
  docker: Docker,
  say: (line: string) => void,
): Promise<ReadonlyMap<ImageName, string>> {
  const failures = new Map<ImageName, string>();
  const outdated: string[] = [];
  const present = await imagesOf(docker);
  for (const name of imageNames) {
    const old = present.get(imageOf(name));
    if (old?.version === versionOf(name)) continue;
    const recipe = recipeOf(name);
    if (recipe.kind === 'stage' && failures.has(recipe.of)) {
      // Else the engine would ask the registry of Docker for it.
      failures.set(name, `it needs ${imageOf(recipe.of)}`);
      continue;
    }
    const begun = performance.now();
    try {
      await (recipe.kind === 'import'
        ? importImage(docker, name, recipe)
        : buildStage(docker, name));
      say(`${imageOf(name)} made in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
      if (old) outdated.unshift(old.id);
    } catch (error) {
      failures.set(name, error instanceof Error ? error.message : String(error));
    }
  }
  // Some may still be in use: they stay, without a name.
  for (const id of outdated)
    await docker
      .getImage(id)
      .remove()
      .catch(() => undefined);
  return failures;
}

interface Present {
  readonly id: string;
  readonly version: string | undefined;
}

async function imagesOf(docker: Docker): Promise<ReadonlyMap<string, Present>> {
  const images = await docker.listImages();
  return new Map(
    images.flatMap(({ Id, RepoTags, Labels }) =>
      (RepoTags ?? []).map((tag): [string, Present] => [
        tag.replace(/:latest$/, ''),
        // An engine says null for no labels at all.
        { id: Id, version: (Labels as typeof Labels | null)?.[recipeLabel] },
      ]),
    ),
  );
}

async function importImage(
  docker: Docker,
  name: ImageName,
  { script: [script, ...args], changes, programs }: Extract<Recipe, { kind: 'import' }>,
): Promise<void> {
  const missing = programs.filter((program) => programNamed(program) === undefined);
  if (missing.length > 0) throw new Error(`apt-get install ${missing.join(' ')}`);
  const files = start(join(folder, script), args);
  const answer = await docker.importImage(files.stdout, {
    changes: [...changes, `LABEL ${recipeLabel}=${versionOf(name)}`],
  });
  const progress = await followed(docker, answer);
  const id = progress.findLast(({ status }) => status?.startsWith('sha256:'))!.status!;
  const image = docker.getImage(id);
  try {
    await files.done;
  } catch (error) {
    // Half of a tar may make an image, too.
    await image.remove();
    throw error;
  }
  await image.tag({ repo: imageOf(name) });
}

async function buildStage(docker: Docker, name: ImageName): Promise<void> {
  const answer = await docker.buildImage(
    { context: folder, src: ['Dockerfile', 'postgres.sh'] },
    { t: imageOf(name), target: name, labels: { [recipeLabel]: versionOf(name) } },
  );
  await followed(docker, answer);
}

function start(program: string, args: readonly string[]) {
  const child = spawn(program, args, {
    env: { ...process.env, NODE: process.execPath },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = text(child.stderr);
  const done = once(child, 'close').then(async ([code]) => {
    if (code !== 0) throw new Error(`${program} ended with ${code}:\n${await said}`);
  });
  // Also when nobody waits for it any more.
  done.catch(() => undefined);
  return { stdout: child.stdout, done };
}
