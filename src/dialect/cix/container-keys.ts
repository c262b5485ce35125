import * as z from 'zod/mini';

import { parseHostname, parseImage, parsePort, parseVolume } from '../../plan/container-text.ts';
import { parseBytes, parseCpus } from '../common/quantities.ts';
import { flag, key, list, scalar, text } from '../common/values.ts';
import { checkedText, whyNot } from './text.ts';

/** The schemas of what a step says about its image and the container around it. */

const expectedImage = 'the name of an image, such as `redis:7`';

export const image = () =>
  key(
    checkedText(expectedImage, parseImage),
    'The container image that the step runs in. Without it, the step runs on this machine. Alone, the image runs what it is made to run.',
    { examples: ['alpine:3.20', 'ghcr.io/team/app@sha256:…'] },
  );

const word = () => scalar('a word of the command');

export const commandWords = () =>
  key(
    z.array(word(), { error: 'a list of words\nsuch as `[npm, test]`' }),
    'Words that are executed as they are, without a shell: in place of `commands`. With an `image`, they are the arguments of its ENTRYPOINT.',
    { examples: [['npm', 'test']] },
  );

const expectedPort = 'a port such as `8080:80`, `9000`, `53:53/udp` or `0:5432`';

const port = () =>
  z.union(
    [
      checkedText(expectedPort, parsePort),
      z.number({ error: expectedPort }).check(
        z.refine((written) => parsePort(String(written)).ok, {
          error: ({ input }) => whyNot(expectedPort, String(input), parsePort),
        }),
      ),
    ],
    { error: expectedPort },
  );

const expectedVolume = 'a volume such as `./data:/var/lib/data` or `cache:/cache:ro`';
const expectedEntrypoint = 'the name of a program, or a list of words';
const expectedPolicy = '`Always`, `IfNotPresent`, `Never` or `Default`';
const expectedMount = 'an absolute path other than `/`';

/** Docker takes no less. */
const leastBytes = 6 * 1024 ** 2;
const leastCpus = 0.01;

const expectedMemory = 'a size such as `512m`, `1g`, `500Mi` or a number of bytes: 6 MiB at least';
const expectedCpus = 'a number of processors such as `2`, `0.5` or `500m`: 0.01 at least';

/** A number with a unit, or without one. */
const quantity = (
  expected: string,
  parse: (written: string | number) => number | undefined,
  least: number,
) => {
  const isEnough = (written: string | number): boolean => (parse(written) ?? -1) >= least;
  return z.union(
    [
      z.string({ error: expected }).check(z.refine(isEnough, { error: expected })),
      z.number({ error: expected }).check(z.refine(isEnough, { error: expected })),
    ],
    { error: expected },
  );
};

/** The keys that only a step with an `image` may have. */
export const containerKeys = () => ({
  entrypoint: key(
    z.union([text(expectedEntrypoint), list(word(), 'a list of words')], {
      error: expectedEntrypoint,
    }),
    "Executed in place of the image's ENTRYPOINT, with the `arguments`.",
    { examples: ['redis-cli', ['sh', '-c']] },
  ),
  hostname: key(
    checkedText('the name of a machine, such as `db.local`', parseHostname),
    'What the container calls itself, and what others may call it besides the name of its step.',
    { examples: ['db.local'] },
  ),
  ports: key(
    z.array(port(), { error: 'a list of ports\nsuch as `[8080:80, 9000]`' }),
    'Ports of the container that this machine answers at: `outside:own`, or the same port on both sides. Outside, `0` is any port that is free.',
    { examples: [['8080:80', '53:53/udp', 9000, '0:5432']] },
  ),
  volumes: key(
    z.array(checkedText(expectedVolume, parseVolume), {
      error: 'a list of volumes\nsuch as `[./data:/data]`',
    }),
    'What the container finds of this machine, as `source:target`, and `:ro` if it must not write there. A source with a slash is a folder or a file, relative to the workspace unless absolute; without one, it is the name of a volume.',
    { examples: [['./data:/data:ro', 'cache:/cache']] },
  ),
  privileged: key(flag(), 'Gives the container all that this machine may do.', { default: false }),
  'workspace-mount-point': key(
    text(expectedMount).check(z.regex(/^\/+[^/]/, { error: expectedMount })),
    'Where the container finds the workspace.',
    { default: '/cix/src' },
  ),
  'pull-policy': key(
    z.enum(['Always', 'IfNotPresent', 'Never', 'Default'], { error: expectedPolicy }),
    'When the registry is asked for the image: always, when this machine lacks it, never; or always for the tag `latest` and else when this machine lacks it.',
    { default: 'Default' },
  ),
  memory: key(
    quantity(expectedMemory, parseBytes, leastBytes),
    'How much memory the container may use; units are powers of 1024.',
    { examples: ['512m', '1.5g'] },
  ),
  cpus: key(
    quantity(expectedCpus, parseCpus, leastCpus),
    'How many processors the container may use.',
    { examples: [0.5, '500m'] },
  ),
});

/** A step's keys about its container, in the right shape. */
export type WrittenContainer = {
  readonly [K in keyof ReturnType<typeof containerKeys>]?:
    z.infer<ReturnType<typeof containerKeys>[K]> | undefined;
};

export const containerOnly = [
  'entrypoint',
  'hostname',
  'ports',
  'volumes',
  'privileged',
  'workspace-mount-point',
  'pull-policy',
  'memory',
  'cpus',
] as const satisfies readonly (keyof WrittenContainer)[];
