import { brief } from './brief.ts';
import { nearest } from './nearest.ts';
import { child, ownerSpan, textOf, toValue, valueSpan } from './tree.ts';

import type { $ZodIssue, $ZodType, output } from 'zod/v4/core';
import type { Findings } from './diagnostic.ts';
import type { Span } from './source.ts';
import type { Spot, Tree } from './tree.ts';

/** What can be said about an unknown key beyond the nearest known one. */
export type KeyHint = (key: string, owner: Spot) => string | undefined;

/**
 * The value at `spot` if it has the shape of `schema`. Otherwise every mistake is reported with
 * what it is about ("step 'api'") before it.
 *
 * The schemas of this folder give as an issue's message what they expect, and in further lines
 * what to do; sentences are made here.
 */
export function readShape<S extends $ZodType>(
  schema: S & { safeParse(value: unknown): Parsed<output<S>> },
  spot: Spot,
  findings: Findings,
  about: string,
  keyHint: KeyHint = () => undefined,
): output<S> | undefined {
  const parsed = schema.safeParse(toValue(spot.tree));
  if (parsed.success) return parsed.data;
  const report = new Report(findings, about, spot, keyHint);
  report.issues(parsed.error.issues);
  return undefined;
}

type Parsed<T> =
  | { readonly success: true; readonly data: T }
  | { readonly success: false; readonly error: { readonly issues: readonly $ZodIssue[] } };

/** Makes sentences of a schema's issues. */
class Report {
  readonly #findings: Findings;
  readonly #about: string;
  readonly #root: Spot;
  readonly #keyHint: KeyHint;
  /** The maps with unknown keys. */
  readonly #misspelt = new Set<Tree>();
  readonly #suggested = new Set<PropertyKey | undefined>();

  constructor(findings: Findings, about: string, root: Spot, keyHint: KeyHint) {
    this.#findings = findings;
    this.#about = about;
    this.#root = root;
    this.#keyHint = keyHint;
  }

  /** Unknown keys first: what is missing is often there, misspelt. */
  issues(issues: readonly $ZodIssue[]): void {
    const isUnknownKey = ({ code }: $ZodIssue): boolean => code === 'unrecognized_keys';
    for (const issue of issues.filter(isUnknownKey)) this.#issue(issue);
    const places = new Set<string>();
    for (const issue of issues.filter((one) => !isUnknownKey(one))) {
      const place = JSON.stringify(issue.path);
      if (!places.has(place)) this.#issue(issue);
      places.add(place);
    }
  }

