import { withStars } from '../common/source.ts';
import { child, keysOf, textOf, valueSpan } from '../common/tree.ts';
import { tokenKeys } from './imports-keys.ts';

import type { Source, Span } from '../common/source.ts';
import type { LoadedFile } from './imports-load.ts';

/** The text of a file with stars where a token or a password of an import stands in it. */
export function shownSource({ source, root }: LoadedFile): Source {
  const imports = root && child(root, 'imports');
  if (!imports) return source;
  const secret = keysOf(imports).flatMap((name): readonly Span[] => {
    const entry = child(imports, name)!;
    const tokens = tokenKeys
      .map((key) => child(entry, key))
      .filter((spot) => !isVariable(textOf(spot)))
      .flatMap((spot) => (spot ? [spot.tree.span] : []));
    const src = child(entry, 'src');
    return src ? [...tokens, ...passwordIn(source, valueSpan(src))] : tokens;
  });
  return secret.length > 0 ? withStars(source, secret) : source;
}

const isVariable = (text: string | undefined): boolean =>
  text === undefined || /^\$\$\w+$/.test(text);

/** What stands before the `@` of an address. */
function passwordIn({ text }: Source, [start, end]: Span): readonly Span[] {
  const found = /:\/\/([^/@]*)@/.exec(text.slice(start, end));
  if (!found) return [];
  const from = start + found.index + 3;
  return [[from, from + found[1]!.length]];
}
