import { parseYaml } from '../common/parse-yaml.ts';
import { Findings, inOrder } from '../common/diagnostic.ts';
import { rangeOf } from '../common/source.ts';
import { child, ownerSpan } from '../common/tree.ts';

import type { Where } from '../../plan/plan.ts';
import type { Diagnostic } from '../common/diagnostic.ts';
import type { Range, Source } from '../common/source.ts';
import type { Spot, Tree } from '../common/tree.ts';

/** What a conversion is about, for people and by its place. */
export interface Part {
  /** "step 'db'". */
  readonly about: string;
  readonly where: Where;
}

/** What the other language cannot say, as it is found: each thing once, at its place. */
export class Losses {
  readonly #sources: ReadonlyMap<string, Source>;
  readonly #maps = new Map<string, ReadonlyMap<number, Spot>>();
  readonly #told = new Map<string, Diagnostic>();

  constructor(sources: readonly Source[]) {
    this.#sources = new Map(sources.map((source) => [source.file, source]));
  }

  /** Tells of something that stands under `keys` of a part, or of the part itself. */
  tell({ about, where }: Part, keys: readonly string[], message: string, hint?: string): void {
    const range = this.#rangeOf(where, keys);
    this.#keep(range, `${about}: ${message}`, hint);
  }

  /** Tells of something once for a whole file, where it is first met. */
  once({ where }: Part, keys: readonly string[], message: string, hint?: string): void {
    if ([...this.#told.values()].some((one) => one.message === message)) return;
    this.#keep(this.#rangeOf(where, keys), message, hint);
  }

  /** The same of what stands somewhere in a file. */
  onceAt(source: Source, spot: Spot, message: string, hint?: string): void {
    if ([...this.#told.values()].some((one) => one.message === message)) return;
    this.#keep(rangeOf(source, ownerSpan(spot)), message, hint);
  }

  /** Tells that what a file imports stands in the new one. */
  imports(source: Source): void {
    this.#keyed(source, 'imports:', 'what it imports is written out in its place');
  }

  /** Tells that inputs came to their defaults, or to what was given for them. */
  inputs(source: Source): void {
    this.#keyed(
      source,
      '<+input>',
      'inputs that cannot stay open come to their defaults',
      'with `--input NAME=value`, to what is given',
    );
  }

  #keyed(source: Source, word: string, message: string, hint?: string): void {
    const at = Math.max(0, source.text.indexOf(word));
    this.#keep(rangeOf(source, [at, at + word.length]), message, hint);
  }

  all(): readonly Diagnostic[] {
    return inOrder([...this.#told.values()]);
  }

  #keep(where: Range, message: string, hint: string | undefined): void {
    const key = JSON.stringify([where, message]);
    if (this.#told.has(key)) return;
    this.#told.set(key, {
      severity: 'warning',
      message,
      where,
      ...(hint !== undefined && { hint }),
    });
  }

  /** The first of the keys that stands there, and else the name of the part. */
  #rangeOf(where: Where, keys: readonly string[]): Range {
    const source = this.#sources.get(where.file);
    const owner = source && this.#ownerAt(source, where);
    if (!source || !owner) return { ...where, endLine: where.line, endColumn: where.column + 1 };
    for (const key of keys) {
      const spot = key
        .split('.')
        .reduce<Spot | undefined>((one, step) => one && child(one, step), owner.map);
      if (spot) return rangeOf(source, ownerSpan(spot));
    }
    return rangeOf(source, ownerSpan(owner.own));
  }

  /** The map whose key stands at a place, and that key. */
  #ownerAt(source: Source, { line, column }: Where): { map: Spot; own: Spot } | undefined {
    const offset = (source.lineStarts[line - 1] ?? 0) + column - 1;
    let maps = this.#maps.get(source.file);
    if (!maps) {
      const tree = parseYaml(new Findings(source));
      maps = tree ? mapsIn(tree) : new Map<number, Spot>();
      this.#maps.set(source.file, maps);
    }
    const map = maps.get(offset);
    if (map?.tree.kind !== 'map') return map && { map, own: map };
    const [name] = [...map.tree.entries].find(([, { key }]) => key[0] === offset) ?? [''];
    return { map, own: child(map, name) ?? map };
  }
}

/** Every map by the places where it begins and where its keys stand. */
function mapsIn(tree: Tree): ReadonlyMap<number, Spot> {
  const found = new Map<number, Spot>();
  const visit = (one: Tree): void => {
    if (one.kind === 'list') for (const item of one.items) visit(item.tree);
    if (one.kind !== 'map') return;
    for (const entry of one.entries.values()) {
      found.set(entry.key[0], { tree: one });
      visit(entry.tree);
    }
    if (!found.has(one.span[0])) found.set(one.span[0], { tree: one });
  };
  visit(tree);
  return found;
}