  #issue(issue: $ZodIssue): void {
    if (issue.code === 'unrecognized_keys') {
      const owner = this.#at(issue.path);
      if (owner)
        for (const key of issue.keys) this.#unknownKey(owner, key, issue.message.split(' '));
      return;
    }
    const meant = this.#meant(issue);
    if (issue.code === 'invalid_key') this.#wrongKey(issue);
    else if (meant) this.issues(meant);
    else this.#wrongValue(issue);
  }

  /**
   * The issues inside a union's issue, when it is plain which of its members was meant: the only
   * one that the kind of the value agrees with.
   */
  #meant(issue: $ZodIssue): readonly $ZodIssue[] | undefined {
    if (issue.code !== 'invalid_union') return undefined;
    const isScalar = this.#at(issue.path)?.tree.kind === 'scalar';
    const agreeing = issue.errors.filter(
      (issues) => !issues.some((one) => disagrees(one, isScalar)),
    );
    if (agreeing.length !== 1) return undefined;
    return agreeing[0]!.map((inner) => ({
      ...inner,
      path: [...issue.path, ...inner.path],
      // A choice of words is a part of what the union expects.
      message:
        inner.code === 'invalid_value' && inner.path.length === 0 ? issue.message : inner.message,
    }));
  }

  #unknownKey(owner: Spot, key: string, known: readonly string[]): void {
    const spot = child(owner, key);
    this.#misspelt.add(owner.tree);
    const near = nearest(key, known);
    if (near !== undefined) this.#suggested.add(near);
    const hint =
      this.#keyHint(key, owner) ??
      (near === undefined ? `known here: ${known.join(', ')}` : `did you mean \`${near}\`?`);
    this.#error(spot?.key ?? ownerSpan(owner), `unknown key \`${brief(key)}\``, hint);
  }

  #wrongKey({ path, issues }: Extract<$ZodIssue, { code: 'invalid_key' }>): void {
    const spot = this.#at(path);
    const [expected = '', ...advice] = issues[0]?.message.split('\n') ?? [];
    const key = `a key of ${this.#nameOf(path.slice(0, -1))}`;
    const found = brief(String(path.at(-1)));
    const where = spot?.key ?? ownerSpan(spot ?? this.#root);
    const message = `${key} must be ${expected}, not ${found === '' ? 'an empty text' : `\`${found}\``}`;
    this.#error(where, message, advice.length > 0 ? advice.join('; ') : undefined);
  }

  #wrongValue(issue: $ZodIssue): void {
    const [expected = '', ...advice] = issue.message.split('\n');
    const hint = advice.length > 0 ? advice.join('; ') : undefined;
    const name = this.#nameOf(issue.path);
    const spot = this.#at(issue.path);
    if (spot?.tree.kind === 'scalar' && spot.tree.isBroken) return;
    if (issue.code === 'too_small' && issue.origin === 'array' && spot) {
      this.#error(valueSpan(spot), `${name} is an empty list`, hint ?? `it is ${expected}`);
    } else if (!spot) {
      if (this.#suggested.has(issue.path.at(-1))) return;
      const owner = this.#at(issue.path.slice(0, -1)) ?? this.#root;
      this.#error(ownerSpan(owner), `${name} is missing`, `it is ${expected}`);
    } else if (isNothing(spot)) {
      this.#error(valueSpan(spot), `${name} is empty`, hint ?? `it is ${expected}`);
    } else if (issue.code === 'custom' && issue.params?.['whole'] === true) {
      if (!this.#misspelt.has(spot.tree)) this.#error(ownerSpan(spot), `${name} ${expected}`, hint);
    } else {
      const near = nearestValue(issue, spot);
      const found = describe(spot);
      this.#error(
        valueSpan(spot),
        `${name} must be ${expected}, not ${found}`,
        near === undefined ? (hint ?? quoting(issue, spot)) : `did you mean \`${near}\`?`,
      );
    }
  }

  #at(path: readonly PropertyKey[]): Spot | undefined {
    return path.reduce<Spot | undefined>((spot, key) => spot && child(spot, key), this.#root);
  }

  /** `timeout`, `ready.tcp`, "item 3 of `commands`", or the whole. */
  #nameOf(path: readonly PropertyKey[]): string {
    const last = path.at(-1);
    if (last === undefined) return this.#about;
    const keys = path.filter((key) => typeof key === 'string');
    const name = `\`${keys.map(brief).join('.')}\``;
    return typeof last === 'number' ? `item ${last + 1} of ${name}` : name;
  }

  #error(span: Span, message: string, hint: string | undefined): void {
    const isNamed = this.#about.includes("'") && !message.startsWith(this.#about);
    this.#findings.error(span, isNamed ? `${this.#about}: ${message}` : message, { hint });
  }
}

/** Whether an issue says that the value is of another kind altogether. */
function disagrees(issue: $ZodIssue, isScalar: boolean): boolean {
  if (issue.path.length > 0) return false;
  switch (issue.code) {
    case 'invalid_type':
      return true;
    case 'invalid_value':
      return !isScalar;
    case 'invalid_union':
      return issue.errors.every((issues) => issues.some((one) => disagrees(one, isScalar)));
    default:
      return false;
  }
}

const isNothing = ({ tree }: Spot): boolean => tree.kind === 'scalar' && tree.value === null;

/** What YAML takes for a number or a truth value may have been meant as a text. */
const quoting = (issue: $ZodIssue, { tree }: Spot): string | undefined =>
  issue.code === 'invalid_type' && issue.expected === 'string' && tree.kind === 'scalar'
    ? 'put it in quotes if it is meant as a text'
    : undefined;

function nearestValue(issue: $ZodIssue, spot: Spot): string | undefined {
  const text = textOf(spot);
  if (issue.code !== 'invalid_value' || text === undefined) return undefined;
  return nearest(text, issue.values.map(String));
}

/** What stands somewhere, as a noun. */
export function describe({ tree }: Spot): string {
  switch (tree.kind) {
    case 'map':
      return 'a map';
    case 'list':
      return 'a list';
    case 'scalar':
      if (typeof tree.value === 'string')
        return tree.text === '' ? 'an empty text' : `\`${brief(tree.text)}\``;
      if (tree.value === null) return 'nothing';
      return `the ${typeof tree.value === 'number' ? 'number' : 'truth value'} \`${brief(tree.text)}\``;
  }
}
