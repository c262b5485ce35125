import { command, formatOption, stateDirOption } from './define.ts';

import type { CleanFlags } from '../commands/clean.ts';
import type { LogsFlags } from '../commands/logs.ts';
import type { RunsFlags } from '../commands/runs.ts';
import type { TestsFlags } from '../commands/tests.ts';
import type { Define } from './define.ts';

export const logs: Define = (program, { settle, world }) => {
  command(program, 'logs', 'show what a run printed', logsExamples)
    .argument('[run]', 'a run, or the beginning of its id', 'latest')
    .argument('[step]', 'only what this step or service printed')
    .option('-f, --follow', 'go on while the run does')
    .option('-t, --timestamps', 'the time of each line before it')
    .addOption(stateDirOption())
    .addOption(formatOption())
    .action(async (run: string, step: string | undefined, flags: LogsFlags) => {
      const { logs } = await import('../commands/logs.ts');
      await settle(logs(run, step, flags, world));
    });
};

export const tests: Define = (program, { settle, world }) => {
  command(program, 'tests', 'show what the tests of a run came to', testsExamples)
    .argument('[run]', 'a run, or the beginning of its id', 'latest')
    .option('--json', 'the same as --format json')
    .addOption(stateDirOption())
    .addOption(formatOption())
    .action(async (run: string, flags: TestsFlags) => {
      const { tests } = await import('../commands/tests.ts');
      await settle(tests(run, flags, world));
    });
};

export const runs: Define = (program, { settle, world }) => {
  command(program, 'runs', 'list the runs that are remembered', runsExamples)
    .addOption(stateDirOption())
    .addOption(formatOption())
    .action(async (flags: RunsFlags) => {
      const { runs } = await import('../commands/runs.ts');
      await settle(runs(flags, world));
    });
};

export const clean: Define = (program, { settle, world }) => {
  command(program, 'clean', 'remove what dead runs left, and what was kept', cleanExamples)
    .argument('[run...]', 'only these runs, each by the beginning of its id')
    .option('-n, --dry-run', 'only say what there is')
    .option('--all', 'also what runs of other machines, dead or not, have on the engine')
    .addOption(stateDirOption())
    .addOption(formatOption())
    .action(async (ids: string[], flags: CleanFlags) => {
      const { clean } = await import('../commands/clean.ts');
      await settle(clean(ids, flags, world));
    });
};

const logsExamples = `Examples:
  continuo logs                      everything the latest run printed
  continuo logs latest db            only what db printed
  continuo logs 20261121-2 -t        a run by the beginning of its id, with times
  continuo logs -f                   follow the run that goes on now`;

const testsExamples = `Examples:
  continuo tests                     which tests of the latest run failed, and why
  continuo tests --json | jq -r 'select(.outcome == "failed") | .name'`;

const runsExamples = `Examples:
  continuo runs
  continuo runs --format json | jq -r 'select(.outcome == "failed") | .id'`;

const cleanExamples = `Examples:
  continuo clean --dry-run
  continuo clean --format json | jq -r 'select(.removed) | .run'`;
