import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The images of the tests by their short names, in an order in which they can be made. */
export const imageNames = [
  'busybox',
  'node',
  'no-shell',
  'services',
  'entrypoint',
  'health-cmd',
  'health-shell',
  'health-none',
  'user',
  'volume',
  'redis',
  'nginx',
  'postgres',
] as const;

export type ImageName = (typeof imageNames)[number];

/** How an image is made: of files that a script prints as a tar, or by a stage of the Dockerfile. */
export type Recipe =
  | {
      readonly kind: 'import';
      readonly script: readonly [string, ...string[]];
      readonly changes: readonly string[];
      /** Programs of this machine that the script needs. */
      readonly programs: readonly string[];
    }
  | { readonly kind: 'stage'; readonly of: ImageName };

type ImportRecipe = Extract<Recipe, { kind: 'import' }>;

const path = 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const recipes: Readonly<Record<ImageName, Recipe>> = {
  /** Every tool in one program, and the users root, nobody and app (uid 1000). */
  busybox: rootfs('busybox', 'CMD ["sh"]'),
  /** The same with the Node that runs the tests. */
  node: rootfs('node', `ENV NODE_VERSION=${process.versions.node}`, 'CMD ["node"]'),
  /** Only `busybox`, which is called by that name: `busybox sleep 5`. */
  'no-shell': rootfs('no-shell', 'CMD ["busybox", "echo", "no shell here"]'),
  /** Debian with redis-server, nginx, PostgreSQL, bash and python3. */
  services: {
    kind: 'import',
    script: ['services.sh'],
    changes: [path, 'CMD ["bash"]'],
    programs: ['mmdebstrap'],
  },
  /** Prints `from the entrypoint: by default`, or the arguments in place of the last two words. */
  entrypoint: { kind: 'stage', of: 'busybox' },
  /** Healthy once there is a file /tmp/healthy; asked without a shell. */
  'health-cmd': { kind: 'stage', of: 'busybox' },
  /** Healthy once there is a file /tmp/healthy; asked by a shell, which says so when it is not. */
  'health-shell': { kind: 'stage', of: 'busybox' },
  /** Takes back the HEALTHCHECK of the image below. */
  'health-none': { kind: 'stage', of: 'health-cmd' },
  /** Runs as app, in /home/app. */
  user: { kind: 'stage', of: 'busybox' },
  /** Wants a volume at /data. */
  volume: { kind: 'stage', of: 'busybox' },
  redis: { kind: 'stage', of: 'services' },
  nginx: { kind: 'stage', of: 'services' },
  /** Has its data folder; `PGDATA=/tmp/new` has it made anew, with the database `$POSTGRES_DB`. */
  postgres: { kind: 'stage', of: 'services' },
};

export const recipeOf = (name: ImageName): Recipe => recipes[name];

/** What an engine calls the image. */
export const imageOf = (name: ImageName): string => `continuo-test/${name}`;

/** The label of an image that holds the version of its recipe. */
export const recipeLabel = 'continuo-test.recipe';

/** Changes with everything that the image is made of. */
export function versionOf(name: ImageName): string {
  const recipe = recipes[name];
  const hash = createHash('sha256').update(JSON.stringify(recipe));
  if (recipe.kind === 'import') hash.update(textOf(recipe.script[0]));
  else hash.update(textOf('Dockerfile')).update(textOf('postgres.sh')).update(versionOf(recipe.of));
  return hash.digest('hex').slice(0, 16);
}

function rootfs(image: string, ...changes: readonly string[]): ImportRecipe {
  return {
    kind: 'import',
    script: ['rootfs.sh', image],
    changes: [path, ...changes],
    programs: ['busybox'],
  };
}

function textOf(file: string): string {
  return readFileSync(join(import.meta.dirname, file), 'utf8');
}
