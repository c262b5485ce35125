import { unreachable } from '../../../base/unreachable.ts';
import { methodNames } from '../../../expression/methods.ts';
import { nearest } from '../../common/nearest.ts';
import { fold, isBounded, isKnown, broken } from './fold.ts';
import { lookUp, toSegment } from './look-up.ts';
import { parseSource } from './parse.ts';
import { Parts } from './parts.ts';
import { regionsOf } from './scan.ts';

import type { Expression } from '../../../plan/expression.ts';
import type { Parsed, ParsedPath, Place, Source } from './parsed.ts';
import type { Region } from './scan.ts';
import type { Found, Scope, Surroundings } from './scope.ts';

const maxTrail = 50;

/** The texts that were resolved, by the scope and their keys. */
const resolved = new WeakMap<Scope, Map<string, Expression>>();

/** What the parts of a text come to, with nothing that is known left to work out. */
export function resolveParts(
  written: string,
  regions: readonly Region[],
  around: Surroundings,
): Expression[] {
  const parts = new Parts(written);
  let end = 0;
  for (const region of regions) {
    if (region.start > end) parts.add({ kind: 'value', value: written.slice(end, region.start) });
    parts.add(resolveRegion(written, region, around));
    end = region.end;
    if (parts.isTooMuch) {
      around.tell(0, written.length, 'with its expressions it is more than 256 KB');
      return [broken];
    }
  }
  if (end < written.length) parts.add({ kind: 'value', value: written.slice(end) });
  return parts.all;
}

function resolveRegion(
  written: string,
  { start, end, inside }: Region,
  around: Surroundings,
): Expression {
  const begin = start + 2;
  const source = parseSource({ source: written.slice(begin, end - 1), inside, begin });
  return resolveSource(source, begin, { at: start, length: end - start }, around);
}

/** What a parsed source that begins at `offset` of the written text comes to. */
export function resolveSource(
  source: Source,
  offset: number,
  whole: Place,
  around: Surroundings,
): Expression {
  if (source.ok) {
    const known = around.scope.shared?.known;
    const before = known?.get(source);
    if (before) return before;
    const resolution = new Resolution(offset, whole, around);
    const made = resolution.of(source.value);
    if (!resolution.isOfOne) known?.set(source, made);
    return made;
  }
  const { at, length, problem, hint } = source.failure;
  around.tell(offset + at, length, problem, hint);
  return broken;
}

/** Looks up what one source names, and works out what is known. */
class Resolution {
  /** Whether it may come to something else in another scope, or told something that is to be told there, too. */
  isOfOne = false;
  readonly #offset: number;
  readonly #whole: Place;
  readonly #around: Surroundings;

  constructor(offset: number, whole: Place, around: Surroundings) {
    this.#offset = offset;
    this.#whole = whole;
    this.#around = around;
  }

  of(parsed: Parsed): Expression {
    switch (parsed.kind) {
      case 'value':
        return parsed;
      case 'nested': {
        this.isOfOne = true;
        const { at, length } = parsed.place;
        const place = { at: this.#offset + at, length };
        return resolveSource(parsed.source, place.at + 2, place, this.#around);
      }
      case 'text':
        return this.#folded({ kind: 'text', parts: this.#all(parsed.parts) });
      case 'path':
        return this.#path(parsed);
      case 'secret':
        return this.#secret(parsed);
      case 'list':
        return this.#folded({ kind: 'list', items: this.#all(parsed.items) });
      case 'unary':
        return this.#folded({ ...parsed, operand: this.of(parsed.operand) });
      case 'binary': {
        const { operator, left, right } = parsed;
        const side = (one: Parsed): Expression =>
          operator === '-' && left.kind === 'path' && right.kind === 'path'
            ? this.#path(one as ParsedPath, 'a name with a hyphen is asked for by `.get("a-b")`')
            : this.of(one);
        return this.#folded({ kind: 'binary', operator, left: side(left), right: side(right) });
      }
      case 'choice': {
        const { condition, then, otherwise } = parsed;
        return this.#folded({
          kind: 'choice',
          condition: this.of(condition),
          then: this.of(then),
          otherwise: this.of(otherwise),
        });
      }
      case 'member':
        return this.#folded({ kind: 'member', of: this.of(parsed.of), key: this.of(parsed.key) });
      case 'call':
        return this.#call(parsed);
      default:
        return unreachable(parsed);
    }
  }

