import { inOrder } from '../dialect/common/diagnostic.ts';
import { renderForPeople } from './read-pipelines.ts';

import type { Diagnostic } from '../dialect/common/diagnostic.ts';
import type { Range, Source } from '../dialect/common/source.ts';
import type { ColorFlags } from './terminal/color.ts';
import type { World } from './world.ts';

/** Diagnostics as they may be told: without the secrets of the command line. */
export const veiled = (diagnostics: readonly Diagnostic[], { veil }: World): Diagnostic[] =>
  diagnostics.map((diagnostic) => ({
    ...diagnostic,
    message: veil.text(diagnostic.message),
    ...(diagnostic.hint !== undefined && { hint: veil.text(diagnostic.hint) }),
  }));

/** Tells them on standard error, if there are any, and in the log. */
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
  const told = veiled(diagnostics, world);
  world.stderr.write(renderForPeople(told, veiledSource, flags, world));
  for (const each of inOrder(told))
    world.log?.(each.severity === 'error' ? 'error' : 'warn', inOneLine(each, sourceOf));
}

/** As a log has it, without the text of the file. */
function inOneLine(
  { message, where, hint, related = [] }: Diagnostic,
  sourceOf: (file: string) => Source | undefined,
): string {
  const at = ({ file, line, column }: Range): string =>
    sourceOf(file) ? `${file}:${line}:${column}` : file;
  const others = related.map((other) => `${at(other.where)}: ${other.message}`);
  return [`${at(where)}: ${message}`, ...(hint === undefined ? [] : [hint]), ...others].join('; ');
}
