import { brief } from '../common/brief.ts';
import { nearest } from '../common/nearest.ts';
import { readShape } from '../common/shape.ts';
import { child, keysOf, members, ownerSpan, textOf, valueSpan } from '../common/tree.ts';
import { checkEnvironment } from './check-step.ts';
import { levels } from './schema.ts';
import { toVariable } from './to-command.ts';
import { importedOutline, withVariables } from './imported.ts';

import type { Findings } from '../common/diagnostic.ts';
import type { Span } from '../common/source.ts';
import type { Spot } from '../common/tree.ts';
import type { Part } from './read-items.ts';

/** What can be taken of a file: all of it, or each of its sections. */
export type Holding =
  | { readonly kind: 'whole'; readonly parts: readonly Part[] }
  | { readonly kind: 'library'; readonly sections: ReadonlyMap<string, readonly Part[]> };

/** The imports of one file, as its items ask for them. */
export interface Imports {
  readonly names: readonly string[];
  /** What an import holds; `undefined` when it could not be read, which is reported. */
  holding(name: string): Holding | undefined;
}

/** Reads what stands under `import`, and gives what it stands for. */
export function readRequests(spot: Spot, imports: Imports, findings: Findings): readonly Part[] {
  readShape(levels().requests, spot, findings, 'this import');
  return members(spot).flatMap((request) => readRequest(request, imports, findings));
}

/** How a request names what it wants. */
export const requestText = (request: Spot): string => textOf(request) ?? keysOf(request).join(', ');

function readRequest(request: Spot, imports: Imports, findings: Findings): readonly Part[] {
  const [key, ...others] = keysOf(request);
  if (others.length > 0)
    findings.error(ownerSpan(child(request, others[0]!)!), 'an import stands beside this one', {
      hint: 'begin another line with `- `',
    });
  const text = textOf(request) ?? key;
  if (text === undefined || text === '') return [];
  const body = key === undefined ? undefined : child(request, key);
  const span = request.alias ?? (body ? ownerSpan(body) : valueSpan(request));
  if (body) checkEnvironment(body, `import '${brief(text)}'`, findings);
  const parts = select(text, span, imports, findings);
  const variables = members(body && child(body, 'environment'))
    .filter((variable) => textOf(child(variable, 'name')) !== undefined)
    .map(toVariable);
  return parts.map(({ outline, node }) => ({
    outline: importedOutline(outline, span),
    node: node && withVariables(node, variables),
  }));
}

function select(text: string, span: Span, imports: Imports, findings: Findings): readonly Part[] {
  const dot = text.indexOf('.');
  const name = dot === -1 ? text : text.slice(0, dot);
  const section = dot === -1 ? undefined : text.slice(dot + 1);
  const refuse = (message: string, hint: string): readonly Part[] => {
    findings.error(span, message, { hint });
    return [];
  };
  if (!imports.names.includes(name))
    return refuse(`there is no import '${brief(name)}'`, whichImport(name, imports.names));
  const holding = imports.holding(name);
  if (!holding) return [];
  if (holding.kind === 'whole') {
    if (section === undefined) return holding.parts;
    return refuse(
      `'${brief(name)}' is a pipeline, which has no sections`,
      `import the whole of it: \`- ${name}\``,
    );
  }
  const sections = [...holding.sections.keys()];
  const [first = 'section'] = sections;
  if (section === undefined)
    return refuse(
      `'${brief(name)}' is a library, of which one section at a time is imported`,
      `such as \`- ${name}.${first}\`; ${listed('its sections', sections)}`,
    );
  const parts = holding.sections.get(section);
  if (parts) return parts;
  const near = nearest(section, sections);
  return refuse(
    `'${brief(name)}' has no section '${brief(section)}'`,
    near === undefined ? listed('its sections', sections) : `did you mean \`${name}.${near}\`?`,
  );
}

function whichImport(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  if (near !== undefined) return `did you mean \`${near}\`?`;
  return known.length === 0
    ? `this file imports nothing: write \`imports: {${brief(name)}: {src: …}}\` above its items`
    : listed('the imports of this file', known);
}

function listed(what: string, names: readonly string[]): string {
  const shown = names.slice(0, 8).join(', ');
  return `${what}: ${shown}${names.length > 8 ? ', …' : ''}`;
}
