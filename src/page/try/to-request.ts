import { fail, ok } from '../../base/result.ts';

import type { Result } from '../../base/result.ts';
import type { BodyShape, Field } from './fields.ts';
import type { Operation } from './operations.ts';

/** What was written into the fields of a form, by `keyOf`. */
export type Values = ReadonlyMap<string, string>;

/** What is asked of the server. */
export interface TryRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly isStream: boolean;
}

/** What is wrong with fields, by `keyOf`. */
export type Problems = ReadonlyMap<string, string>;

/** What a field is known by in its form. */
export const keyOf = ({ where, name }: Pick<Field, 'where' | 'name'>): string => `${where} ${name}`;

/** The fields that are shown, where a body has this shape. */
export const fieldsOf = (operation: Operation, shape: BodyShape | undefined): readonly Field[] => [
  ...operation.parameters,
  ...(shape?.fields ?? []),
  ...(operation.body?.kind === 'any' ? [operation.body.field] : []),
];

/** The request that a form comes to, or what cannot be taken of it. */
export function toRequest(
  operation: Operation,
  shape: BodyShape | undefined,
  values: Values,
): Result<TryRequest, Problems> {
  const problems = new Map<string, string>();
  const given = new Map<string, unknown>();
  for (const field of fieldsOf(operation, shape)) {
    const key = keyOf(field);
    const written = values.get(key) ?? '';
    if (written === '') {
      if (field.isRequired) problems.set(key, 'is required');
      continue;
    }
    const taken = valueOf(field, written);
    if (taken.ok) given.set(key, taken.value);
    else problems.set(key, taken.failure);
  }
  if (problems.size > 0) return fail(problems);
  const { method, parameters, isStream } = operation;
  const path = operation.path.replace(/\{([^}]+)\}/g, (_, name: string) =>
    encodeURIComponent(values.get(keyOf({ where: 'path', name })) ?? ''),
  );
  const query = new URLSearchParams();
  for (const field of parameters) {
    const written = values.get(keyOf(field)) ?? '';
    if (field.where === 'query' && written !== '') query.set(field.name, written);
  }
  const body = bodyText(operation, shape, given);
  return ok({
    ...{ method, isStream, path: query.size === 0 ? path : `${path}?${query.toString()}` },
    ...(body !== undefined && { body }),
  });
}

function bodyText(
  { body }: Operation,
  shape: BodyShape | undefined,
  given: ReadonlyMap<string, unknown>,
): string | undefined {
  if (!body) return undefined;
  if (body.kind === 'any') return JSON.stringify(given.get(keyOf(body.field)));
  const fields = (shape?.fields ?? []).filter((field) => given.has(keyOf(field)));
  const written = fields.map((field) => [field.name, given.get(keyOf(field))]);
  return JSON.stringify({ ...shape?.fixed, ...Object.fromEntries(written) });
}

/** What the text in a field means; what follows the name of the field where it means nothing. */
function valueOf({ takes, where }: Field, written: string): Result<unknown, string> {
  if (where !== 'body') return ok(written);
  switch (takes.kind) {
    case 'text':
    case 'choice':
      return ok(written);
    case 'flag':
      return ok(written === 'true');
    case 'number': {
      const number = Number(written);
      return Number.isFinite(number) ? ok(number) : fail('is to be a number');
    }
    case 'json':
      return parsed(written);
    default:
      return takes satisfies never;
  }
}

function parsed(text: string): Result<unknown, string> {
  try {
    return ok(JSON.parse(text));
  } catch {
    // Where a text may stand, too, it need not be quoted.
    return /^[\w-]+$/.test(text) ? ok(text) : fail('is to be JSON');
  }
}

/** A command line that asks the same. */
export function curlLine({ method, path, body, isStream }: TryRequest, origin: string): string {
  const hasMethod = method !== (body === undefined ? 'GET' : 'POST');
  return [
    `curl -sS${isStream ? 'N' : ''}`,
    ...(hasMethod ? [`-X ${method}`] : []),
    '-H "Authorization: Bearer $CONTINUO_TOKEN"',
    ...(body === undefined ? [] : [`--json ${quoted(body)}`]),
    quoted(`${origin}${path}`),
  ].join(' ');
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
