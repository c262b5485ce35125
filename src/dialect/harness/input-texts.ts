import { brief } from '../common/brief.ts';
import { nearest } from '../common/nearest.ts';
import { nameOfPlace, placesNamed } from './input-names.ts';

import type { Findings } from '../common/diagnostic.ts';
import type { Source } from '../common/source.ts';
import type { InputPlace } from './input-places.ts';
import type { GivenInputs } from './inputs-given.ts';

/** What is given one by one, by the path of its place. */
export function textsByPath(
  { values }: GivenInputs,
  places: readonly InputPlace[],
  named: Source,
  findings: Findings,
): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [index, { name, value }] of values.entries()) {
    const meant = placesNamed(name, places);
    const start = named.lineStarts[index]!;
    const paths = [...new Set(meant.map(({ path }) => path))];
    if (paths.length === 1) texts.set(paths[0]!, value);
    else
      findings.beside(named).error([start, start + name.length], ...whyNotOne(name, paths, places));
  }
  return texts;
}

function whyNotOne(
  name: string,
  paths: readonly string[],
  places: readonly InputPlace[],
): [string, { hint: string }] {
  if (paths.length > 1)
    return [
      `\`${brief(name)}\` is the name of ${paths.length} inputs`,
      { hint: `say which by more of its path: ${paths.join(', ')}` },
    ];
  const known = [...new Set(places.map((place) => nameOfPlace(place, places)))];
  const near = nearest(name, [...known, ...places.map(({ path }) => path)]);
  const hint =
    near !== undefined
      ? `did you mean \`${near}\`?`
      : known.length === 0
        ? 'it asks for none'
        : `it asks for ${known.slice(0, 10).join(', ')}`;
  return [`this pipeline has no input \`${brief(name)}\``, { hint }];
}
