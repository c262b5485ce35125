import { nodesOfPlan } from '../../plan/order.ts';
import { cleanLine } from '../../report/clean.ts';
import { jsonLine } from '../../report/json-line.ts';
import { complain } from '../complain.ts';
import { exitCode, exitCodeOfSignal } from '../exit-code.ts';
import { readWithPlugins } from '../read-with-plugins.ts';
import { gatherVariables } from '../variables.ts';

import type { Plan } from '../../plan/plan.ts';
import type { PluginFlags } from '../read-with-plugins.ts';
import type { VariableFlags } from '../variables.ts';
import type { World } from '../world.ts';

export interface ValidateFlags extends VariableFlags, PluginFlags {
  readonly format?: 'text' | 'json';
}

/** Says of each file whether it is a pipeline, and all that is wrong with it. */
export async function validate(
  files: readonly string[],
  flags: ValidateFlags,
  world: World,
): Promise<number> {
  const given = await gatherVariables(flags, world);
  if (!given.ok) {
    if (typeof given.failure !== 'string') return exitCodeOfSignal(given.failure.signal);
    complain(world, flags, given.failure);
    return exitCode.invalid;
  }
  const reading = await readWithPlugins(files, flags, world, given.value);
  if (!reading.ok) return reading.failure;
  const read = reading.value;
  if (flags.format === 'json') {
    const report = { valid: read.plans !== undefined, diagnostics: read.diagnostics };
    world.stdout.write(jsonLine(report));
  } else {
    world.stderr.write(read.text);
    for (const [index, plan] of (read.plans ?? []).entries()) {
      world.stdout.write(`${cleanLine(files[index]!)}: valid, ${inventory(plan)}\n`);
    }
  }
  return read.plans ? exitCode.ok : exitCode.invalid;
}

function inventory(plan: Plan): string {
  const nodes = nodesOfPlan(plan);
  const number = (kind: 'run' | 'service', word: string): string => {
    const { length } = nodes.filter((node) => node.kind === kind);
    return `${length} ${word}${length === 1 ? '' : 's'}`;
  };
  return `${number('run', 'step')} and ${number('service', 'service')}`;
}
