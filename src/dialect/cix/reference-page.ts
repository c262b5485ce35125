import { pipelineJsonSchema } from './json-schema.ts';
import { containerOnly } from './container-keys.ts';
import { examples, introduction } from './reference-text.ts';
import { serviceOnly, stepOnly } from './schema.ts';

import type { JsonSchema } from '../common/json-schema.ts';

/** The Markdown page on every key of the language, made from the schema that checks files. */
export function referencePage(): string {
  const schema = pipelineJsonSchema();
  const definition = (name: string): JsonSchema => schema.$defs?.[name] ?? {};
  const step = definition('step');
  const only: readonly string[] = [...containerOnly, ...stepOnly, ...serviceOnly];
  const shared = Object.keys(step.properties ?? {}).filter((key) => !only.includes(key));
  return [
    introduction,
    ...section('The file', schema),
    ...section('An item of `pipeline`', definition('item')),
    ...section('`step`: a step or a service', step, shared),
    ...section('Keys of steps and services with an `image`', step, containerOnly),
    ...section('Keys of steps only', step, stepOnly),
    ...section('Keys of services only', step, serviceOnly),
    ...section('`steps`: a group', definition('steps')),
    ...section('A condition of `when`', definition('condition')),
    examples,
  ].join('\n');
}

/** A table of some keys of a map, and further tables for the maps that they hold. */
function section(
  title: string,
  schema: JsonSchema,
  keys: readonly string[] = Object.keys(schema.properties ?? {}),
  level = 2,
): readonly string[] {
  const properties = keys.map((key) => [key, schema.properties?.[key] ?? {}] as const);
  return [
    `${'#'.repeat(level)} ${title}`,
    '',
    '| key | takes | meaning |',
    '|---|---|---|',
    ...properties.map(([key, value]) => row(key, value, schema.required?.includes(key) === true)),
    '',
    ...properties.flatMap(([key, value]) =>
      mapsIn(value).flatMap((map) => section(`\`${key}\``, map, undefined, level + 1)),
    ),
  ];
}

function row(key: string, schema: JsonSchema, isRequired: boolean): string {
  const meaning = [
    isRequired ? 'Required.' : '',
    schema.description ?? '',
    schema.default === undefined ? '' : `Default: ${code(schema.default)}.`,
    schema.examples ? `Such as ${schema.examples.map(code).join(' or ')}.` : '',
  ];
  const cells = [`\`${key}\``, takes(schema), meaning.filter((part) => part !== '').join(' ')];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** The kinds of value that a schema accepts, in words. */
function takes(schema: JsonSchema): string {
  if (schema.title !== undefined) return schema.title;
  if (schema.$ref !== undefined) return 'map';
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum) return schema.enum.map(code).join(', ');
  if (schema.anyOf) return [...new Set(schema.anyOf.map(takes))].join(' or ');
  const types = [schema.type ?? []].flat();
  // Whatever YAML takes it for.
  return types.length > 1 ? 'text' : nameOf(types[0] ?? '', schema);
}

function nameOf(type: string, { items }: JsonSchema): string {
  switch (type) {
    case 'array':
      return items?.$ref === undefined
        ? `list of ${plural(takes(items ?? {}))}`
        : `list of ${items.$ref.endsWith('/condition') ? 'conditions' : 'items'}`;
    case 'object':
      return 'map';
    case 'string':
      return 'text';
    case 'boolean':
      return '`true` or `false`';
    default:
      return type === 'integer' ? 'whole number' : type;
  }
}

const plural = (noun: string): string => (/^(map|whole number)$/.test(noun) ? `${noun}s` : noun);

/** The maps with keys of their own that a value may hold; each once. */
function mapsIn(schema: JsonSchema): readonly JsonSchema[] {
  if (schema.properties) return [schema];
  const { anyOf = [], items, additionalProperties: others } = schema;
  const inside = [
    ...anyOf,
    ...(items ? [items] : []),
    ...(typeof others === 'object' ? [others] : []),
  ];
  const seen = new Set<string>();
  return inside.flatMap(mapsIn).filter((map) => {
    const keys = Object.keys(map.properties ?? {}).join(' ');
    return !seen.has(keys) && seen.add(keys);
  });
}

/** A value as one writes it on one line of YAML. */
const code = (value: unknown): string => `\`${flow(value)}\``;

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .map(([key, inner]) => `${key}: ${flow(inner)}`)
      .join(', ')}}`;
  return String(value);
}
