import { fail, ok } from '../base/result.ts';
import { call, plain } from './arguments.ts';
import { areEqual, finite } from './operators.ts';
import { textMethods } from './text-methods.ts';
import { bounded, isList, isMap, kindOf, maxWeight, textOf, tooMuch } from './value.ts';

import type { Result } from '../base/result.ts';
import type { Value } from '../plan/expression.ts';
import type { Arguments, Method, Methods } from './arguments.ts';

type List = readonly Value[];
type Entries = Readonly<Record<string, Value>>;

const listMethods: Methods<List> = new Map<string, Method<List>>([
  ['toString', { takes: [], run: (of) => bounded(textOf(of)) }],
  ['size', plain((of) => of.length)],
  ['isEmpty', plain((of) => of.length === 0)],
  ['get', { takes: ['whole'], run: itemAt }],
  ['contains', { takes: ['any'], run: (of, given) => ok(indexIn(of, given.any(0)) !== -1) }],
  ['indexOf', { takes: ['any'], run: (of, given) => ok(indexIn(of, given.any(0))) }],
  ['join', { takes: ['text'], optional: 1, run: join }],
]);

const mapMethods: Methods<Entries> = new Map<string, Method<Entries>>([
  ['toString', { takes: [], run: (of) => bounded(textOf(of)) }],
  ['size', plain((of) => Object.keys(of).length)],
  ['isEmpty', plain((of) => Object.keys(of).length === 0)],
  ['get', { takes: ['text'], run: (of, given) => ok(entryOf(of, given.text(0)) ?? null) }],
  [
    'getOrDefault',
    { takes: ['text', 'any'], run: (of, given) => ok(entryOf(of, given.text(0)) ?? given.any(1)) },
  ],
  ['containsKey', { takes: ['text'], run: (of, given) => ok(Object.hasOwn(of, given.text(0))) }],
  [
    'containsValue',
    { takes: ['any'], run: (of, given) => ok(indexIn(Object.values(of), given.any(0)) !== -1) },
  ],
  ['keySet', { takes: [], run: (of) => bounded(Object.keys(of)) }],
  ['values', { takes: [], run: (of) => bounded(Object.values(of)) }],
]);

const numberMethods: Methods<number> = new Map<string, Method<number>>([
  ['toString', plain((of) => textOf(of))],
  ['intValue', { takes: [], run: (of) => finite(Math.trunc(of)) }],
  ['longValue', { takes: [], run: (of) => finite(Math.trunc(of)) }],
  ['doubleValue', plain((of) => of)],
  ['equals', { takes: ['any'], run: (of, given) => ok(areEqual(of, given.any(0))) }],
]);

const booleanMethods: Methods<boolean> = new Map<string, Method<boolean>>([
  ['toString', plain((of) => textOf(of))],
  ['booleanValue', plain((of) => of)],
  ['equals', { takes: ['any'], run: (of, given) => ok(areEqual(of, given.any(0))) }],
]);

const tables = [textMethods, listMethods, mapMethods, numberMethods, booleanMethods];

/** Every method that some kind of value has. */
export const methodNames: ReadonlySet<string> = new Set(
  tables.flatMap((table) => [...table.keys()]),
);

/** What a method of a value comes to. A number has those of the text that says it, too. */
export function callMethod(
  of: Value,
  name: string,
  given: readonly Value[],
): Result<Value, string> {
  if (typeof of === 'string') return look(textMethods, of, name, given);
  if (typeof of === 'boolean') return look(booleanMethods, of, name, given);
  if (typeof of === 'number')
    return numberMethods.has(name)
      ? look(numberMethods, of, name, given)
      : look(textMethods, textOf(of), name, given);
  if (isList(of)) return look(listMethods, of, name, given);
  if (isMap(of)) return look(mapMethods, of, name, given);
  return fail(`there is nothing to ask for \`${name}\``);
}

function look<T extends Value>(
  table: Methods<T>,
  of: T,
  name: string,
  given: readonly Value[],
): Result<Value, string> {
  const method = table.get(name);
  return method ? call(name, method, of, given) : fail(`${kindOf(of)} has no method \`${name}\``);
}

const entryOf = (of: Entries, key: string): Value | undefined =>
  Object.hasOwn(of, key) ? of[key] : undefined;

const indexIn = (of: List, wanted: Value): number => of.findIndex((item) => areEqual(item, wanted));

function itemAt(of: List, given: Arguments): Result<Value, string> {
  const index = given.whole(0)!;
  const item = of[index];
  return item === undefined
    ? fail(`\`get\` asks for item ${index} of a list of ${of.length}`)
    : ok(item);
}

function join(of: List, given: Arguments): Result<string, string> {
  const separator = given.any(0) === null ? ',' : given.text(0);
  const texts = of.map(textOf);
  const length = texts.reduce((sum, text) => sum + text.length + separator.length, 0);
  return length > maxWeight + separator.length ? tooMuch : ok(texts.join(separator));
}
