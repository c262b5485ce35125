import { Option } from 'commander';

import { complain } from '../complain.ts';
import { exitCode } from '../exit-code.ts';
import {
  addLoadOptions,
  addLogOptions,
  addServerOptions,
  nameOption,
  portOption,
} from './options.ts';

import type { Command } from 'commander';
import type { CixCommand } from './program.ts';
import type { DescribeFlags } from './remote/describe.ts';
import type { LoadFlags } from './remote/load.ts';
import type { PipelinesFlags } from './remote/pipelines.ts';
import type { ResumeFlags } from './remote/resume.ts';
import type { ServeFlags } from './remote/serve.ts';
import type { WhichFlags } from './remote/which.ts';

/** What a server is asked, and the server itself. Each is loaded when it is called. */
export const serverCommands: readonly CixCommand[] = [
  {
    name: 'load',
    about: 'Loads pipelines onto a server.',
    options: (command) =>
      addServerOptions(addLoadOptions(command)).addOption(
        // The tutorial of CIX calls it so.
        new Option('--set-alias <alias>').hideHelp().conflicts('pipelineAlias'),
      ),
    async run(flags: LoadFlags, world) {
      const { load } = await import('./remote/load.ts');
      return load(flags, world);
    },
  },
  {
    name: 'server',
    about: 'Starts a server.',
    options: (command) =>
      addLogOptions(command, 'files')
        .option('-c, --configfile <path>', 'the only configuration file that is read')
        .option('-d, --detach', 'leave it running in the background')
        .option('-w, --workspace <path>', 'where steps work (default: the current folder)')
        .addOption(portOption('the port it listens on')),
    async run(flags: ServeFlags, world) {
      const { serve } = await import('./remote/serve.ts');
      return serve(flags, world);
    },
  },
  {
    name: 'pipelines',
    about: 'Lists the pipelines of a server.',
    options: (command) =>
      addWhich(addServerOptions(command))
        .addOption(
          nameOption('--get-alias <alias>', 'the pipeline of an alias').conflicts([
            'setAlias',
            'status',
          ]),
        )
        .addOption(
          new Option('--set-alias <alias>', 'give an alias to --pipeline-id').conflicts('status'),
        )
        .option('--status', 'the status of a pipeline'),
    async run(flags: PipelinesFlags, world) {
      const { setAlias, pipelineId } = flags;
      if (setAlias !== undefined && pipelineId === undefined) {
        complain(world, flags, '--set-alias needs --pipeline-id, the pipeline that gets the alias');
        return exitCode.usage;
      }
      const { pipelines } = await import('./remote/pipelines.ts');
      return pipelines(flags, world);
    },
  },
  {
    name: 'resume',
    about: 'Runs a pipeline that is loaded or paused.',
    options: (command) =>
      addWhich(addServerOptions(command))
        .addOption(
          new Option('--to <step>', 'run up to this step or group, and pause').conflicts('next'),
        )
        .option('--next', 'run one step, and pause')
        .option('--non-blocking', 'do not wait for the end')
        .option('--no-remote-logs', 'do not show what the server tells'),
    async run(flags: ResumeFlags, world) {
      const { resume } = await import('./remote/resume.ts');
      return resume(flags, world);
    },
  },
  {
    name: 'describe',
    about: 'Shows the steps of a pipeline as JSON.',
    options: (command) =>
      addWhich(addServerOptions(command))
        .addOption(
          new Option('--file <location>', 'write them to a file').conflicts(['stdout', 'stderr']),
        )
        .addOption(new Option('--stdout', 'write them to standard output').conflicts('stderr'))
        .option('--stderr', 'write them to standard error'),
    async run(flags: DescribeFlags, world) {
      const { describe } = await import('./remote/describe.ts');
      return describe(flags, world);
    },
  },
  {
    name: 'kill',
    about: 'Ends a pipeline that runs.',
    options: (command) => addWhich(addServerOptions(command)),
    async run(flags: WhichFlags, world) {
      const { kill } = await import('./remote/kill.ts');
      return kill(flags, world);
    },
  },
];

function addWhich(command: Command): Command {
  return command
    .addOption(nameOption('--pipeline-id <id>', 'a pipeline, by its id').conflicts('pipelineAlias'))
    .addOption(
      nameOption('--pipeline-alias <alias>', 'a pipeline, by its alias (default: latest)'),
    );
}