  #all(parts: readonly Parsed[]): Expression[] {
    return parts.map((part) => this.of(part));
  }

  #call({ of, method, arguments: given }: Extract<Parsed, { kind: 'call' }>): Expression {
    const call = { kind: 'call', of: this.of(of), method, arguments: this.#all(given) } as const;
    if (methodNames.has(method)) return this.#folded(call);
    const near = nearest(method, methodNames);
    return this.#no(
      `no value has a method \`${method}\``,
      near === undefined ? near : `did you mean \`${near}\`?`,
    );
  }

  /** As much of a path as is known now is looked up; the rest are members of what it leads to. */
  #path({ segments, place, plain }: ParsedPath, hint?: string): Expression {
    const at = { at: this.#offset + place.at, length: place.length };
    if (!plain || this.#around.scope.shared?.has(plain) !== true) this.isOfOne = true;
    if (plain) return this.#found(this.#around.scope.lookup(plain), at, hint);
    const keys = this.#all(segments);
    if (keys.includes(broken)) return broken;
    const open = keys.findIndex((key) => !isKnown(key));
    const front = keys.slice(0, open === -1 ? keys.length : open).filter(isKnown);
    const path = front.map(({ value }) => toSegment(value));
    const { found, length } = lookUp(path, this.#around.scope);
    const of = this.#found(found, at, hint);
    if (of === broken) return broken;
    return keys
      .slice(length)
      .reduce((inner, key) => this.#folded({ kind: 'member', of: inner, key }), of);
  }

  #secret({ id, place }: Extract<Parsed, { kind: 'secret' }>): Expression {
    const name = this.of(id);
    if (!isKnown(name) || typeof name.value !== 'string')
      return this.#no('the name of a secret has to be known before the run begins');
    const at = { at: this.#offset + place.at, length: place.length };
    return this.#found(this.#around.scope.secret(name.value), at);
  }

  #found(found: Found, place: Place, hint?: string): Expression {
    switch (found.kind) {
      case 'value':
        return found;
      case 'expression':
        return found.expression;
      case 'written':
        return this.#written(found, place);
      case 'unknown':
        this.isOfOne = true;
        this.#around.tell(place.at, place.length, found.problem, found.hint ?? hint);
        return broken;
      default:
        return unreachable(found);
    }
  }

  #written({ text, key }: Extract<Found, { kind: 'written' }>, place: Place): Expression {
    const { scope, tell, trail } = this.#around;
    const regions = regionsOf(text);
    if (regions.length === 0) return { kind: 'value', value: text };
    this.isOfOne = true;
    const no = (problem: string): Expression => {
      tell(place.at, place.length, problem);
      return broken;
    };
    const from = trail.indexOf(key);
    if (from !== -1)
      return no(`it leads back to itself: ${[...trail.slice(from), key].join(' → ')}`);
    if (trail.length >= maxTrail)
      return no(`it leads on through more than ${maxTrail} other texts`);
    const known = resolved.get(scope) ?? new Map<string, Expression>();
    resolved.set(scope, known);
    const before = known.get(key);
    if (before) return before;
    const tellThere =
      this.#around.tellThere ??
      ((problem, hint): void => tell(place.at, place.length, problem, hint));
    const parts = resolveParts(text, regions, {
      scope,
      tell: (_at, _length, problem, hint) => tellThere(`in \`${key}\`: ${problem}`, hint),
      trail: [...trail, key],
      tellThere,
    });
    const made = parts.length === 1 ? parts[0]! : this.#folded({ kind: 'text', parts });
    known.set(key, made);
    return made;
  }

  #folded(expression: Expression): Expression {
    const made = fold(expression);
    if (!made.ok) return this.#no(made.failure);
    return isBounded(made.value) ? made.value : this.#no('it comes to more than 256 KB');
  }

  #no(problem: string, hint?: string): Expression {
    this.isOfOne = true;
    this.#around.tell(this.#whole.at, this.#whole.length, problem, hint);
    return broken;
  }
}
