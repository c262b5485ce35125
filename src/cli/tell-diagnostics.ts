import { renderForPeople } from './read-pipelines.ts';

import type { Diagnostic } from '../dialect/common/diagnostic.ts';
import type { Source } from '../dialect/common/source.ts';
import type { ColorFlags } from './terminal/color.ts';
import type { World } from './world.ts';

/** Diagnostics as they may be told: without the secrets of the command line. */
export const veiled = (diagnostics: readonly Diagnostic[], { veil }: World): Diagnostic[] =>
  diagnostics.map((diagnostic) => ({
    ...diagnostic,
    message: veil.text(diagnostic.message),
    ...(diagnostic.hint !== undefined && { hint: veil.text(diagnostic.hint) }),
  }));

/** Tells them on standard error, if there are any. */
export function tellDiagnostics(
  diagnostics: readonly Diagnostic[],
  sourceOf: (file: string) => Source | undefined,
  flags: ColorFlags,
  world: World,
): void {
  if (diagnostics.length === 0) return;
  const veiledSource = (file: string): Source | undefined => {
    const source = sourceOf(file);
    return source && world.veil.source(source);
  };
  world.stderr.write(renderForPeople(veiled(diagnostics, world), veiledSource, flags, world));
}
