/** As much of a JSON schema as forms are made of. */
export interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly maxLength?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
}

/** How something is written into a form. */
export type FieldKind =
  | { readonly kind: 'text'; readonly isLong: boolean }
  | { readonly kind: 'number' }
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  | { readonly kind: 'flag' }
  /** Whatever else: written as JSON. */
  | { readonly kind: 'json' };

/** One value that a request has, or may have. */
export interface Field {
  readonly where: 'path' | 'query' | 'body';
  readonly name: string;
  readonly takes: FieldKind;
  readonly isRequired: boolean;
  readonly about: string;
  /** What is taken when nothing is given. */
  readonly fallback?: string;
}

/** What is handed over: one of several shapes, each with what is always in it, or any JSON at all. */
export type BodyForm =
  | { readonly kind: 'shapes'; readonly shapes: readonly BodyShape[] }
  | { readonly kind: 'any'; readonly field: Field };

export interface BodyShape {
  /** Empty where there is only one. */
  readonly name: string;
  readonly fixed: Readonly<Record<string, unknown>>;
  readonly fields: readonly Field[];
}

/** The form of a body. */
export function bodyOf(schema: Schema): BodyForm {
  const shapes = (schema.oneOf ?? schema.anyOf ?? [schema]).map(toShape);
  const isForm = shapes.every(({ fields, fixed }) => fields.length + Object.keys(fixed).length > 0);
  return isForm
    ? { kind: 'shapes', shapes }
    : { kind: 'any', field: toField('body', 'the body', { ...schema, type: 'json' }, true) };
}

function toShape({ properties = {}, required = [] }: Schema): BodyShape {
  const all = Object.entries(properties);
  const fixed = Object.fromEntries(
    all.flatMap(([name, schema]) => {
      const only = onlyValue(schema);
      return only === undefined ? [] : [[name, only]];
    }),
  );
  return {
    name: Object.values(fixed).map(String).join(' '),
    fixed,
    fields: all
      .filter(([name]) => !(name in fixed))
      .map(([name, schema]) => toField('body', name, schema, required.includes(name))),
  };
}

const onlyValue = (schema: Schema): unknown =>
  schema.const ?? (schema.enum?.length === 1 ? schema.enum[0] : undefined);

/** The field for what such a schema describes. */
export function toField(
  where: Field['where'],
  name: string,
  schema: Schema,
  isRequired = false,
): Field {
  const { description = '', default: fallback } = schema;
  return {
    ...{ where, name, isRequired, about: description, takes: kindOf(where, schema) },
    ...(fallback !== undefined && {
      fallback: typeof fallback === 'string' ? fallback : JSON.stringify(fallback),
    }),
  };
}

function kindOf(
  where: Field['where'],
  { type, enum: values, default: by, maxLength }: Schema,
): FieldKind {
  if (values) return { kind: 'choice', options: values.map(String) };
  if (type === 'boolean' || typeof by === 'boolean') return { kind: 'flag' };
  if (type === 'integer' || type === 'number') return { kind: 'number' };
  if (type !== 'string') return { kind: 'json' };
  // What is bounded this way is a name, and what is not may have lines.
  return { kind: 'text', isLong: where === 'body' && (maxLength ?? Infinity) > 4_096 };
}
