import { statSync } from 'node:fs';
import { resolve } from 'node:path';

import { fail, ok } from '../base/result.ts';
import { chainOf } from './chain.ts';
import { complain, warn } from './complain.ts';
import { noConfig, readConfig } from './config.ts';
import { exitCode, exitCodeOfSignal } from './exit-code.ts';
import { toHarnessSettings } from './harness-settings.ts';
import { renderForPeople } from './read-pipelines.ts';
import { gatherVariables } from './variables.ts';

import type { Result } from '../base/result.ts';
import type { Link } from './chain.ts';
import type { Config } from './config.ts';
import type { ExecutorChoice } from './executors.ts';
import type { HarnessFlags, HarnessSettings } from './harness-settings.ts';
import type { Logging } from './show.ts';
import type { ColorFlags } from './terminal/color.ts';
import type { GivenVariables, VariableFlags } from './variables.ts';
import type { World } from './world.ts';

/** The ways to say what is run, and with what. */
export interface SettingsFlags extends VariableFlags, ColorFlags, HarnessFlags {
  /** Besides those that are named without a flag, and after them. */
  readonly yaml?: readonly string[];
  readonly setup?: string;
  readonly teardown?: string;
  readonly configfile?: string;
  /** By whoever has read their configuration: none is read here. */
  readonly ordered?: boolean;
  readonly plugin?: readonly string[];
  readonly logging?: Logging['mode'];
  readonly logname?: string;
  readonly loggingPath?: string;
  readonly executor?: ExecutorChoice;
}

/** What the command line and the configuration files say together. */
export interface Settings {
  readonly links: readonly Link[];
  readonly plugins: readonly string[];
  readonly logging: Logging;
  readonly given: GivenVariables;
  readonly harness: HarnessSettings;
}

/** The pipeline files of whoever names none: the first that is there. */
const usualFiles = ['cix.yaml', '.harness/pipeline.yaml'];

/**
 * The settings. When there are none, it is told why, and the failure is the exit code. Without `ask`,
 * nobody is asked for the secrets that the configuration wants asked for.
 */
export async function readSettings(
  files: readonly string[],
  flags: SettingsFlags,
  world: World,
  { ask = true } = {},
): Promise<Result<Settings, number>> {
  const config = await readConfigOrTell(flags, world);
  if (!config.ok) return config;
  const { value: configured } = config;
  const links = linksOf(files, flags, configured, world);
  if (!links.ok) {
    complain(world, flags, links.failure);
    return fail(exitCode.usage);
  }
  const promptedSecrets = ask ? configured.promptedSecrets : [];
  const given = await gatherVariables(flags, world, { ...configured, promptedSecrets });
  if (!given.ok) {
    if (typeof given.failure !== 'string') return fail(exitCodeOfSignal(given.failure.signal));
    complain(world, flags, given.failure);
    return fail(exitCode.usage);
  }
  for (const text of [...configured.warnings, ...given.value.warnings]) warn(world, flags, text);
  return ok({
    links: links.value,
    plugins: flags.plugin ?? configured.plugins ?? [],
    logging: {
      mode: flags.logging ?? configured.logging.mode ?? 'console',
      path: flags.loggingPath ?? configured.logging.path ?? 'logs',
      ...(flags.logname !== undefined && { name: flags.logname }),
    },
    given: given.value,
    harness: toHarnessSettings(flags, { executor: flags.executor, runs: ask }),
  });
}

async function readConfigOrTell(
  flags: SettingsFlags,
  world: World,
): Promise<Result<Config, number>> {
  if (flags.ordered === true) return ok(noConfig);
  const config = await readConfig(flags.configfile, world);
  if (config.ok) return config;
  const { diagnostics, sourceOf } = config.failure;
  world.stderr.write(renderForPeople(diagnostics, sourceOf, flags, world));
  return fail(exitCode.invalid);
}

function linksOf(
  files: readonly string[],
  { yaml = [], ...around }: SettingsFlags,
  { pipelines = [] }: Pick<Config, 'pipelines'> = noConfig,
  { cwd }: World,
): Result<readonly Link[], string> {
  const named = [...files, ...yaml];
  const wanted = named.length > 0 ? named : pipelines;
  if (wanted.length > 0) return ok(chainOf(wanted, around));
  const usual = usualFiles.find((file) => statSync(resolve(cwd, file), { throwIfNoEntry: false }));
  return usual === undefined
    ? fail(`no pipeline file is named, and there is no ${usualFiles.join(' and no ')} here`)
    : ok(chainOf([usual], around));
}
