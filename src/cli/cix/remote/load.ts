import { fail, ok } from '../../../base/result.ts';
import { warn } from '../../complain.ts';
import { exitCode } from '../../exit-code.ts';
import { readSettings } from '../../settings.ts';
import { addAll } from './add-all.ts';
import { askServer, codeOfAll } from './ask-server.ts';
import { consoleLog } from './log.ts';
import { specsOf } from './specs.ts';
import { takeChainBack } from './take-chain-back.ts';

import type { Result } from '../../../base/result.ts';
import type { Link } from '../../chain.ts';
import type { Settings } from '../../settings.ts';
import type { RemoteFailure, RemoteServer } from '../../remote/remote-server.ts';
import type { World } from '../../world.ts';
import type { LoadFlags as CommonLoadFlags } from '../options.ts';
import type { Asking } from './ask-server.ts';

export interface LoadFlags extends CommonLoadFlags {
  readonly setAlias?: string;
}

/** A file of a chain on a server. */
export interface Loaded {
  readonly link: Link;
  readonly id: string;
}

/** `cix load`: has a server take pipelines without running them. */
export async function load(flags: LoadFlags, world: World): Promise<number> {
  const settings = await readSettings([], flags, world);
  if (!settings.ok) return settings.failure;
  const asking = askServer(flags, world);
  if (!asking.ok) return asking.failure;
  const loaded = await loadChain(settings.value, flags, asking.value, world);
  if (!loaded.ok) return loaded.failure;
  const log = consoleLog(flags, world);
  if (settings.value.logging.mode !== 'console') warn(world, flags, noLogFiles);
  for (const { link, id } of loaded.value) log('info', `Loaded ${link.file} as pipeline ${id}.`);
  log('info', "Pipeline(s) loaded, use 'cix resume' to continue.");
  return exitCode.ok;
}

/** Where nobody waits, nobody writes them. */
export const noLogFiles =
  '--logging: a server keeps all logs by itself; `continuo logs` shows them';

/**
 * Has a server take a chain of which each begins after the one before it; none of it when there is a
 * mistake in a file that is there, or when it does not take all of them. The failure is an exit code, and its reason has been told.
 */
export async function loadChain(
  settings: Settings,
  flags: LoadFlags,
  asking: Asking,
  world: World,
): Promise<Result<readonly Loaded[], number>> {
  const { server, complain } = asking;
  const { links } = settings;
  const told = await specsOf(settings, flags, server, world);
  if (!told.ok) return fail(complain(told.failure));
  const ticket = crypto.randomUUID();
  const specs = told.value.map((spec) => ({ ...spec, ticket }));
  const wrong = await validateAll(specs, server);
  if (wrong.length > 0) return fail(codeOfAll(wrong.map((failure) => complain(failure))));
  const alias = flags.pipelineAlias ?? flags.setAlias;
  const added = await addAll(
    specs.map((spec, index) =>
      index === 0 && alias !== undefined ? { ...spec, pipelineAlias: alias } : spec,
    ),
    server,
  );
  if (added.ok) return ok(links.map((link, index) => ({ link, id: added.value[index]! })));
  const code = complain(added.failure.why);
  await takeChainBack(added.failure.before, asking, flags, world, ticket);
  return fail(code);
}

/** What is wrong with files that are there. All but the first may still be written by those before them. */
async function validateAll(
  specs: readonly object[],
  server: RemoteServer,
): Promise<readonly RemoteFailure[]> {
  const wrong: RemoteFailure[] = [];
  for (const [index, spec] of specs.entries()) {
    const checked = await server.post('/api/validate/pipeline/full', spec);
    if (checked.ok) continue;
    const { failure } = checked;
    if (failure.kind === 'refused' && failure.word === 'no-file' && index > 0) continue;
    wrong.push(failure);
    if (failure.kind !== 'refused') break;
  }
  return wrong;
}
