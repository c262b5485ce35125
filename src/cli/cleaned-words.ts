/** What `continuo clean` found of a run, as programs read it. */
export interface Cleaned {
  readonly run: string;
  readonly executor: 'host' | 'docker';
  /** Where the engine is, as `DOCKER_HOST` would have it. */
  readonly engine?: string;
  readonly stage?: string;
  /** `unknown`: on another machine, or among processes that cannot be seen from here. */
  readonly owner: 'dead' | 'unknown';
  /** It was left on purpose. */
  readonly kept?: true;
  readonly made?: readonly { readonly kind: Kind; readonly name: string }[];
  readonly removed: boolean;
  /** Why it is still there although it was to be removed. */
  readonly failure?: string;
}

type Kind = 'container' | 'network' | 'volume';

/** The same as a sentence. */
export function describeCleaned(cleaned: Cleaned): string {
  const { run, removed, failure, owner, kept } = cleaned;
  const what = whatOf(cleaned);
  if (removed) return `removed what run ${run} had ${kept ? 'kept' : 'left'}: ${what}`;
  if (failure !== undefined) return `what run ${run} has left cannot be removed: ${failure}`;
  if (owner === 'unknown')
    return `run ${run}, which may still go on somewhere else, has ${what}; only --all removes that`;
  return `run ${run} has ${kept ? 'kept' : 'left'}: ${what}`;
}

function whatOf({ executor, made = [], engine }: Cleaned): string {
  if (executor === 'host') return 'what it started or wrote on this machine';
  const kinds = (['container', 'network', 'volume'] as const).flatMap((kind) => {
    const names = made.filter((each) => each.kind === kind).map(({ name }) => name);
    if (names.length === 0) return [];
    return [`${names.length} ${kind}${names.length === 1 ? '' : 's'} (${names.join(', ')})`];
  });
  return kinds.length === 0 ? `perhaps something at ${engine}` : kinds.join(', ');
}
