import type { InputPlace } from './input-places.ts';

/** Keys that every path has, and that nobody needs to say. */
const skipped: ReadonlySet<string> = new Set(['stages', 'spec', 'execution', 'steps']);

/** A path with what it says of itself only: `build.db.image`. */
const shortOf = (path: string): string => {
  const keys = path.split('.');
  return keys.filter((key, at) => at === keys.length - 1 || !skipped.has(key)).join('.');
};

const endsWith = (path: string, name: string): boolean =>
  path === name || path.endsWith(`.${name}`);

/**
 * The places that are meant by a name: the one whose path it is, or those whose path ends with it, keys
 * that every path has left out or not.
 */
export function placesNamed<P extends Pick<InputPlace, 'path'>>(
  name: string,
  places: readonly P[],
): readonly P[] {
  const meant = name.replace(/^pipeline\./, '').replace(/(?<=variables\..*)\.value$/, '');
  const exact = places.filter(({ path }) => path === meant);
  if (exact.length > 0) return exact;
  return places.filter(({ path }) => endsWith(path, meant) || endsWith(shortOf(path), meant));
}

/** What one can call a place by that means no other: a variable by its name, if possible. */
export function nameOfPlace(
  { path }: Pick<InputPlace, 'path'>,
  places: readonly Pick<InputPlace, 'path'>[],
): string {
  const keys = shortOf(path).split('.');
  const variable = /(?:^|\.)variables\.(.+)$/.exec(path)?.[1];
  const names = [
    ...(variable === undefined ? [] : [variable]),
    ...keys.map((_, at) => keys.slice(keys.length - 1 - at).join('.')).slice(1),
  ];
  return (
    names.find((name) => new Set(placesNamed(name, places).map((one) => one.path)).size === 1) ??
    path
  );
}
