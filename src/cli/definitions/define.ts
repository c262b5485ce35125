import { Option } from 'commander';

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
