import { parseYaml } from '../common/parse-yaml.ts';
import { child, ownerSpan, textOf, valueSpan } from '../common/tree.ts';
import { brokenAt, withEntries, withItems } from './make-tree.ts';
import { fillTemplate } from './template-inputs.ts';
import { findTemplate, openLibrary } from './template-library.ts';
import { kinds, mergedUse, readUse } from './template-use.ts';

import type { Findings } from '../common/diagnostic.ts';
import type { Source, Span } from '../common/source.ts';
import type { Entry, MapTree, Tree } from '../common/tree.ts';
import type { Library, ReadTemplates, Template } from './template-library.ts';
import type { Kind, Use } from './template-use.ts';

/** Templates are written out no more often than this in one pipeline: those within others grow fast. */
const maxUses = 10_000;

/** And no deeper than this within each other. */
const maxDepth = 20;

/**
 * Writes out every template that a pipeline uses, those within templates as well. What is wrong in a
 * template is told at its place there, with where it is used.
 */
export async function resolveTemplates(
  tree: Tree,
  findings: Findings,
  read?: ReadTemplates,
): Promise<{ readonly tree: Tree; readonly sources: readonly Source[] }> {
  if (!findings.source.text.includes('template')) return { tree, sources: [] };
  // Looked through first: the folder is not read for nothing.
  const resolver = new Resolver(undefined);
  resolver.resolve(tree, findings, []);
  if (!resolver.hasUses) return { tree, sources: [] };
  const library = await openLibrary(read);
  const inside = new Resolver(library).resolve(tree, findings, []);
  return { tree: inside, sources: library.sources };
}

/** What stands where a template cannot be had: a step that others may name, or nothing. */
function placeholder(kind: Kind, user: MapTree, span: Span): Tree {
  if (kind !== 'step') return brokenAt(span);
  const entries = new Map<string, Entry>(user.entries);
  entries.delete('template');
  for (const key of ['type', 'spec']) entries.set(key, { tree: brokenAt(span), key: span });
  return withEntries(user, entries);
}

class Resolver {
  hasUses = false;
  readonly #library: Library | undefined;
  readonly #told = new Set<Template>();
  #uses = 0;

  /** Without a library it only finds out whether there is a use. */
  constructor(library: Library | undefined) {
    this.#library = library;
  }

  /** `through` are the templates that it stands in, the outermost first. */
  resolve(tree: Tree, findings: Findings, through: readonly Template[]): Tree {
    if (tree.kind === 'scalar') return tree;
    if (tree.kind === 'list') {
      const items = tree.items.map((item) => {
        const inside = this.resolve(item.tree, findings, through);
        return inside === item.tree ? item : { ...item, tree: inside };
      });
      return items.some((item, at) => item !== tree.items[at]) ? withItems(tree, items) : tree;
    }
    const entries = new Map<string, Entry>();
    let changed = false;
    for (const [key, entry] of tree.entries) {
      const value = this.#value(key, entry, findings, through);
      changed ||= value !== entry.tree;
      entries.set(key, value === entry.tree ? entry : { ...entry, tree: value });
    }
    return changed ? withEntries(tree, entries) : tree;
  }

  #value(key: string, entry: Entry, findings: Findings, through: readonly Template[]): Tree {
    const { tree: value } = entry;
    const isUse =
      Object.hasOwn(kinds, key) &&
      value.kind === 'map' &&
      value.entries.get('template')?.tree.kind === 'map';
    if (!isUse) return this.resolve(value, findings, through);
    this.hasUses = true;
    if (!this.#library) return value;
    return (
      this.#written(key as Kind, value, findings, through) ??
      placeholder(key as Kind, value, entry.key)
    );
  }

  /** What stands in place of the use of a template; `undefined` when that is told to be impossible. */
  #written(
    kind: Kind,
    user: MapTree,
    findings: Findings,
    through: readonly Template[],
  ): Tree | undefined {
    const use = readUse(child({ tree: user }, 'template')!, findings);
    const template = use && this.#find(kind, use, findings, through);
    if (!template) return undefined;
    const inside = findings.because(valueSpan(use.refSpot), 'used here', template.source);
    this.#tellFile(template, inside);
    const spec = child(template.root, 'spec');
    if (spec?.tree.kind !== 'map') {
      inside.error(ownerSpan(spec ?? template.root), 'a template says what it is in `spec`, a map');
      return undefined;
    }
    const filled = use.given ? fillTemplate(spec.tree, use.given, findings) : spec.tree;
    const written = this.resolve(filled, inside, [...through, template]);
    return mergedUse(kind, user, written as MapTree, template, findings);
  }

  #find(
    kind: Kind,
    use: Use,
    findings: Findings,
    through: readonly Template[],
  ): Template | undefined {
    const found = findTemplate(this.#library!, use.ref, use.version);
    const span = valueSpan(use.refSpot);
    if (!found.ok) {
      const { message, hint, several = [] } = found.failure;
      const isAboutVersion = message.includes('has no version') && use.versionSpot;
      findings.error(isAboutVersion ? valueSpan(isAboutVersion) : span, message, {
        hint,
        ...(several.length > 0 && {
          related: several.map(({ root }) => ({ message: 'one of them', span: ownerSpan(root) })),
        }),
      });
      // One of these may be it.
      if (!isAboutVersion)
        for (const diagnostic of this.#library!.unread)
          findings.unreadable(span, 'a template is looked for', diagnostic);
      return undefined;
    }
    const template = found.value;
    const type = child(template.root, 'type');
    const wrong = this.#whyNot(kind, textOf(type), template, through);
    if (!wrong) return template;
    findings.error(span, wrong, {
      related: [{ message: 'the template', span: ownerSpan(type ?? template.root) }],
    });
    return undefined;
  }

  #whyNot(
    kind: Kind,
    type: string | undefined,
    template: Template,
    through: readonly Template[],
  ): string | undefined {
    const { identifier } = template;
    if (type !== kinds[kind])
      return `the template \`${identifier}\` is of type \`${type ?? ''}\`, and cannot be used as a \`${kind}\``;
    if (through.includes(template)) return `the template \`${identifier}\` uses itself`;
    if (through.length >= maxDepth) return `templates are used within ${maxDepth} others here`;
    return ++this.#uses > maxUses ? `more than ${maxUses} templates are used` : undefined;
  }

  /** What its file has wrong as YAML, once. */
  #tellFile(template: Template, inside: Findings): void {
    if (this.#told.has(template)) return;
    this.#told.add(template);
    parseYaml(inside);
  }
}
