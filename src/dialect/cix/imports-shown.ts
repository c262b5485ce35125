import { withStars } from '../common/source.ts';
import { child, keysOf, textOf } from '../common/tree.ts';

import type { Source, Span } from '../common/source.ts';
import type { Spot } from '../common/tree.ts';
import type { LoadedFile } from './imports-load.ts';

/** The text of a file with stars where a token or a password of an import stands in it. */
export function shownSource({ source, root }: LoadedFile): Source {
  const secret = root
    ? entriesIn(root).flatMap((entry) => [...tokensIn(entry), ...userIn(source, entry)])
    : [...lookedFor(source, token), ...lookedFor(source, user)];
  return secret.length > 0 ? withStars(source, secret) : source;
}

function entriesIn(root: Spot): readonly Spot[] {
  const imports = child(root, 'imports');
  return imports ? keysOf(imports).map((name) => child(imports, name)!) : [];
}

/** What stands under keys that are spelt like that of a token, rightly or not. */
const tokensIn = (entry: Spot): readonly Span[] =>
  keysOf(entry)
    .filter((key) => /token|authori[sz]ation|secret|password/i.test(key))
    .map((key) => child(entry, key)!)
    .filter((spot) => !/^\$\$\w+$/.test(textOf(spot) ?? ''))
    .map(({ tree }) => tree.span);

const userIn = (source: Source, entry: Spot): readonly Span[] =>
  lookedFor(source, user).filter(
    ([start]) => start >= entry.tree.span[0] && start < entry.tree.span[1],
  );

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
