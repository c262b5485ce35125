import { isAlias, isMap, isScalar, isSeq } from 'yaml';

import { nearest } from './nearest.ts';
import { readUsualYaml } from './usual-yaml/read-usual-yaml.ts';
import { readSyntax } from './yaml-syntax.ts';

import type { Alias, ParsedNode, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import type { Findings } from './diagnostic.ts';
import type { Span } from './source.ts';
import type { Entry, ScalarTree, Spot, Tree } from './tree.ts';

/** Deeper nesting than this is refused, so that whoever walks a tree may recurse. */
export const maxDepth = 100;

/** The aliases of a file may stand for this many values together. */
const maxAliased = 100_000;

/** What a YAML text says, or `undefined` and the reasons in `findings`. */
export function parseYaml(findings: Findings): Tree | undefined {
  return readUsualYaml(findings.source) ?? parseAnyYaml(findings);
}

/** The same by the package `yaml` alone, which knows all of YAML. */
export function parseAnyYaml(findings: Findings): Tree | undefined {
  const document = readSyntax(findings);
  if (!document) return undefined;
  const { contents } = document as { contents: ParsedNode | null };
  if (!contents || (isScalar(contents) && contents.value === null && !contents.source)) {
    findings.error([0, 0], 'this file is empty', {
      hint: 'a pipeline has `version: 2.1` and a `pipeline:` list',
    });
    return undefined;
  }
  const builder = new TreeBuilder(findings);
  const tree = builder.build(contents, 0);
  return builder.exhausted ? undefined : tree;
}

/** Turns YAML's nodes into a tree. What cannot be used is reported, and stands as nothing. */
class TreeBuilder {
  /** The file is larger or deeper than anything that is read. */
  exhausted = false;
  readonly #findings: Findings;
  /** What each anchor names so far; `open` while it is being read. */
  readonly #anchors = new Map<string, Tree | 'open'>();
  #aliased = 0;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  build(node: ParsedNode, depth: number): Tree {
    const span = this.#spanOf(node);
    if (depth > maxDepth)
      return this.#exhaust(span, 'this file is nested too deeply', `${maxDepth} levels are read`);
    if (isAlias(node)) return this.#target(node, span);
    if (node.anchor === undefined) return this.#content(node, span, depth);
    this.#anchors.set(node.anchor, 'open');
    const tree = this.#content(node, span, depth);
    this.#anchors.set(node.anchor, tree);
    return tree;
  }

  #content(node: Exclude<ParsedNode, Alias.Parsed>, span: Span, depth: number): Tree {
    if (isMap(node)) return this.#map(node, span, depth);
    if (isSeq(node)) return this.#list(node, span, depth);
    return scalar(node, span);
  }

  #list(node: YAMLSeq.Parsed, span: Span, depth: number): Tree {
    const items = node.items.map((item) => this.#item(item, depth));
    return { kind: 'list', span, flow: node.flow === true, items, size: sizeOf(items) };
  }

  #map(node: YAMLMap.Parsed, span: Span, depth: number): Tree {
    const entries = new Map<string, Entry>();
    const merged: Tree[] = [];
    for (const { key, value } of node.items) {
      const keySpan = this.#spanOf(key);
      const item = value ? this.#item(value, depth) : { tree: nothing(after(keySpan)) };
      const name = this.#keyText(key);
      if (name === undefined) continue;
      if (name === '<<' && isScalar(key) && key.type === 'PLAIN')
        merged.push(...this.#merged(item.tree, keySpan));
      else this.#enter(entries, name, { ...item, key: keySpan });
    }
    for (const { entries: more } of merged.filter((tree) => tree.kind === 'map'))
      for (const [name, entry] of more) if (!entries.has(name)) entries.set(name, entry);
    const size = sizeOf([...entries.values()]);
    return { kind: 'map', span, flow: node.flow === true, entries, size };
  }

  #item(node: ParsedNode, depth: number): Spot {
    const tree = this.build(node, depth + 1);
    return isAlias(node) ? { tree, alias: this.#spanOf(node) } : { tree };
  }

  #enter(entries: Map<string, Entry>, name: string, entry: Entry): void {
    const first = entries.get(name);
    if (!first) entries.set(name, entry);
    else
      this.#findings.error(entry.key, `the key \`${name}\` stands here a second time`, {
        hint: 'keep one of the two',
        related: [{ message: 'first written here', span: first.key }],
      });
  }

  /** The text of a key, which must be one: a map or a list as a key means a mistake. */
  #keyText(key: ParsedNode): string | undefined {
    const node = isAlias(key) ? undefined : key;
    if (isScalar(node) && node.value !== null) return textOf(node);
    this.#findings.error(this.#spanOf(key), 'a key must be a plain text', {
      hint: 'a text that begins with `{`, `[`, `*` or `?` goes in quotes',
    });
    return undefined;
  }

  /** The maps that a `<<` brings in. */
  #merged(tree: Tree, key: Span): readonly Tree[] {
    const trees = tree.kind === 'list' ? tree.items.map((item) => item.tree) : [tree];
    if (trees.every(({ kind }) => kind === 'map')) return trees;
    this.#findings.error(key, '`<<` must be given maps, such as `<<: *defaults`');
    return [];
  }

  #target({ source }: Alias.Parsed, span: Span): Tree {
    const target = this.#anchors.get(source);
    if (target === undefined || target === 'open') {
      const known = [...this.#anchors.keys()];
      const near = nearest(source, known);
      const message =
        target === 'open'
          ? `the alias \`*${source}\` stands inside what it stands for`
          : `there is no anchor \`&${source}\` before this alias`;
      const hint =
        target === undefined && near !== undefined
          ? `did you mean \`*${near}\`?`
          : 'a text that begins with `*` goes in quotes';
      this.#findings.error(span, message, { hint });
      return { ...nothing(span), isBroken: true };
    }
    this.#aliased += target.size;
    if (this.#aliased <= maxAliased) return target;
    return this.#exhaust(
      span,
      'the aliases of this file stand for too many values',
      `${maxAliased} are read; aliases of aliases of aliases grow very fast`,
    );
  }

  #spanOf({ range }: ParsedNode): Span {
    return [range[0], range[1], this.#findings.source];
  }

  #exhaust(span: Span, message: string, hint: string): Tree {
    // The first place says it all.
    if (!this.exhausted) this.#findings.error(span, message, { hint });
    this.exhausted = true;
    return { ...nothing(span), isBroken: true };
  }
}

const after = ([, end, source]: Span): Span => [end, end, source];

const nothing = (span: Span): ScalarTree => ({
  kind: 'scalar',
  span,
  size: 1,
  value: null,
  text: '',
});

const sizeOf = (items: readonly Spot[]): number =>
  items.reduce((size, item) => size + item.tree.size, 1);

function scalar(node: Scalar.Parsed, span: Span): Tree {
  const value = node.value;
  const known =
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return { kind: 'scalar', span, size: 1, value: known ? value : null, text: textOf(node) };
}

const textOf = ({ value, source }: Scalar.Parsed): string =>
  typeof value === 'string' ? value : source;
