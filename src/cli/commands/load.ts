import { exitCode } from '../exit-code.ts';
import { sendRuns } from './exec-remote.ts';

import type { World } from '../world.ts';
import type { ExecFlags } from './exec.ts';

/** Has a server read and check pipelines, whose runs begin when they are asked to. */
export async function load(
  files: readonly string[],
  flags: ExecFlags,
  world: World,
): Promise<number> {
  const sent = await sendRuns(files, flags, { load: true }, world);
  if (typeof sent === 'number') return sent;
  for (const [index, { id, pipeline }] of sent.runs.entries()) {
    const before = sent.runs[index - 1];
    const when = before ? `begins after ${before.id}` : 'is loaded';
    if (flags.silent !== true) world.stdout.write(`run ${id} ${when}: ${pipeline}\n`);
  }
  return exitCode.ok;
}
