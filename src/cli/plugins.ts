import { resolve } from 'node:path';

import { fail, ok } from '../base/result.ts';
import { toPlugin } from '../dialect/cix/read-plugin.ts';
import { readBytes } from '../dialect/common/read-bytes.ts';
import { readSource } from '../dialect/common/read-source.ts';
import { toSource } from '../dialect/common/source.ts';
import { newRunId } from '../journal/run-id.ts';
import { filterByCommand } from './plugin-command.ts';
import { runPlugin } from './plugin-run.ts';

import type { Result } from '../base/result.ts';
import type { Plugin } from '../dialect/cix/read-plugin.ts';
import type { Diagnostic } from '../dialect/common/diagnostic.ts';
import type { Source } from '../dialect/common/source.ts';
import type { Connection } from '../executor/docker/connect.ts';
import type { Filtering } from '../executor/docker/filter-in-container.ts';
import type { ImageProgress, LaunchFailure } from '../executor/executor.ts';

/**
 * What is read in place of a file's own text; the diagnostic names the plugin that gave none, and the
 * file. Nothing of a plugin is left when it settles. Never rejects. When `signal` aborts, the plugin that runs
 * is ended at once, and none is started.
 */
export type Preprocess = (
  source: Source,
  signal: AbortSignal,
) => Promise<Result<Source, Diagnostic>>;

/** What plugins see of the process that they are called by. */
export interface PluginsWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly leasesDir: string;
  /** Texts that are read in place of plugin files, by their absolute paths. */
  readonly texts?: ReadonlyMap<string, string> | undefined;
  /** Takes each line that a plugin prints on standard error. */
  readonly said: (plugin: string, line: string) => void;
  /** Takes a sentence worth knowing. */
  readonly warn: (text: string) => void;
  /** For each plugin and file. Absent: a minute. */
  readonly timeoutMs?: number;
}

/** Why plugins cannot be had: mistakes in their files, or a sentence about the engine that is missing. */
export type PluginsFailure =
  | {
      readonly kind: 'invalid';
      readonly diagnostics: readonly Diagnostic[];
      readonly sourceOf: (file: string) => Source | undefined;
    }
  | { readonly kind: 'unavailable'; readonly detail: string };

/** Reads plugin files, all of them; what they stand for is done in their order. */
export async function openPlugins(
  files: readonly string[],
  world: PluginsWorld,
): Promise<Result<Preprocess, PluginsFailure>> {
  const plugins: Plugin[] = [];
  const diagnostics: Diagnostic[] = [];
  const sources = new Map<string, Source>();
  for (const file of files) {
    const source = await readSource(file, async (name, limit) => {
      const path = resolve(world.cwd, name);
      const text = world.texts?.get(path);
      return text === undefined ? readBytes(path, limit) : Buffer.from(text);
    });
    if (source.ok) sources.set(file, source.value);
    const plugin = source.ok ? toPlugin(source.value) : fail([source.failure]);
    if (plugin.ok) plugins.push(plugin.value);
    else diagnostics.push(...plugin.failure);
  }
  if (diagnostics.length > 0)
    return fail({ kind: 'invalid', diagnostics, sourceOf: (file) => sources.get(file) });
  const engine = await connectFor(plugins, world);
  if (!engine.ok) return fail({ kind: 'unavailable', detail: engine.failure });
  return ok((source, signal) => preprocess(source, plugins, engine.value, world, signal));
}

/** The engine, if one of the plugins needs it. */
async function connectFor(
  plugins: readonly Plugin[],
  { env }: PluginsWorld,
): Promise<Result<Connection | undefined, string>> {
  const plugin = plugins.find(({ filter }) => filter.kind === 'image');
  if (!plugin) return ok(undefined);
  const { connect } = await import('../executor/docker/connect.ts');
  const connection = await connect(env);
  if (connection.ok) return connection;
  return fail(
    `${connection.failure}\nstart the engine, or say where it is by DOCKER_HOST; plugin '${plugin.name}' needs it`,
  );
}

async function preprocess(
  source: Source,
  plugins: readonly Plugin[],
  engine: Connection | undefined,
  world: PluginsWorld,
  wanted: AbortSignal,
): Promise<Result<Source, Diagnostic>> {
  let text = source.text;
  for (const plugin of plugins) {
    const { timeoutMs = 60_000 } = world;
    const said = (line: string): void => world.said(plugin.name, line);
    const start = (signal: AbortSignal): Promise<Result<Filtering, LaunchFailure>> =>
      startFilter(plugin, text, engine, world, signal);
    const made = await runPlugin({ start, said, timeoutMs }, wanted);
    if (!made.ok) {
      const { message, ...more } = made.failure;
      return fail({
        severity: 'error',
        message: `plugin '${plugin.name}' ${message}`,
        where: { file: source.file, line: 1, column: 1, endLine: 1, endColumn: 1 },
        ...more,
      });
    }
    text = made.value;
  }
  const names = plugins.map(({ name }) => name);
  return ok(toSource(source.file, text, names));
}

async function startFilter(
  { name, filter }: Plugin,
  text: string,
  engine: Connection | undefined,
  { env, cwd, leasesDir, warn, said }: PluginsWorld,
  signal: AbortSignal,
): Promise<Result<Filtering, LaunchFailure>> {
  const runId = newRunId(Date.now());
  if (filter.kind === 'command')
    return filterByCommand(
      { runId, name, argv: filter.argv, text },
      { env, cwd, leasesDir },
      signal,
    );
  const { filterInContainer } = await import('../executor/docker/filter-in-container.ts');
  let isPulling = false;
  const told = (progress: ImageProgress): void => {
    if (progress.kind === 'pulling' && !isPulling) said(name, `pulling ${filter.image}`);
    if (progress.kind === 'retrying')
      said(name, `pulling ${filter.image} again: ${progress.detail}`);
    isPulling ||= progress.kind === 'pulling';
  };
  return filterInContainer(
    { runId, name, image: filter.image, input: Buffer.from(text) },
    { connection: engine!, environment: env, leasesDir, told, warn },
    signal,
  );
}
