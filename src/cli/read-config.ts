import { Findings } from '../dialect/common/diagnostic.ts';
import { parseYaml } from '../dialect/common/parse-yaml.ts';
import { readShape } from '../dialect/common/shape.ts';
import { lineOf, toSource } from '../dialect/common/source.ts';
import { child, keysOf, textOf } from '../dialect/common/tree.ts';
import { configShape } from './config-schema.ts';

import type { Diagnostic } from '../dialect/common/diagnostic.ts';
import type { Source } from '../dialect/common/source.ts';
import type { Spot, Tree } from '../dialect/common/tree.ts';
import type { WrittenConfig } from './config-schema.ts';
import type { Logging } from './show.ts';
import type { Veil } from './veil.ts';

/** What one configuration file says. */
export interface ConfigFile {
  readonly pipelines?: readonly string[];
  readonly plugins?: readonly string[];
  readonly environment?: ReadonlyMap<string, string>;
  readonly secrets?: ReadonlyMap<string, string>;
  readonly promptedSecrets?: readonly string[];
  readonly logging?: Partial<Pick<Logging, 'mode' | 'path'>>;
}

export interface ReadConfig {
  readonly config: ConfigFile;
  readonly diagnostics: readonly Diagnostic[];
  /** What may be shown of the file. */
  readonly shown: Source;
}

/** Reads a configuration file, of which nothing under `secrets` is ever shown. */
export function readConfigSource(source: Source, veil: Veil): ReadConfig {
  const findings = new Findings(source);
  if (isBlank(source)) return { config: {}, diagnostics: [], shown: source };
  const tree = parseYaml(findings);
  const unread = findings.all();
  if (!tree || unread.length > 0) {
    // Where a secret begins and ends cannot be known then.
    const secretLines = linesOfSecrets(source);
    return {
      config: {},
      diagnostics: unread.map((each) => (secretLines.has(each.where.line) ? unquoted(each) : each)),
      shown: without(source, secretLines),
    };
  }
  const root: Spot = { tree };
  veil.hide(scalarsIn(child(root, 'secrets')?.tree));
  const shape = readShape(configShape(), root, findings, 'this file');
  const diagnostics = findings.all().map((each) => ({ ...each, message: veil.text(each.message) }));
  return { config: shape ? toConfig(shape, root) : {}, diagnostics, shown: veil.source(source) };
}

function toConfig(shape: WrittenConfig, root: Spot): ConfigFile {
  const { pipelines, plugins, logging, 'prompted-secrets': promptedSecrets } = shape;
  const environment = valuesAt(root, 'environment');
  const secrets = valuesAt(root, 'secrets');
  return {
    ...(pipelines && { pipelines }),
    ...(plugins && { plugins }),
    ...(promptedSecrets && { promptedSecrets }),
    ...(environment && { environment }),
    ...(secrets && { secrets }),
    ...(logging && {
      logging: {
        ...(logging.mode && { mode: logging.mode }),
        ...(logging.path !== undefined && { path: logging.path }),
      },
    }),
  };
}

/** As they are written: `1.10` is no 1.1. */
function valuesAt(root: Spot, key: string): ReadonlyMap<string, string> | undefined {
  const spot = child(root, key);
  return spot && new Map(keysOf(spot).map((name) => [name, textOf(child(spot, name)) ?? '']));
}

function scalarsIn(tree: Tree | undefined): readonly string[] {
  if (!tree) return [];
  switch (tree.kind) {
    case 'scalar':
      return [tree.text];
    case 'list':
      return tree.items.flatMap((item) => scalarsIn(item.tree));
    case 'map':
      return [...tree.entries.values()].flatMap((entry) => scalarsIn(entry.tree));
  }
}

const isBlank = ({ text }: Source): boolean =>
  text.split('\n').every((line) => /^\s*(#.*|---\s*)?$/.test(line));

/** From the key `secrets` to the next line that is indented no more than it, as far as one can tell. */
function linesOfSecrets(source: Source): ReadonlySet<number> {
  const lines = new Set<number>();
  let indent: number | undefined;
  for (let line = 1; line <= source.lineStarts.length; line++) {
    const text = lineOf(source, line);
    const at = text.search(/\S/);
    if (/["']?secrets["']?\s*:/.test(text) && !/prompted-secrets/.test(text)) indent = at;
    else if (at !== -1 && indent !== undefined && at <= indent && !/^\s*[}\]]/.test(text))
      indent = undefined;
    if (indent !== undefined) lines.add(line);
  }
  return lines;
}

const without = (source: Source, hidden: ReadonlySet<number>): Source =>
  toSource(
    source.file,
    source.text
      .split('\n')
      .map((line, index) => (hidden.has(index + 1) ? '' : line))
      .join('\n'),
  );

const unquoted = ({ severity, where }: Diagnostic): Diagnostic => ({
  severity,
  where,
  message: 'this is not YAML, nor JSON',
  hint: 'what stands under `secrets` is not shown; put each value in quotes',
});
