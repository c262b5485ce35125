import { Option } from 'commander';

import { addHarnessOptions } from '../harness-options.ts';
import { loggingModes } from '../option-values.ts';
import { addRemoteOptions } from './remote.ts';
import { addGivenOptions, addWishOptions, command, stateDirOption } from './define.ts';

import type { ExecFlags } from '../commands/exec.ts';
import type { Format } from '../terminal/choose.ts';
import type { Define } from './define.ts';

export const exec: Define = (program, { settle, world }) => {
  const named = command(program, 'exec', 'run pipelines on this machine', execExamples).argument(
    '[file...]',
    'pipeline files; each runs when the one before it succeeded (default: cix.yaml, else .harness/pipeline.yaml)',
  );
  const defined = addWishOptions(addGivenOptions(named))
    .addOption(
      new Option('-l, --logging <mode>', 'where output goes besides the console').choices(
        loggingModes,
      ),
    )
    .option('-L, --logname <name>', 'the name of the log file')
    .option('-p, --logging-path <folder>', 'the folder of log files (default: logs)')
    .option('--silent', 'show nothing of the run: the exit code says it')
    .addOption(stateDirOption())
    .addOption(
      new Option('--format <format>', 'how to show the run; auto: live on a terminal, else plain')
        .choices(runFormats)
        .default('auto'),
    );
  addRemoteOptions(addHarnessOptions(defined)).action(async (files: string[], flags: ExecFlags) => {
    if (flags.remote === true || flags.nonBlocking === true || flags.remoteLogs === false) {
      const { execRemote } = await import('../commands/exec-remote.ts');
      return settle(execRemote(files, flags, world));
    }
    const commands = await import('../commands/exec.ts');
    await settle(commands.exec(files, flags, world));
  });
};

const runFormats = ['auto', 'plain', 'json'] as const satisfies readonly Format[];

const execExamples = `Examples:
  continuo exec pipeline.yaml
  continuo exec -e VERSION=1.4 -s API_TOKEN pipeline.yaml
  pass show db | continuo exec --secret-stdin DB_PASSWORD pipeline.yaml
  continuo exec --format json pipeline.yaml | jq -r .type
  continuo exec --break e2e-tests pipeline.yaml   # then: continuo resume
  continuo exec --remote pipeline.yaml            # Ctrl-C leaves it to the server
  continuo exec --setup up.yaml -y build.yaml -y test.yaml --teardown down.yaml

Several files are a chain. Those that are there are checked before anything runs, and read again when it
is their turn, so that one can write the next. The first that does not succeed ends the chain, but the
teardown runs in any case, after Ctrl-C as well; once more ends that, too.

.cixconfig.yaml, .cixconfig.json and .cixconfig in the current folder give what the command line does
not: pipelines, plugins, environment, secrets, prompted-secrets, logging.`;
