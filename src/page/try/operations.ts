import { bodyOf, toField } from './fields.ts';

import type { BodyForm, Field, Schema } from './fields.ts';

/** As much of the description of an API as the page makes something of. */
export interface ApiDescription {
  readonly tags?: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
}

interface DescribedOperation {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly {
    readonly in: string;
    readonly name: string;
    readonly required?: boolean;
    readonly description?: string;
    readonly schema?: Schema;
  }[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { schema?: Schema }>> };
  readonly responses?: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, unknown>> }>
  >;
}

/** One thing that the server can be asked. */
export interface Operation {
  /** What the address of the page calls it. */
  readonly key: string;
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly Field[];
  /** Absent: nothing is handed over. */
  readonly body?: BodyForm;
  /** Its answer may come piece by piece. */
  readonly isStream: boolean;
}

/** Operations that belong together. */
export interface OperationGroup {
  readonly name: string;
  readonly about: string;
  readonly operations: readonly Operation[];
}

/** What there is, by tags, in the order of the description. */
export function groupsOf({ paths, tags = [] }: ApiDescription): readonly OperationGroup[] {
  const groups = new Map<string, Operation[]>(tags.map(({ name }) => [name, []]));
  for (const [path, methods] of Object.entries(paths))
    for (const [method, described] of Object.entries(methods)) {
      const tag = described.tags?.[0] ?? 'others';
      const group = groups.get(tag) ?? [];
      groups.set(tag, group);
      group.push(toOperation(method.toUpperCase(), path, described));
    }
  return [...groups]
    .filter(([, operations]) => operations.length > 0)
    .map(([name, operations]) => {
      const about = tags.find((tag) => tag.name === name)?.description ?? '';
      return { name, about, operations };
    });
}

function toOperation(method: string, path: string, described: DescribedOperation): Operation {
  const { summary = path, description = '', parameters = [], requestBody, responses } = described;
  const schema = requestBody?.content?.['application/json']?.schema;
  const types = Object.entries(responses ?? {})
    .filter(([status]) => status.startsWith('2'))
    .flatMap(([, { content = {} }]) => Object.keys(content));
  const fields = parameters.flatMap(
    ({ in: where, name, required, description: about, schema: of }) =>
      where === 'path' || where === 'query'
        ? [
            toField(
              where,
              name,
              { ...of, ...(about !== undefined && { description: about }) },
              required,
            ),
          ]
        : [],
  );
  // Those in the path first, in its order.
  const at = ({ where, name }: Field): number =>
    where === 'path' ? path.indexOf(`{${name}}`) : path.length;
  return {
    ...{ key: `${method} ${path}`, method, path, summary, description },
    parameters: fields.toSorted((one, other) => at(one) - at(other)),
    ...(schema && { body: bodyOf(schema) }),
    isStream: types.some((type) => type.startsWith('text/')),
  };
}
