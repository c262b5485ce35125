import { withStars } from '../common/source.ts';
import { child, keysOf, textOf } from '../common/tree.ts';

import type { Source, Span } from '../common/source.ts';
import type { Spot } from '../common/tree.ts';
import type { LoadedFile } from './imports-load.ts';

/** The text of a file with stars where a token or a password of an import stands in it. */
export function shownSource({ source, root }: LoadedFile): Source {
  const secret = [
    ...(root ? tokensIn(root) : lookedFor(source, token)),
    ...lookedFor(source, user),
  ];
  return secret.length > 0 ? withStars(source, secret) : source;
}

/** What stands under keys that are spelt like that of a token, rightly or not. */
function tokensIn(root: Spot): readonly Span[] {
  const imports = child(root, 'imports');
  const entries = imports ? keysOf(imports).map((name) => child(imports, name)!) : [];
  return entries.flatMap((entry) =>
    keysOf(entry)
      .filter((key) => /token|authori[sz]ation|secret|password/i.test(key))
      .map((key) => child(entry, key)!)
      .filter((spot) => !/^\$\$\w+$/.test(textOf(spot) ?? ''))
      .map(({ tree }) => tree.span),
  );
}

/** What stands before the `@` of an address. */
const user = /(:\/\/)([^/@\s'"]*)@/g;

/** In a text that is not YAML. */
const token = /(authorization[-_]token['"]?\s*:\s*)([^\r\n]*)/g;

function lookedFor({ text }: Source, pattern: RegExp): readonly Span[] {
  return [...text.matchAll(pattern)].map((found): Span => {
    const start = found.index + found[1]!.length;
    return [start, start + found[2]!.length];
  });
}
