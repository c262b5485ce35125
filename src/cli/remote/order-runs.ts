import { resolve } from 'node:path';

import { isAddress } from '../../base/is-address.ts';
import { fail, ok } from '../../base/result.ts';
import { beginChain } from './begin-chain.ts';
import { takeBack } from './take-back.ts';
import { folderName } from './texts-here.ts';

import type { Result } from '../../base/result.ts';
import type { Link } from '../chain.ts';
import type { RunRequest } from '../../server/order.ts';
import type { ExecFlags } from '../commands/exec.ts';
import type { Settings } from '../settings.ts';
import type { World } from '../world.ts';
import type { RemoteFailure, RemoteServer } from './remote-server.ts';
import type { TakenBack } from './take-back.ts';

/** A run that a server has taken. */
export interface OrderedRun {
  readonly id: string;
  readonly pipeline: string;
  readonly link: Link;
}

/** Why a server runs nothing of a chain. */
export interface NotOrdered extends TakenBack {
  readonly failure: RemoteFailure;
}

/** What is asked of a server. */
export interface Ordering {
  readonly settings: Settings;
  /** What `textsHere` has read. */
  readonly texts: Readonly<Record<string, string>>;
  /** Nothing begins before it is asked to. */
  readonly load: boolean;
}

/**
 * Has a server start the files of a chain, or load them: each begins after the one before it, the teardown in
 * any case. When that fails, none is left there, as far as the server can still be asked.
 */
export async function orderRuns(
  server: RemoteServer,
  ordering: Ordering,
  flags: ExecFlags,
  world: World,
): Promise<Result<readonly OrderedRun[], NotOrdered>> {
  const { settings, load } = ordering;
  const { links } = settings;
  const ordered: OrderedRun[] = [];
  const ticket = crypto.randomUUID();
  for (const link of links) {
    const after = ordered.at(-1)?.id;
    const asked = await server.post('/api/v1/runs', {
      ...placesOf(link, flags, server, world),
      ...wishesOf(ordering, flags),
      ...namesOf(link, links, flags, server, world),
      ...(flags.pipelineAlias !== undefined &&
        link.role === 'pipeline' && { name: flags.pipelineAlias }),
      // Nothing of a chain begins before all of it is there.
      load: load || links.length > 1,
      ticket,
      ...(after !== undefined && { after, always: link.role === 'teardown' }),
    });
    if (!asked.ok) return undone(asked.failure);
    const { id, pipeline } = asked.value as Omit<OrderedRun, 'link'>;
    ordered.push({ id, pipeline, link });
  }
  if (load || links.length === 1) return ok(ordered);
  const begun = await beginChain(server, ordered[0]!.id, world);
  return begun.ok ? ok(ordered) : undone(begun.failure);

  async function undone(failure: RemoteFailure): Promise<Result<never, NotOrdered>> {
    const ids = ordered.map(({ id }) => id);
    return fail({ failure, ...(await takeBack(server, ids, ticket)) });
  }
}

/** What every file of a chain is run with. */
function wishesOf({ settings, texts }: Ordering, flags: ExecFlags): RunWishes {
  const { given, plugins, harness } = settings;
  const { approve, reject, break: breaks, pauseOnFailure, keep, pullPolicy } = flags;
  const { values, files, templates, connectors, strict, skipUnsupported } = harness;
  return {
    variables: Object.fromEntries(given.named.variables),
    secrets: Object.fromEntries(given.named.secrets),
    executor: flags.executor ?? 'auto',
    ...(pullPolicy && { pullPolicy }),
    ...(plugins.length > 0 && { plugins: [...plugins] }),
    ...(Object.keys(texts).length > 0 && { texts }),
    ...(approve && { approve: [...approve] }),
    ...(reject && { reject: [...reject] }),
    ...(breaks && { break: [...breaks] }),
    ...(pauseOnFailure === true && { pauseOnFailure }),
    ...(keep === true && { keep }),
    ...(values.length > 0 && {
      input: Object.fromEntries(values.map(({ name, value }) => [name, value])),
    }),
    ...(files.length > 0 && { inputFiles: [...files] }),
    ...(templates !== undefined && { templates: folderName(templates) }),
    ...(connectors !== undefined && { connectors }),
    ...(strict && { strict }),
    ...(skipUnsupported && { skipUnsupported }),
  };
}

/** But for what says where the files are, whose names are whose, and when they run. */
type RunWishes = Omit<
  RunRequest,
  | 'file'
  | 'text'
  | 'workspace'
  | 'name'
  | 'part'
  | 'others'
  | 'load'
  | 'after'
  | 'always'
  | 'ticket'
>;

/**
 * What says that names of steps may be those of any file of the chain. The first run is checked with all of them, so that
 * a name that none has is refused before anything is taken.
 */
function namesOf(
  link: Link,
  links: readonly Link[],
  { approve, reject, break: breaks }: ExecFlags,
  server: RemoteServer,
  world: World,
): Pick<RunRequest, 'part' | 'others'> {
  if (links.length === 1) return {};
  const [first, ...others] = links;
  const isNamed = [approve, reject, breaks].some((names) => names !== undefined);
  if (!isNamed || link !== first) return { part: true };
  return { others: others.map(({ file }) => fileOf(file, server, world)) };
}

/** Whoever has the files on the machine of the server names them as we do; elsewhere, as that does. */
function placesOf(
  link: Link,
  { workspace }: ExecFlags,
  server: RemoteServer,
  world: World,
): { readonly file: string; readonly workspace?: string } {
  const file = fileOf(link.file, server, world);
  if (server.place.isHere) return { file, workspace: resolve(world.cwd, workspace ?? '.') };
  return { file, ...(workspace !== undefined && { workspace }) };
}

const fileOf = (file: string, { place }: RemoteServer, { cwd }: World): string =>
  place.isHere && !isAddress(file) ? resolve(cwd, file) : file;
