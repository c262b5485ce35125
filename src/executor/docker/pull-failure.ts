import { unreachable } from '../../base/unreachable.ts';

/** Why an engine could not pull. `detail` is in its own words. */
export interface PullFailure {
  readonly kind:
    /** Nobody answers where the registry should be. */
    | 'unreachable'
    /** It answers, but broke: may mend itself. */
    | 'broken'
    /** There is no such name or tag, or not with these credentials. */
    | 'refused'
    /** Trying again cannot help. */
    | 'final'
    | 'diskFull'
    /** The engine itself went away. */
    | 'engineGone'
    | 'abandoned';
  readonly detail: string;
}

/**
 * An engine tells nearly everything as status 500 and a sentence; the sentences are those of Docker
 * with and without containerd's store, of Podman, and of the registries that they quote.
 */
const kinds: readonly (readonly [PullFailure['kind'], RegExp])[] = [
  ['diskFull', /no space left on device|disk quota exceeded|not enough space/i],
  [
    'final',
    /no matching manifest|no image found in (the )?manifest list|x509:|HTTP response to HTTPS client|invalid reference|mediatype|unsupported|pull rate limit/i,
  ],
  [
    'refused',
    /manifest unknown|name unknown|not found$|not found:|does not exist|unauthorized|denied|no basic auth credentials|authentication required|authorization failed|insufficient_scope|invalid username|incorrect username|forbidden/i,
  ],
  [
    'unreachable',
    /connection refused|no such host|network is unreachable|no route to host|i\/o timeout|TLS handshake timeout|Client\.Timeout exceeded|deadline exceeded|server misbehaving|name resolution/i,
  ],
];

/** Sorts what an engine says. What nobody knows may mend itself. */
export function sortPullFailure(words: string): PullFailure {
  const [kind = 'broken'] = kinds.find(([, pattern]) => pattern.test(words)) ?? [];
  return { kind, detail: quotable(words) };
}

/** Addresses that a registry signs for one download carry their permission behind a `?`. */
const quotable = (words: string): string => words.trim().replace(/\?[^\s"']+/g, '?…');

/** The failure of so many attempts as words that follow a colon. */
export function describePullFailure(
  { kind, detail }: PullFailure,
  host: string,
  attempts: number,
): string {
  const tries = attempts > 1 ? ` (tried ${attempts} times)` : '';
  switch (kind) {
    case 'unreachable':
      return `the registry ${host} cannot be reached: ${detail}${tries}`;
    case 'broken':
      return `it could not be pulled from ${host}: ${detail}${tries}`;
    case 'refused':
      return `the registry ${host} refused: ${detail}`;
    case 'final':
      return detail;
    case 'diskFull':
      return `the engine has no disk for it: ${detail}`;
    case 'engineGone':
      return `the engine went away while it pulled: ${detail}${tries}`;
    case 'abandoned':
      return 'it was no longer wanted';
    default:
      return unreachable(kind);
  }
}
