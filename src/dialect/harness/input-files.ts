import { parseYaml } from '../common/parse-yaml.ts';
import { nearest } from '../common/nearest.ts';
import { child, keysOf, ownerSpan } from '../common/tree.ts';
import { membersByKey } from './members.ts';
import { placesNamed } from './input-names.ts';

import type { Findings } from '../common/diagnostic.ts';
import type { Source } from '../common/source.ts';
import type { Spot, Tree } from '../common/tree.ts';
import type { InputPlace } from './input-places.ts';

/** What files give, by the path of the place. The later files win. */
export function valuesOfFiles(
  files: readonly Source[],
  places: readonly InputPlace[],
  findings: Findings,
): ReadonlyMap<string, Tree> {
  const values = new Map<string, Tree>();
  for (const file of files)
    for (const [path, tree] of valuesOfFile(findings.beside(file), places)) values.set(path, tree);
  return values;
}

function valuesOfFile(findings: Findings, places: readonly InputPlace[]): Map<string, Tree> {
  const values = new Map<string, Tree>();
  const tree = parseYaml(findings);
  if (!tree) return values;
  if (tree.kind !== 'map') {
    findings.error(tree.span, 'a file of inputs is a map', {
      hint: 'it has the shape of the pipeline, or names of inputs and their values',
    });
    return values;
  }
  const file = { tree };
  const set = child(file, 'inputSet');
  const shape = child(set ?? file, 'pipeline');
  if (!set && !shape) named(file, places, values, findings);
  else follow(shape ?? { tree }, '', places, values, findings);
  return values;
}

/** A map of names. What is no name may be the shape of the pipeline without its first key. */
function named(
  file: Spot,
  places: readonly InputPlace[],
  values: Map<string, Tree>,
  findings: Findings,
): void {
  for (const key of keysOf(file)) {
    const spot = child(file, key)!;
    const meant = placesNamed(key, places);
    if (meant.length > 1)
      findings.error(ownerSpan(spot), `\`${key}\` is the name of ${meant.length} inputs`, {
        hint: `say which by more of its path: ${meant.map(({ path }) => path).join(', ')}`,
      });
    if (meant.length > 0) for (const { path } of meant) values.set(path, spot.tree);
    else follow(spot, key, places, values, findings);
  }
}

/** Keys that say which one is meant, and that are no inputs. */
const names: ReadonlySet<string> = new Set(['identifier', 'name', 'type']);

/** Takes what stands where the pipeline asks for it. */
function follow(
  spot: Spot,
  path: string,
  places: readonly InputPlace[],
  values: Map<string, Tree>,
  findings: Findings,
): void {
  const place = places.find((one) => one.path === path);
  if (place) {
    values.set(path, valueAt(spot, path).tree);
    return;
  }
  const below = places.filter((one) => path === '' || one.path.startsWith(`${path}.`));
  if (below.length === 0) {
    const key = path.slice(path.lastIndexOf('.') + 1);
    if (names.has(key)) return;
    const near = nearest(
      path,
      places.map((one) => one.path),
    );
    findings.warning(ownerSpan(spot), `\`${path}\` is no input of this pipeline: it is not taken`, {
      hint:
        near === undefined
          ? 'only values that are `<+input>` can be given'
          : `did you mean \`${near}\`?`,
    });
    return;
  }
  const inside =
    spot.tree.kind === 'list'
      ? membersByKey(spot)
      : new Map(keysOf(spot).map((key) => [key, child(spot, key)!]));
  for (const [key, member] of inside)
    follow(member, path === '' ? key : `${path}.${key}`, places, values, findings);
}

/** A variable stands as it does in the pipeline, with its value in it. */
const valueAt = (spot: Spot, path: string): Spot =>
  (/(?:^|\.)variables\.[^.]+$/.test(path) ? child(spot, 'value') : undefined) ?? spot;
