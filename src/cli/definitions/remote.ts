import { Option } from 'commander';

import { addHarnessOptions } from '../harness-options.ts';
import {
  addGivenOptions,
  addWishOptions,
  command,
  formatOption,
  stateDirOption,
} from './define.ts';

import type { Command } from 'commander';
import type { DescribeFlags } from '../commands/describe.ts';
import type { ExecFlags } from '../commands/exec.ts';
import type { Define } from './define.ts';

/** Where the server is. */
export const serverOption = (): Option =>
  new Option(
    '--server <url>',
    'the server that is asked (default: CONTINUO_SERVER, else that of this machine)',
  );

/** Adds what only `exec --remote` takes. */
export const addRemoteOptions = (exec: Command): Command =>
  exec
    .optionsGroup('Options for a server:')
    .option('--remote', 'have a server run them: see `continuo help server`')
    .addOption(serverOption().implies({ remote: true }))
    .option('--non-blocking', 'with --remote: do not wait for the end')
    .option('--no-remote-logs', 'with --remote: do not show what steps and services print');

export const load: Define = (program, { settle, world }) => {
  const named = command(
    program,
    'load',
    'have a server read pipelines, and begin them when asked',
    loadExamples,
  ).argument('[file...]', 'pipeline files, as for exec');
  addHarnessOptions(addWishOptions(addGivenOptions(named)))
    .optionsGroup('Options for a server:')
    .option('--silent', 'say nothing but what is wrong')
    .addOption(serverOption())
    .addOption(stateDirOption())
    .action(async (files: string[], flags: ExecFlags) => {
      const { load } = await import('../commands/load.ts');
      await settle(load(files, flags, world));
    });
};

export const describe: Define = (program, { settle, world }) => {
  command(program, 'describe', 'show what of a run is done, goes on, and comes', describeExamples)
    .argument('[run]', 'a run, or the beginning of its id', 'latest')
    .addOption(
      new Option('--server <url>', 'ask a server instead of looking at the runs of this machine'),
    )
    .addOption(stateDirOption())
    .addOption(formatOption())
    .action(async (run: string, flags: DescribeFlags) => {
      const { describe } = await import('../commands/describe.ts');
      await settle(describe(run, flags, world));
    });
};

const loadExamples = `Examples:
  continuo load pipeline.yaml        then: continuo describe, continuo resume --next
  continuo load -s API_TOKEN --setup up.yaml -y build.yaml --teardown down.yaml

The runs of a chain begin one after the other once the first has been told to go on. A server keeps what
they were given, secrets sealed, until they begin.`;

const describeExamples = `Examples:
  continuo describe
  continuo describe --format json | jq -r '.nodes[] | select(.state == "pending") | .name'`;
