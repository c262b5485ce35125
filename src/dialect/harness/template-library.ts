import { brief } from '../common/brief.ts';
import { Findings } from '../common/diagnostic.ts';
import { nearest } from '../common/nearest.ts';
import { parseYaml } from '../common/parse-yaml.ts';
import { child, textOf } from '../common/tree.ts';
import { compareVersions } from './template-versions.ts';
import { fail, ok } from '../../base/result.ts';

import type { Result } from '../../base/result.ts';
import type { Diagnostic } from '../common/diagnostic.ts';
import type { Source } from '../common/source.ts';
import type { Spot, Tree } from '../common/tree.ts';

/**
 * Gives every template file there is, or why it cannot be had. It is asked at most once, and only when a
 * template is used.
 */
export type ReadTemplates = () => Promise<readonly Result<Source, Diagnostic>[]>;

/** Who a template belongs to. */
type Scope = 'account' | 'org' | 'project';

/** A template as its file has it. */
export interface Template {
  readonly source: Source;
  /** What stands under `template`. */
  readonly root: Spot;
  readonly identifier: string;
  /** Absent: it does not say, and is found from everywhere. */
  readonly scope?: Scope;
  readonly version?: string;
  readonly isStable: boolean;
}

/** The templates of a folder. */
export interface Library {
  readonly templates: readonly Template[];
  /** The texts of its files. */
  readonly sources: readonly Source[];
  /** What is wrong with files of which nobody can tell what is in them. */
  readonly unread: readonly Diagnostic[];
}

export async function openLibrary(read: ReadTemplates | undefined): Promise<Library> {
  const files = read ? await read() : [];
  const sources = files.flatMap((file) => (file.ok ? [file.value] : []));
  const unread = files.flatMap((file) => (file.ok ? [] : [file.failure]));
  const templates = sources.flatMap((source) => {
    const findings = new Findings(source);
    const tree = parseYaml(findings);
    if (!tree) unread.push(...findings.all());
    return (tree && toTemplate(source, tree)) ?? [];
  });
  return { templates, sources, unread };
}

/** `undefined` for a file that has no template in it. What is wrong with it is told when it is used. */
function toTemplate(source: Source, tree: Tree): Template | undefined {
  const root = child({ tree }, 'template');
  const identifier = root && textOf(child(root, 'identifier'));
  if (!root || identifier === undefined) return undefined;
  const version = textOf(child(root, 'versionLabel'));
  const scope = scopeOf(root);
  return {
    source,
    root,
    identifier,
    ...(scope && { scope }),
    ...(version !== undefined && { version }),
    isStable: textOf(child(root, 'stable')) === 'true',
  };
}

function scopeOf(root: Spot): Scope | undefined {
  if (child(root, 'projectIdentifier')) return 'project';
  return child(root, 'orgIdentifier') ? 'org' : undefined;
}

/** Why there is no template, in words, and what to do. */
export interface NoTemplate {
  readonly message: string;
  readonly hint: string;
  /** Those between which nobody can choose. */
  readonly several?: readonly Template[];
}

/**
 * The template that `ref` names, such as `org.postgres`: of this version, or the stable one, which is the
 * highest of those that say so, or else the highest there is.
 */
export function findTemplate(
  { templates }: Library,
  ref: string,
  version: string | undefined,
): Result<Template, NoTemplate> {
  const [, prefix, identifier = ref] = /^(account|org)\.(.+)$/.exec(ref) ?? [];
  const named = templates.filter((one) => one.identifier === identifier);
  const exact = named.filter((one) => one.scope === (prefix ?? 'project'));
  const fitting = exact.length > 0 ? exact : named.filter((one) => one.scope === undefined);
  if (fitting.length === 0)
    return fail({
      message: `there is no template \`${brief(ref)}\``,
      hint: hintFor(ref, named, templates),
    });
  const wanted = fitting.filter((one) => version === undefined || one.version === version);
  if (wanted.length === 0) {
    const known = fitting.map((one) => one.version ?? 'one without a version').sort();
    const near = nearest(version ?? '', known);
    return fail({
      message: `the template \`${brief(ref)}\` has no version \`${brief(version ?? '')}\``,
      hint: near === undefined ? `there is ${known.join(', ')}` : `did you mean \`${near}\`?`,
    });
  }
  const best = wanted.toSorted(byRank);
  const several = best.filter((one) => byRank(one, best[0]!) === 0);
  if (several.length === 1) return ok(best[0]!);
  return fail({
    message: `there are ${several.length} templates \`${brief(ref)}\` of one version`,
    hint: 'keep one of them, or give them different versions',
    several,
  });
}

/** The one to take first: stable ones before others, higher versions before lower ones. */
const byRank = (one: Template, other: Template): number =>
  Number(other.isStable) - Number(one.isStable) || compareVersions(other.version, one.version);

/** How a template is named where it is used. */
const refOf = ({ identifier, scope }: Template): string =>
  scope === undefined || scope === 'project' ? identifier : `${scope}.${identifier}`;

function hintFor(ref: string, named: readonly Template[], templates: readonly Template[]): string {
  const [elsewhere] = named;
  if (elsewhere) return `did you mean \`${refOf(elsewhere)}\`?`;
  const near = nearest(ref, templates.map(refOf));
  if (near !== undefined) return `did you mean \`${near}\`?`;
  return templates.length === 0
    ? 'there are no templates: they are looked for in `.harness/templates`, or in the folder of `--templates`'
    : `there is ${[...new Set(templates.map(refOf))].sort().slice(0, 10).join(', ')}`;
}
