import fc from 'fast-check';

/** As much of a JSON schema as requests are made of. */
interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly $ref?: string;
}

interface Operation {
  readonly parameters?: readonly {
    readonly in: string;
    readonly name: string;
    readonly schema?: Schema;
  }[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { schema?: Schema }>> };
  readonly responses?: Readonly<Record<string, unknown>>;
}

/** The description of an API, as OpenAPI has it. */
export interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** One request to make. */
export interface AnyRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';
  readonly url: string;
  /** JSON, or what is not quite that. */
  readonly body: string | undefined;
  /** The statuses whose answers have a description of their own. */
  readonly described: readonly string[];
}

/** Requests to each route that is described: as its schemas want them, nearly so, and not at all so. */
export const anyRequests = (
  api: Described,
  runs: readonly string[],
): readonly fc.Arbitrary<AnyRequest>[] =>
  Object.entries(api.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) =>
      requestOf(path, method.toUpperCase() as AnyRequest['method'], operation, runs),
    ),
  );

function requestOf(
  path: string,
  method: AnyRequest['method'],
  { parameters = [], requestBody, responses = {} }: Operation,
  runs: readonly string[],
): fc.Arbitrary<AnyRequest> {
  const segments = path
    .split('/')
    .map((segment) =>
      segment.startsWith('{')
        ? fc
            .oneof(
              { arbitrary: fc.constantFrom(...runs), weight: 4 },
              { arbitrary: rare.map(String), weight: 1 },
            )
            .map(encodeURIComponent)
        : fc.constant(segment),
    );
  const asked = parameters.filter((one) => one.in === 'query');
  const query = fc.record(
    Object.fromEntries(asked.map(({ name, schema = {} }) => [name, near(schema).map(String)])),
    { requiredKeys: [] },
  );
  const unknown = fc.option(fc.dictionary(fc.string(), fc.string(), { maxKeys: 1 }), { freq: 5 });
  const schema = requestBody?.content?.['application/json']?.schema;
  const body = schema
    ? fc.oneof({ arbitrary: near(schema).map((it) => JSON.stringify(it)), weight: 6 }, fc.json())
    : fc.constant(undefined);
  return fc
    .tuple(fc.tuple(...segments), query, unknown, body)
    .map(([parts, known, other, payload]) => ({
      method,
      url: `${parts.join('/')}?${queryOf({ ...other, ...known })}`,
      body: payload,
      described: Object.keys(responses),
    }));
}

function queryOf(all: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(all)) if (value !== undefined) query.set(key, value);
  return query.toString();
}

/** Values that programs trip over. */
const rare: fc.Arbitrary<unknown> = fc.constantFrom<unknown>(
  ...['', ' ', '0', '-1', '1e400', '..', '../..', '%', '\0', '__proto__', 'x'.repeat(300), '💥'],
  ...[null, true, false, 0, -1, 1.5, 2 ** 53, [], {}],
);

/** What a schema describes; now and then something else in its place. */
function near(schema: Schema): fc.Arbitrary<unknown> {
  return fc.oneof({ arbitrary: valueOf(schema), weight: 6 }, { arbitrary: rare, weight: 1 });
}

function valueOf(schema: Schema): fc.Arbitrary<unknown> {
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choices && choices.length > 0) return fc.oneof(...choices.map(near));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'string':
      return fc.oneof(fc.string(), fc.constantFrom('a', 'build', 'true', '2026-11-22T00:00:00Z'));
    case 'integer':
    case 'number':
      return fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer(), fc.double());
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(near(schema.items ?? {}), { maxLength: 3 });
    case 'object':
      return objectOf(schema);
    default:
      return fc.oneof(fc.jsonValue({ maxDepth: 2 }), rare);
  }
}

function objectOf({ properties = {}, required = [], additionalProperties }: Schema) {
  const known = fc.record(
    Object.fromEntries(Object.entries(properties).map(([key, schema]) => [key, near(schema)])),
    { requiredKeys: Object.keys(properties).filter((key) => required.includes(key)) },
  );
  const more =
    typeof additionalProperties === 'object'
      ? fc.dictionary(fc.string(), near(additionalProperties), { maxKeys: 3 })
      : fc.constant({});
  return fc.tuple(known, more).map(([one, other]) => ({ ...other, ...one }));
}
