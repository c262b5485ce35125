import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { imageOf } from '../images/images.ts';

import type Docker from 'dockerode';
import type { ImageName } from '../images/images.ts';

/** Debian has most of them in packages of the same name, and the first two in `uidmap`. */
const needed = [
  'newuidmap',
  'newgidmap',
  'slirp4netns',
  'podman',
  'netavark',
  'aardvark-dns',
  'catatonit',
];
const folders = ['/usr/sbin', '/usr/lib/podman', ...(process.env['PATH'] ?? '').split(delimiter)];

/** Why no Podman of a user without rights can be had here. `undefined`: it can. */
export function rootlessMissing(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root on Linux can';
  if (!existsSync('/dev/net/tun')) return 'there is no /dev/net/tun';
  const missing = needed.filter(
    (program) => !folders.some((folder) => existsSync(join(folder, program))),
  );
  return missing.length === 0 ? undefined : `apt-get install uidmap ${missing.slice(2).join(' ')}`;
}

/** The first folder on the way to one of these files that others may not pass through. */
export function closedTo(paths: readonly string[]): string | undefined {
  const above = (path: string): string[] =>
    dirname(path) === path ? [] : [...above(dirname(path)), dirname(path)];
  return paths
    .flatMap((path) => above(realpathSync(path)))
    .find((folder) => (statSync(folder).mode & 0o001) === 0);
}

/** Nobody else's, as far as anybody knows; and the ids that are the user's to give away. */
const user = { id: 61_234, name: 'continuo-rootless', from: 700_000_000, count: 65_536 };

/**
 * Runs a program as a user without rights who has a Podman of its own with these images, whose containers
 * nothing leads to. The user is made up, as is what that one may do: nobody outside sees anything of it.
 * Settles with the program's exit code, when nothing of all that runs any more.
 */
export async function withRootlessPodman(
  source: Docker,
  images: readonly ImageName[],
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'continuo-rootless-'));
  try {
    await chmod(folder, 0o755);
    for (const name of ['home', 'run']) {
      mkdirSync(join(folder, name), { mode: 0o700 });
      chownSync(join(folder, name), user.id, user.id);
    }
    const { name, id, from, count } = user;
    const passwd = `${name}:x:${id}:${id}::${folder}/home:/bin/sh\n`;
    await writeFile(join(folder, 'passwd'), readFileSync('/etc/passwd', 'utf8') + passwd);
    for (const file of ['subuid', 'subgid'])
      await writeFile(join(folder, file), `${name}:${from}:${count}\n`);
    await writeFile(join(folder, 'outside'), outside);
    await writeFile(join(folder, 'inside'), inside);
    for (const image of images) {
      const file = createWriteStream(join(folder, `${image}.image`));
      await pipeline(await source.getImage(imageOf(image)).get(), file);
    }
    const number = statSync('/dev/net/tun').rdev;
    const device = [number >> 8, number & 0xff].map(String);
    const program = spawn(
      'unshare',
      [
        ...['--mount', '--pid', '--fork', '--kill-child', '--mount-proc'],
        ...['sh', join(folder, 'outside'), folder, String(id), ...device, ...words],
      ],
      {
        stdio: 'inherit',
        env: {
          ...process.env,
          ...env,
          HOME: join(folder, 'home'),
          // Those of whoever runs the tests are closed to it, and it finds no image then.
          XDG_CACHE_HOME: join(folder, 'home', '.cache'),
          XDG_STATE_HOME: join(folder, 'home', '.state'),
          XDG_RUNTIME_DIR: join(folder, 'run'),
          DOCKER_HOST: `unix://${join(folder, 'run', 'sock')}`,
        },
      },
    );
    const [code] = (await once(program, 'exit')) as [number | null];
    return code ?? 1;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What only root can: the user, the ids, and a device that is everybody's on most machines. */
const outside = `set -e
folder=$1 id=$2
mknod "$folder/tun" c "$3" "$4"
chmod 666 "$folder/tun"
mount --bind "$folder/tun" /dev/net/tun
for file in passwd subuid subgid; do mount --bind "$folder/$file" "/etc/$file"; done
mount --make-rshared /
shift 4
exec setpriv --reuid "$id" --regid "$id" --clear-groups sh "$folder/inside" "$folder" "$@"
`;

/** The engine, and beside it the program. Both end with the shell, and so does what they started. */
const inside = `folder=$1
shift
cd /
for image in "$folder"/*.image; do podman load --quiet --input "$image" >/dev/null || exit 1; done
podman system service --time=0 "$DOCKER_HOST" >"$XDG_RUNTIME_DIR/log" 2>&1 &
until [ -S "$XDG_RUNTIME_DIR/sock" ]; do sleep 0.05; done
"$@"
`;
