import { Option } from 'commander';

import { gather, pullPolicies } from '../option-values.ts';

import type { Command } from 'commander';
import type { ExecutorChoice } from '../executors.ts';
import type { World } from '../world.ts';

/** What a command acts in. */
export interface Acting {
  readonly world: World;
  /** Waits for the command, whose exit code the program ends with. */
  readonly settle: (command: Promise<number>) => Promise<void>;
}

/** Adds one command to the program. What it does is loaded when it is called. */
export type Define = (program: Command, acting: Acting) => void;

export function command(program: Command, name: string, about: string, examples: string): Command {
  return program
    .command(name)
    .description(about)
    .option('--color', 'colours, wherever the output goes')
    .option('--no-color', 'no colours')
    .addHelpText('after', `\n${examples}`);
}

/** Adds what a run is given: its files, its name, variables and secrets. */
export const addGivenOptions = (command: Command): Command =>
  command
    .option('-y, --yaml <file>', 'one more of them (repeatable)', gather)
    .option('--setup <file>', 'a pipeline file that runs before them')
    .option('--teardown <file>', 'one that runs after them, whatever became of them')
    .option('-a, --pipeline-alias <name>', 'what the run is called (default: by its file)')
    .option('-c, --configfile <file>', 'the configuration, instead of .cixconfig{.yaml,.json,}')
    .option('-e, --env <name[=value]>', 'a variable for steps that name it (repeatable)', gather)
    .option('-s, --secret <name[=value]>', 'the same, and never shown (repeatable)', gather)
    .option('--secret-stdin <name>', 'a secret, all of standard input')
    .option('--secrets-stdin', 'secrets, a JSON object on standard input')
    .option('--secret-prompt <name>', 'a secret, asked for on the terminal (repeatable)', gather);

/** Adds how a run is wished for: where it runs, what it is read through, where it stops. */
export const addWishOptions = (command: Command): Command =>
  command
    .option('--plugin <file>', 'a plugin that every file goes through (repeatable)', gather)
    .option('-w, --workspace <folder>', 'where steps work (default: the current folder)')
    .addOption(
      new Option('-P, --pull-policy <policy>', 'when to pull the images of steps that do not say')
        .choices(pullPolicies)
        .default('Default'),
    )
    .addOption(
      new Option(
        '--executor <place>',
        'where steps run; auto: in a container when they have an image',
      )
        .choices(executorChoices)
        .default('auto'),
    )
    .option('--approve <step>', 'say yes to this approval, or to all (repeatable)', gather)
    .option('--reject <step>', 'say no to it (repeatable)', gather)
    .option('--break <step>', 'pause before this step, service or group (repeatable)', gather)
    .option('--pause-on-failure', 'pause at the first failure, with the services up')
    .option('--keep', 'leave the containers of a failed run up, and say how to get in');

export const stateDirOption = (): Option =>
  new Option(
    '--state-dir <folder>',
    'where runs are remembered (default: CONTINUO_STATE_DIR, else continuo in the state folder)',
  );

export const formatOption = (): Option =>
  new Option('--format <format>', 'for people or for programs')
    .choices(['text', 'json'])
    .default('text');

export const executorChoices = [
  'auto',
  'host',
  'docker',
] as const satisfies readonly ExecutorChoice[];
