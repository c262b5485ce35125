import { brief } from '../common/brief.ts';
import { readShape } from '../common/shape.ts';
import { child, keysOf, ownerSpan, textOf, valueSpan } from '../common/tree.ts';
import { tokenKeys } from './imports-keys.ts';
import { placeOf, withToken } from './imports-places.ts';
import { levels } from './schema.ts';
import { toText } from './text.ts';

import type { Findings } from '../common/diagnostic.ts';
import type { Token, Wanted } from '../common/read-source.ts';
import type { KeyHint } from '../common/shape.ts';
import type { Span } from '../common/source.ts';
import type { Spot } from '../common/tree.ts';
import type { Variables } from './imports-places.ts';

/** One entry of `imports`. */
export interface Import {
  readonly name: string;
  readonly nameSpan: Span;
  readonly srcSpan: Span;
  /** Absent: what is written there has a mistake. */
  readonly wanted?: Wanted;
}

/** The imports of a file that was itself read from `base`, by name. */
export function readImports(
  root: Spot,
  base: Wanted,
  variables: Variables,
  findings: Findings,
): ReadonlyMap<string, Import> {
  if (root.tree.kind === 'map') readShape(levels().imports, root, findings, 'this file');
  const spot = child(root, 'imports');
  const imports = spot ? keysOf(spot).map((name) => [name, child(spot, name)!] as const) : [];
  return new Map(
    imports.map(([name, entry]) => [name, readImport(name, entry, base, variables, findings)]),
  );
}

const keyHint: KeyHint = (key) =>
  key === 'token' ? 'no CIX ever read it: write `http-authorization-token`' : undefined;

function readImport(
  name: string,
  entry: Spot,
  base: Wanted,
  variables: Variables,
  findings: Findings,
): Import {
  const about = `import '${brief(name)}'`;
  const shape = readShape(levels().importedFile, entry, findings, about, keyHint);
  const src = child(entry, 'src');
  if (name === '' || name.includes('.'))
    findings.error(ownerSpan(entry), `${about}: its name must have no dot, and not be empty`, {
      hint: 'a dot parts the name of an import from that of a section',
    });
  const found = { name, nameSpan: ownerSpan(entry), srcSpan: valueSpan(src ?? entry) };
  if (!shape || !src) return found;
  const fill = (spot: Spot, key: string): string | undefined =>
    filled(spot, `${about}: \`${key}\``, variables, findings);
  const written = fill(src, 'src');
  const token = readToken(entry, about, fill, findings);
  if (written === undefined || token === 'mistaken') return found;
  const at = placeOf(written, base.at);
  if (!at.ok) {
    findings.error(valueSpan(src), `${about}: \`src\` ${at.failure}`, {
      hint: 'it is a path, or an address that begins with `http://` or `https://`',
    });
    return found;
  }
  return { ...found, wanted: { ...withToken(at.value, token, base), isImport: true } };
}

function readToken(
  entry: Spot,
  about: string,
  fill: (spot: Spot, key: string) => string | undefined,
  findings: Findings,
): Token | 'mistaken' | undefined {
  const [first, second] = tokenKeys.filter((key) => child(entry, key));
  if (first === undefined) return undefined;
  const spot = child(entry, first)!;
  if (second !== undefined)
    findings.error(ownerSpan(child(entry, second)!), `${about}: it has two tokens`, {
      hint: `\`${first}\` and \`${second}\` are one key in two spellings: keep one`,
      related: [{ message: 'the other one', span: ownerSpan(spot) }],
    });
  const value = fill(spot, first);
  if (value === undefined) return 'mistaken';
  return value.trim() === '' ? undefined : { value: value.trim(), from: 'the token of the import' };
}

/** A text with the variables of the run in it; `undefined` when there is one that has no value. */
function filled(
  spot: Spot,
  about: string,
  variables: Variables,
  findings: Findings,
): string | undefined {
  const parts = toText(textOf(spot) ?? '').map((part) => {
    if (typeof part === 'string') return part;
    const flag = about.endsWith('`src`') ? `-e ${part.variable}=…` : `-s ${part.variable}`;
    const value = variables.get(part.variable);
    if (value === undefined)
      findings.error(valueSpan(spot), `${about} names ${part.variable}, which has no value`, {
        hint: `give the variable, such as by \`${flag}\`; what is imported must be known before the run`,
      });
    return value;
  });
  return parts.every((part) => part !== undefined) ? parts.join('') : undefined;
}
