import { repositoryOf, parseImageName } from './image-name.ts';

import type { ImageInspectInfo } from 'dockerode';
import type { ImageName } from './image-name.ts';

/** What an image brings along. */
export interface ImageFacts {
  readonly id: string;
  readonly environment: Readonly<Record<string, string>>;
  /** As its USER says; empty: root. */
  readonly user: string;
  /** Empty: the root folder. */
  readonly workingDir: string;
  /** Its HEALTHCHECK as words to execute, a shell's line with the image's own shell. */
  readonly healthcheck?: readonly [string, ...string[]];
  /** The engine makes a nameless volume for each container of it. */
  readonly hasVolumes: boolean;
  /** Something of its own to start. Without it a task must name its command. */
  readonly hasCommand: boolean;
}

type Config = Partial<ImageInspectInfo['Config']> & { readonly Shell?: string[] | null };

/** Takes from an inspection what we need. */
export function toImageFacts(
  info: Pick<ImageInspectInfo, 'Id'> & { Config?: unknown },
): ImageFacts {
  const config = (info.Config ?? {}) as Config;
  const healthcheck = healthcheckOf(config);
  return {
    id: info.Id,
    environment: Object.fromEntries((config.Env ?? []).map(splitVariable)),
    user: config.User ?? '',
    workingDir: config.WorkingDir ?? '',
    ...(healthcheck && { healthcheck }),
    hasVolumes: Object.keys(config.Volumes ?? {}).length > 0,
    hasCommand: [config.Entrypoint ?? [], config.Cmd ?? []].flat().length > 0,
  };
}

function splitVariable(text: string): [string, string] {
  const [name = '', ...value] = text.split('=');
  return [name, value.join('=')];
}

function healthcheckOf({ Healthcheck, Shell }: Config): ImageFacts['healthcheck'] {
  const [kind, first, ...rest] = Healthcheck?.Test ?? [];
  if (first === undefined) return undefined;
  if (kind === 'CMD') return [first, ...rest];
  if (kind !== 'CMD-SHELL') return undefined;
  const [shell = '/bin/sh', ...options] = Shell ?? ['/bin/sh', '-c'];
  return [shell, ...options, first];
}

/**
 * Whether this repository is where the image came from, or was sent to. An image that was built or
 * imported here is in no repository, and neither is one that was only given another name.
 */
export const cameFrom = (
  name: ImageName,
  { RepoDigests }: Partial<Pick<ImageInspectInfo, 'RepoDigests'>>,
): boolean =>
  (RepoDigests ?? []).some((text) => {
    const known = parseImageName(text);
    return known.ok && repositoryOf(known.value) === repositoryOf(name);
  });
