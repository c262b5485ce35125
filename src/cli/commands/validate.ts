import { nodesOfPlan } from '../../plan/order.ts';
import { cleanLine } from '../../report/clean.ts';
import { jsonLine } from '../../report/json-line.ts';
import { codeOfMistakes, exitCode, exitCodeOfSignal } from '../exit-code.ts';
import { Interruption } from '../interruption.ts';
import { openReading } from '../open-reading.ts';
import { preparePlan } from '../prepare-plan.ts';
import { readSettings } from '../settings.ts';
import { tellDiagnostics, veiled } from '../tell-diagnostics.ts';

import type { Diagnostic } from '../../dialect/common/diagnostic.ts';
import type { Plan } from '../../plan/plan.ts';
import type { SettingsFlags } from '../settings.ts';
import type { World } from '../world.ts';

export interface ValidateFlags extends SettingsFlags {
  readonly format?: 'text' | 'json';
  readonly stateDir?: string;
}

/** Says of each file whether it is a pipeline, and all that is wrong with it; `codeOf` what mistakes come to. */
export async function validate(
  files: readonly string[],
  flags: ValidateFlags,
  world: World,
  codeOf: (mistakes: readonly Diagnostic[]) => number = codeOfMistakes,
): Promise<number> {
  const settings = await readSettings(files, flags, world, { ask: false });
  if (!settings.ok) return settings.failure;
  const { links, given } = settings.value;
  const named = [...new Set(links.map(({ file }) => file))];
  const reading = await openReading(settings.value, flags, world);
  if (!reading.ok) return reading.failure;
  using interruption = new Interruption();
  const read = await reading.value(named, interruption.signal).catch((error: unknown) => {
    if (interruption.by === undefined) throw error;
  });
  // What is still being read, such as a pipe, would hold the process up.
  if (interruption.by !== undefined || !read)
    process.exit(exitCodeOfSignal(interruption.by ?? 'INT'));
  const prepared = (read.plans ?? []).map((plan) =>
    preparePlan(plan, given.variables, read.sourceOf),
  );
  const diagnostics = [
    ...read.diagnostics,
    ...prepared.flatMap((each) => (each.ok ? [] : each.failure)),
  ];
  const valid = read.plans !== undefined && prepared.every((each) => each.ok);
  if (flags.format === 'json') {
    world.stdout.write(jsonLine({ valid, diagnostics: veiled(diagnostics, world) }));
  } else {
    tellDiagnostics(diagnostics, read.sourceOf, flags, world);
    for (const [index, plan] of (valid ? read.plans : []).entries())
      world.stdout.write(
        `${world.veil.text(cleanLine(named[index]!))}: valid, ${inventory(plan)}\n`,
      );
  }
  return valid ? exitCode.ok : codeOf(diagnostics);
}

function inventory(plan: Plan): string {
  const nodes = nodesOfPlan(plan);
  const number = (kind: 'run' | 'service', word: string): string => {
    const { length } = nodes.filter((node) => node.kind === kind);
    return `${length} ${word}${length === 1 ? '' : 's'}`;
  };
  return `${number('run', 'step')} and ${number('service', 'service')}`;
}
