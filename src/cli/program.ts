import { Argument, Command, CommanderError, Option } from 'commander';

import { addHarnessOptions } from './harness-options.ts';
import { exitCode } from './exit-code.ts';
import { gather, loggingModes, pullPolicies } from './option-values.ts';
import { version } from './version.ts';

import type { AskRunFlags, ResumeFlags, AnswerRunFlags } from './commands/ask-run.ts';
import type { CleanFlags } from './commands/clean.ts';
import type { ConvertFlags } from './commands/convert.ts';
import type { ExecFlags } from './commands/exec.ts';
import type { ExecutorChoice } from './executors.ts';
import type { LogsFlags } from './commands/logs.ts';
import type { RunsFlags } from './commands/runs.ts';
import type { SchemaLanguage } from './commands/schema.ts';
import type { ServerFlags } from './commands/server.ts';
import type { TestsFlags } from './commands/tests.ts';
import type { ValidateFlags } from './commands/validate.ts';
import type { Format } from './terminal/choose.ts';
import type { World } from './world.ts';

/** The command line, and what its command came to once it was parsed. */
export interface Program {
  run(argv: readonly string[]): Promise<number>;
}

/** Everything that Continuo can be asked on the command line. Loads a command when it is called. */
export function buildProgram(world: World): Program {
  let code: number = exitCode.ok;
  const settle = async (command: Promise<number>): Promise<void> => {
    code = await command;
  };
  const program = new Command('continuo')
    .description(
      'Runs pipelines whose background services are started, awaited, watched and stopped.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .addHelpText('after', overview)
    .configureOutput({
      writeOut: (text) => world.stdout.write(text),
      writeErr: (text) => world.stderr.write(text),
    })
    .showHelpAfterError('(add --help for what there is)')
    .exitOverride();

  const exec = command(program, 'exec', 'run pipelines on this machine', execExamples)
    .argument(
      '[file...]',
      'pipeline files; each runs when the one before it succeeded (default: cix.yaml, else .harness/pipeline.yaml)',
    )
    .option('-y, --yaml <file>', 'one more of them (repeatable)', gather)
    .option('--setup <file>', 'a pipeline file that runs before them')
    .option('--teardown <file>', 'one that runs after them, whatever became of them')
    .option('-a, --pipeline-alias <name>', 'what the run is called (default: by its file)')
    .option('-c, --configfile <file>', 'the configuration, instead of .cixconfig{.yaml,.json,}')
    .option('-e, --env <name[=value]>', 'a variable for steps that name it (repeatable)', gather)
    .option('-s, --secret <name[=value]>', 'the same, and never shown (repeatable)', gather)
    .option('--secret-stdin <name>', 'a secret, all of standard input')
    .option('--secrets-stdin', 'secrets, a JSON object on standard input')
    .option('--secret-prompt <name>', 'a secret, asked for on the terminal (repeatable)', gather)
    .option('--plugin <file>', 'a plugin that every file goes through (repeatable)', gather)
    .option('-w, --workspace <folder>', 'where steps work (default: the current folder)')
    .addOption(
      new Option('-P, --pull-policy <policy>', 'when to pull the images of steps that do not say')
        .choices(pullPolicies)
        .default('Default'),
    )
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
    .option('--keep', 'leave the containers of a failed run up, and say how to get in')
    .addOption(
      new Option('--format <format>', 'how to show the run; auto: live on a terminal, else plain')
        .choices(runFormats)
        .default('auto'),
    );
  addHarnessOptions(exec).action(async (files: string[], flags: ExecFlags) => {
    const commands = await import('./commands/exec.ts');
    await settle(commands.exec(files, flags, world));
  });

  const validate = command(
    program,
    'validate',
    'check pipeline files without running them',
    validateExamples,
  )
    .argument('[file...]', 'pipeline files (default: cix.yaml, else .harness/pipeline.yaml)')
    .option('-y, --yaml <file>', 'one more of them (repeatable)', gather)
    .option('--setup <file>', 'one more, that is to run before them')
    .option('--teardown <file>', 'one more, that is to run after them')
    .option('-c, --configfile <file>', 'the configuration, instead of .cixconfig{.yaml,.json,}')
    .option('-e, --env <name[=value]>', 'a variable of the run (repeatable)', gather)
    .option('-s, --secret <name[=value]>', 'the same, and never shown (repeatable)', gather)
    .option('--plugin <file>', 'a plugin that every file goes through (repeatable)', gather)
    .option('-w, --workspace <folder>', 'as for exec')
    .addOption(new Option('--executor <place>', 'as for exec').choices(executorChoices))
    .addOption(formatOption());
  addHarnessOptions(validate).action(async (files: string[], flags: ValidateFlags) => {
    const commands = await import('./commands/validate.ts');
    await settle(commands.validate(files, flags, world));
  });

  command(program, 'logs', 'show what a run printed', logsExamples)
    .argument('[run]', 'a run, or the beginning of its id', 'latest')
    .argument('[step]', 'only what this step or service printed')
    .option('-f, --follow', 'go on while the run does')
    .option('-t, --timestamps', 'the time of each line before it')
    .addOption(stateDirOption())
    .addOption(formatOption())
    .action(async (run: string, step: string | undefined, flags: LogsFlags) => {
      const { logs } = await import('./commands/logs.ts');
      await settle(logs(run, step, flags, world));
    });

  command(program, 'pause', 'have a run begin nothing more', pauseExamples)
    .argument('[run]', runArgument, 'latest')
    .addOption(stateDirOption())
    .action(async (run: string, flags: AskRunFlags) => {
      const { askRun } = await import('./commands/ask-run.ts');
      await settle(askRun({ do: 'pause' }, run, flags, world));
    });

  command(program, 'resume', 'let a paused run go on', resumeExamples)
    .argument('[run]', runArgument, 'latest')
    .addOption(new Option('--next', 'by one step, service or parallel group').conflicts('to'))
    .option('--to <step>', 'up to this one, and with it')
    .addOption(stateDirOption())
    .action(async (run: string, flags: ResumeFlags) => {
      const { resumeRun } = await import('./commands/ask-run.ts');
      await settle(resumeRun(run, flags, world));
    });

  command(program, 'kill', 'end a run, cleaned up', killExamples)
    .argument('[run]', runArgument, 'latest')
    .addOption(stateDirOption())
    .action(async (run: string, flags: AskRunFlags) => {
      const { askRun } = await import('./commands/ask-run.ts');
      await settle(askRun({ do: 'kill' }, run, flags, world));
    });

  for (const choice of ['approve', 'reject'] as const) {
    const about = choice === 'approve' ? 'say yes to an approval' : 'say no to an approval';
    const answer = command(program, choice, about, answerExamples(choice))
      .argument('<step>', 'the step that asks')
      .argument('[run]', runArgument, 'latest')
      .option('--comment <text>', 'why')
      .addOption(stateDirOption());
    if (choice === 'approve')
      answer.option('--input <name=value>', 'what it asks for besides (repeatable)', gather);
    answer.action(async (step: string, run: string, flags: AnswerRunFlags) => {
      const { answerRun } = await import('./commands/ask-run.ts');
      await settle(answerRun(choice, step, run, flags, world));
    });
  }

  command(program, 'tests', 'show what the tests of a run came to', testsExamples)
    .argument('[run]', 'a run, or the beginning of its id', 'latest')
    .option('--json', 'the same as --format json')
    .addOption(stateDirOption())
    .addOption(formatOption())
    .action(async (run: string, flags: TestsFlags) => {
      const { tests } = await import('./commands/tests.ts');
      await settle(tests(run, flags, world));
    });

  command(program, 'runs', 'list the runs that are remembered', runsExamples)
    .addOption(stateDirOption())
    .addOption(formatOption())
    .action(async (flags: RunsFlags) => {
      const { runs } = await import('./commands/runs.ts');
      await settle(runs(flags, world));
    });

  command(program, 'clean', 'remove what dead runs left, and what was kept', cleanExamples)
    .argument('[run...]', 'only these runs, each by the beginning of its id')
    .option('-n, --dry-run', 'only say what there is')
    .option('--all', 'also what runs of other machines, dead or not, have on the engine')
    .addOption(stateDirOption())
    .addOption(formatOption())
    .action(async (ids: string[], flags: CleanFlags) => {
      const { clean } = await import('./commands/clean.ts');
      await settle(clean(ids, flags, world));
    });

  command(program, 'server', 'serve runs to programs and browsers', serverExamples)
    .option('--host <address>', 'where to listen', '127.0.0.1')
    .option('-p, --port <port>', 'the port; 0: any that is free', '10030')
    .option(
      '--allow-host <name>',
      'another name that it is asked by, such as that of a proxy (repeatable)',
      gather,
    )
    .option('--keep-runs <number>', 'how many runs are remembered, for 30 days', '10000')
    .option('-w, --workspace <folder>', 'where pipelines lie and run (default: the current folder)')
    .addOption(stateDirOption())
    .action(async (flags: ServerFlags) => {
      const { server } = await import('./commands/server.ts');
      await settle(server(flags, world));
    });

  program
    .command('runner', { hidden: true })
    .argument('<run>')
    .action(async (run: string) => {
      const { runner } = await import('./commands/runner.ts');
      await settle(runner(run, world));
    });

  command(program, 'schema', 'print the JSON Schema of pipeline files', schemaExamples)
    .addArgument(
      new Argument('[language]', 'that they are written in')
        .choices(schemaLanguages)
        .default('cix' satisfies SchemaLanguage),
    )
    .action(async (language: SchemaLanguage) => {
      const { schema } = await import('./commands/schema.ts');
      await settle(schema(language, world));
    });

  const convert = command(
    program,
    'convert',
    'write a pipeline in the other language',
    convertExamples,
  )
    .argument('<file>', 'a pipeline file')
    .addOption(
      new Option('--to <language>', 'the language that it is to be in')
        .choices(schemaLanguages)
        .makeOptionMandatory(),
    )
    .option('-o, --output <file>', 'where it is written (default: standard output)')
    .option('--force', 'overwrite that file')
    .option(
      '-e, --env <name[=value]>',
      'a variable that says where imports are (repeatable)',
      gather,
    )
    .option('-w, --workspace <folder>', 'as for exec');
  addHarnessOptions(convert).action(async (file: string, flags: ConvertFlags) => {
    const commands = await import('./commands/convert.ts');
    await settle(commands.convert(file, flags, world));
  });

  return {
    async run(argv) {
      try {
        await program.parseAsync([...argv], { from: 'user' });
      } catch (error) {
        if (!(error instanceof CommanderError)) throw error;
        return error.exitCode === 0 ? exitCode.ok : exitCode.invalid;
      }
      return code;
    },
  };
}

function command(program: Command, name: string, about: string, examples: string): Command {
  return program
    .command(name)
    .description(about)
    .option('--color', 'colours, wherever the output goes')
    .option('--no-color', 'no colours')
    .addHelpText('after', `\n${examples}`);
}

const runArgument = 'a run that goes on, or the beginning of its id';

const stateDirOption = (): Option =>
  new Option(
    '--state-dir <folder>',
    'where runs are remembered (default: CONTINUO_STATE_DIR, else continuo in the state folder)',
  );

const formatOption = (): Option =>
  new Option('--format <format>', 'for people or for programs')
    .choices(['text', 'json'])
    .default('text');

const executorChoices = ['auto', 'host', 'docker'] as const satisfies readonly ExecutorChoice[];

const schemaLanguages = ['cix', 'harness'] as const satisfies readonly SchemaLanguage[];

const runFormats = ['auto', 'plain', 'json'] as const satisfies readonly Format[];

const overview = `
Examples:
  continuo exec pipeline.yaml        run a pipeline, live on a terminal
  continuo validate pipeline.yaml    find every mistake in it
  continuo logs latest api           what the service api said in the latest run

Exit codes:
  0 succeeded   1 failed   2 wrong usage or invalid pipeline   3 cannot run here
  130 ended by INT   143 ended by TERM`;

const execExamples = `Examples:
  continuo exec pipeline.yaml
  continuo exec -e VERSION=1.4 -s API_TOKEN pipeline.yaml
  pass show db | continuo exec --secret-stdin DB_PASSWORD pipeline.yaml
  continuo exec --format json pipeline.yaml | jq -r .type
  continuo exec --break e2e-tests pipeline.yaml   # then: continuo resume
  continuo exec --setup up.yaml -y build.yaml -y test.yaml --teardown down.yaml

Several files are a chain. Those that are there are checked before anything runs, and read again when it
is their turn, so that one can write the next. The first that does not succeed ends the chain, but the
teardown runs in any case, after Ctrl-C as well; once more ends that, too.

.cixconfig.yaml, .cixconfig.json and .cixconfig in the current folder give what the command line does
not: pipelines, plugins, environment, secrets, prompted-secrets, logging.`;

const validateExamples = `Examples:
  continuo validate pipeline.yaml
  continuo validate --format json ci/*.yaml`;

const logsExamples = `Examples:
  continuo logs                      everything the latest run printed
  continuo logs latest db            only what db printed
  continuo logs 20261121-2 -t        a run by the beginning of its id, with times
  continuo logs -f                   follow the run that goes on now`;

const pauseExamples = `Examples:
  continuo pause                     what runs goes on, services stay up
  continuo pause 20261121-2          a run by the beginning of its id`;

const resumeExamples = `Examples:
  continuo resume                    to the end
  continuo resume --next             by one, and pause again
  continuo resume --to deploy        up to and including a step`;

const killExamples = `Examples:
  continuo kill                      services stop, everything is removed
  continuo kill && continuo kill     the second one waits for no grace`;

const answerExamples = (choice: 'approve' | 'reject'): string => `Examples:
  continuo ${choice} deploy
  continuo ${choice} deploy --comment "${choice === 'approve' ? 'looks fine' : 'not on a Friday'}"${
    choice === 'approve' ? '\n  continuo approve deploy --input target=live' : ''
  }`;

const testsExamples = `Examples:
  continuo tests                     which tests of the latest run failed, and why
  continuo tests --json | jq -r 'select(.outcome == "failed") | .name'`;

const runsExamples = `Examples:
  continuo runs
  continuo runs --format json | jq -r 'select(.outcome == "failed") | .id'`;

const cleanExamples = `Examples:
  continuo clean --dry-run
  continuo clean --format json | jq -r 'select(.removed) | .run'`;

const serverExamples = `Examples:
  continuo server
  token=$(cat ~/.local/state/continuo/server/token)
  curl -H "Authorization: Bearer $token" http://127.0.0.1:10030/api/v1/runs

It answers whoever has the token, which is made at the first start. At each start it prints a link that
makes one browser known to it. What it can be asked is told at /api/v1/openapi.json.`;

const schemaExamples = `Examples:
  continuo schema > pipeline.schema.json
  continuo schema harness > harness.schema.json
  # then, on top of a pipeline: # yaml-language-server: $schema=pipeline.schema.json`;

const convertExamples = `Examples:
  continuo convert .harness/pipeline.yaml --to cix -o cix.yaml
  continuo convert cix.yaml --to harness > pipeline.yaml

What the other language cannot say is told on standard error, each with its place; the rest runs alike. Comments
are not carried over. Imports, templates and strategies are written out.`;
