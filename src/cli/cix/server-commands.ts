import { Option } from 'commander';

import { complain } from '../complain.ts';
import { exitCode } from '../exit-code.ts';
import { needsServer } from './needs-server.ts';
import { addLoadOptions, addLogOptions, addServerOptions, portOption } from './options.ts';

import type { Command } from 'commander';
import type { CixCommand } from './program.ts';
import type { CommonFlags } from './options.ts';

interface AliasFlags extends CommonFlags {
  readonly setAlias?: string;
  readonly pipelineId?: string;
}

/** What needs the server: the usage is checked, and the rest waits for it. */
export const serverCommands: readonly CixCommand[] = [
  waiting('load', 'Loads pipelines onto a server.', (command) =>
    addServerOptions(addLoadOptions(command)).addOption(
      // The tutorial of CIX calls it so.
      new Option('--set-alias <alias>').hideHelp().conflicts('pipelineAlias'),
    ),
  ),
  waiting('server', 'Starts a server.', (command) =>
    addLogOptions(command, 'files')
      .option('-c, --configfile <path>', 'the only configuration file that is read')
      .option('-d, --detach', 'leave it running in the background')
      .option('-w, --workspace <path>', 'where steps work (default: the current folder)')
      .addOption(portOption('the port it listens on')),
  ),
  {
    ...waiting('pipelines', 'Lists the pipelines of a server.', (command) =>
      addWhich(addServerOptions(command))
        .addOption(
          new Option('--get-alias <alias>', 'the pipeline of an alias').conflicts([
            'setAlias',
            'status',
          ]),
        )
        .addOption(
          new Option('--set-alias <alias>', 'give an alias to --pipeline-id').conflicts('status'),
        )
        .option('--status', 'the status of a pipeline'),
    ),
    run(flags: AliasFlags, world) {
      if (flags.setAlias === undefined || flags.pipelineId !== undefined)
        return needsServer('cix pipelines', flags, world);
      complain(world, flags, '--set-alias needs --pipeline-id, the pipeline that gets the alias');
      return exitCode.usage;
    },
  },
  waiting('resume', 'Runs a pipeline that is loaded or paused.', (command) =>
    addWhich(addServerOptions(command))
      .addOption(
        new Option('--to <step>', 'run up to this step or group, and pause').conflicts('next'),
      )
      .option('--next', 'run one step, and pause')
      .option('--non-blocking', 'do not wait for the end')
      .option('--no-remote-logs', 'do not show what the server tells'),
  ),
  waiting('describe', 'Shows the steps of a pipeline as JSON.', (command) =>
    addWhich(addServerOptions(command))
      .addOption(
        new Option('--file <location>', 'write them to a file').conflicts(['stdout', 'stderr']),
      )
      .addOption(new Option('--stdout', 'write them to standard output').conflicts('stderr'))
      .option('--stderr', 'write them to standard error'),
  ),
  waiting('kill', 'Ends a pipeline that runs.', (command) => addWhich(addServerOptions(command))),
];

function waiting(name: string, about: string, options: (command: Command) => Command): CixCommand {
  return { name, about, options, run: (flags, world) => needsServer(`cix ${name}`, flags, world) };
}

function addWhich(command: Command): Command {
  return command
    .addOption(new Option('--pipeline-id <id>', 'a pipeline, by its id').conflicts('pipelineAlias'))
    .option('--pipeline-alias <alias>', 'a pipeline, by its alias (default: latest)');
}
