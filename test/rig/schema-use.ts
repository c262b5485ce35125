import type { JsonSchema } from '../../src/dialect/common/json-schema.ts';

/** Which keys a schema has, and which of them documents use. */
export class SchemaUse {
  readonly #schema: JsonSchema;
  readonly #known = new Map<JsonSchema, string>();
  readonly #keys = new Set<string>();
  readonly #used = new Set<string>();

  constructor(schema: JsonSchema) {
    this.#schema = schema;
    this.#learn(schema, '');
  }

  /** Keys and chosen words that no document has, by where they stand. */
  get unused(): readonly string[] {
    return [...this.#keys].filter((key) => !this.#used.has(key));
  }

  get keys(): readonly string[] {
    return [...this.#keys];
  }

  /** Takes note of everything that a document has. */
  note(document: unknown): void {
    this.#note(document, this.#schema);
  }

  #learn(written: JsonSchema, path: string): void {
    const [schema, name] = this.#resolved(written, path);
    if (this.#known.has(schema)) return;
    this.#known.set(schema, name);
    for (const word of schema.enum ?? []) this.#keys.add(`${name}: ${String(word)}`);
    for (const [key, below] of Object.entries(schema.properties ?? {})) {
      this.#keys.add(`${name}.${key}`);
      this.#learn(below, `${name}.${key}`);
    }
    for (const below of inside(schema)) this.#learn(below, name);
  }

  #note(value: unknown, written: JsonSchema): void {
    const [schema] = this.#resolved(written, '');
    const name = this.#known.get(schema) ?? '';
    for (const branch of schema.anyOf ?? []) this.#note(value, branch);
    if (Array.isArray(value)) {
      if (schema.items) for (const each of value) this.#note(each, schema.items);
      return;
    }
    if (schema.enum?.includes(value) === true) this.#used.add(`${name}: ${String(value)}`);
    if (typeof value !== 'object' || value === null) return;
    for (const [key, below] of Object.entries(value)) {
      const known = schema.properties?.[key];
      if (known) this.#used.add(`${name}.${key}`);
      if (known) this.#note(below, known);
      else if (typeof schema.additionalProperties === 'object')
        this.#note(below, schema.additionalProperties);
    }
  }

  /** The schema that is meant, and what to call its place. */
  #resolved(schema: JsonSchema, path: string): [JsonSchema, string] {
    const name = schema.$ref?.replace('#/$defs/', '');
    if (name === undefined) return [schema, path];
    const meant = this.#schema.$defs?.[name];
    if (!meant) throw new Error(`no ${schema.$ref}`);
    return this.#resolved(meant, name);
  }
}

function inside({ anyOf = [], items, additionalProperties }: JsonSchema): readonly JsonSchema[] {
  const rest = typeof additionalProperties === 'object' ? [additionalProperties] : [];
  return [...anyOf, ...(items ? [items] : []), ...rest];
}
