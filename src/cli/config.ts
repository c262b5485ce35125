import { statSync } from 'node:fs';
import { resolve } from 'node:path';

import { fail, ok } from '../base/result.ts';
import { readBytes } from '../dialect/common/read-bytes.ts';
import { readSource } from '../dialect/common/read-source.ts';
import { readConfigSource } from './read-config.ts';

import type { Result } from '../base/result.ts';
import type { Diagnostic } from '../dialect/common/diagnostic.ts';
import type { Source } from '../dialect/common/source.ts';
import type { ConfigFile } from './read-config.ts';
import type { Logging } from './show.ts';
import type { World } from './world.ts';

/** What is said once in a file instead of again and again on the command line, which wins. */
export interface Config {
  readonly pipelines?: readonly string[];
  readonly plugins?: readonly string[];
  readonly environment: ReadonlyMap<string, string>;
  readonly secrets: ReadonlyMap<string, string>;
  readonly promptedSecrets: readonly string[];
  readonly logging: Partial<Pick<Logging, 'mode' | 'path'>>;
  readonly warnings: readonly string[];
}

export const noConfig: Config = {
  environment: new Map(),
  secrets: new Map(),
  promptedSecrets: [],
  logging: {},
  warnings: [],
};

/** What is wrong with configuration files, and what may be shown of them. */
export interface ConfigMistakes {
  readonly diagnostics: readonly Diagnostic[];
  readonly sourceOf: (file: string) => Source | undefined;
}

/** The later ones win. */
const usualFiles = ['.cixconfig.yaml', '.cixconfig.json', '.cixconfig'];

/**
 * Reads the configuration of a folder: of the usual files those that are there, or exactly `wanted`.
 * Maps are merged key by key; a list takes the place of another.
 */
export async function readConfig(
  wanted: string | undefined,
  { cwd, veil }: Pick<World, 'cwd' | 'veil'>,
): Promise<Result<Config, ConfigMistakes>> {
  const isThere = (name: string): boolean =>
    statSync(resolve(cwd, name), { throwIfNoEntry: false }) !== undefined;
  const names = wanted === undefined ? usualFiles.filter(isThere) : [wanted];
  const sources = new Map<string, Source>();
  const diagnostics: Diagnostic[] = [];
  let config = noConfig;
  for (const name of names) {
    const source = await readSource(name, (file, limit) => readBytes(resolve(cwd, file), limit));
    if (!source.ok) {
      diagnostics.push(source.failure);
      continue;
    }
    const read = readConfigSource(source.value, veil);
    sources.set(name, read.shown);
    diagnostics.push(...read.diagnostics);
    config = merged(config, { ...read.config, warnings: warningsOf(name, read.config, cwd) });
  }
  if (diagnostics.length === 0) return ok(config);
  return fail({ diagnostics, sourceOf: (file) => sources.get(file) });
}

const merged = (
  below: Config,
  above: ConfigFile & { readonly warnings: readonly string[] },
): Config => ({
  ...below,
  ...above,
  environment: new Map([...below.environment, ...(above.environment ?? [])]),
  secrets: new Map([...below.secrets, ...(above.secrets ?? [])]),
  promptedSecrets: above.promptedSecrets ?? below.promptedSecrets,
  logging: { ...below.logging, ...above.logging },
  warnings: [...below.warnings, ...above.warnings],
});

/** Readable by its group or by everybody. */
const forOthers = 0o044;

function warningsOf(name: string, { secrets }: ConfigFile, cwd: string): readonly string[] {
  const isOpen =
    ((statSync(resolve(cwd, name), { throwIfNoEntry: false })?.mode ?? 0) & forOthers) !== 0;
  if (!isOpen || secrets === undefined || secrets.size === 0) return [];
  return [
    `${name} has secrets in it and can be read by others; \`chmod 600 ${name}\`, or use prompted-secrets`,
  ];
}
