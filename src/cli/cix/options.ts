import { InvalidArgumentError, Option } from 'commander';

import { gather, loggingModes, pullPolicies } from '../option-values.ts';

import type { Command } from 'commander';
import type { PullPolicy } from '../prepare-plan.ts';
import type { SettingsFlags } from '../settings.ts';
import type { ColorFlags } from '../terminal/color.ts';
import type { World } from '../world.ts';

/** What every command of CIX takes. */
export interface CommonFlags extends ColorFlags {
  readonly silent?: boolean;
}

/** Where the server is. */
export interface ServerFlags extends CommonFlags {
  readonly host?: string;
  readonly port?: string;
}

/** What can be left to a server. */
export interface RemoteFlags extends ServerFlags {
  readonly remote?: boolean;
}

/** Which pipelines, and with what. */
export interface PipelineFlags extends SettingsFlags, CommonFlags {
  readonly workspace?: string;
}

/** What a pipeline is loaded with. */
export interface LoadFlags extends PipelineFlags, ServerFlags {
  readonly pipelineAlias?: string;
  readonly pullPolicy?: PullPolicy;
}

export function addPipelineOptions(command: Command): Command {
  return command
    .option(
      '-e, --env <mapping>',
      'a variable, KEY=VALUE, or KEY from the environment (repeatable)',
      gather,
    )
    .option(
      '-s, --secret <mapping>',
      'the same, and never shown (repeatable; insecure with a value)',
      gather,
    )
    .option('-w, --workspace <path>', 'where steps work (default: the current folder)')
    .option('-y, --yaml <path>', 'a pipeline file (repeatable; default: cix.yaml)', gather)
    .option('--setup <path>', 'a pipeline that runs before all others')
    .option('--teardown <path>', 'a pipeline that runs after all others, whatever they came to');
}

export function addLoadOptions(command: Command): Command {
  return addLogOptions(addPipelineOptions(command))
    .option('-a, --pipeline-alias <alias>', 'another name for the pipeline')
    .option('-c, --configfile <path>', 'the only configuration file that is read')
    .addOption(
      new Option(
        '-P, --pull-policy <policy>',
        'when images are pulled, where a step does not say (default: Default)',
      ).choices(pullPolicies.toSorted()),
    )
    .option('--plugin <path>', 'a plugin file (repeatable)', gather)
    .option('--secret-prompt <key>', 'a secret, asked for on the terminal (repeatable)', gather)
    .addOption(
      new Option('--secret-stdin <key>', 'a secret, all of standard input').conflicts(
        'secretsStdin',
      ),
    )
    .option('--secrets-stdin', 'secrets, a JSON object on standard input');
}

// Defaults are only told here: what is not said on the command line may be in a configuration file.
export function addLogOptions(command: Command, mode = 'console'): Command {
  return command
    .addOption(
      new Option(
        '-l, --logging <mode>',
        `beside the console: one log file, or one for each step (default: ${mode})`,
      ).choices(loggingModes),
    )
    .option('-L, --logname <name>', 'the name of the log file (default: cix-execution.log)')
    .option('-p, --logging-path <path>', 'the folder of log files (default: logs)');
}

export function addServerOptions(command: Command): Command {
  return command
    .option('--host <host>', 'where the server is (default: 127.0.0.1)')
    .addOption(portOption('the port of the server'));
}

const usualPort = '10030';

/** The port that is meant where none is given, which CIX's wrapper is told so. */
export const defaultPort = ({ env }: World): string => {
  const told = env['DEFAULT_CIX_SERVER_PORT'] ?? '';
  return told === '' ? usualPort : told;
};

export const portOption = (about: string): Option =>
  new Option(
    '--port <port>',
    `${about} (default: DEFAULT_CIX_SERVER_PORT, else ${usualPort})`,
  ).argParser((value) => {
    if (/^\d+$/.test(value) && Number(value) > 0 && Number(value) < 65_536) return value;
    throw new InvalidArgumentError('It is no port.');
  });

/** What names a pipeline: an empty word is that of a script whose variable was never set. */
export const nameOption = (flags: string, about: string): Option =>
  new Option(flags, about).argParser((value) => {
    if (value !== '') return value;
    throw new InvalidArgumentError('It is empty.');
  });
