import { Command, CommanderError } from 'commander';

import { exec } from './definitions/exec.ts';
import { convert, schema, validate } from './definitions/files.ts';
import { answer, approve, kill, pause, reject, resume } from './definitions/going-run.ts';
import { describe, load } from './definitions/remote.ts';
import { clean, logs, runs, tests } from './definitions/runs.ts';
import { runner, server } from './definitions/server.ts';
import { exitCode } from './exit-code.ts';
import { version } from './version.ts';

import type { Define } from './definitions/define.ts';
import type { World } from './world.ts';

/** In the order in which they are shown. */
const definitions: ReadonlyMap<string, Define> = new Map(
  Object.entries({
    exec,
    validate,
    logs,
    describe,
    load,
    pause,
    resume,
    kill,
    approve,
    reject,
    answer,
    tests,
    runs,
    clean,
    server,
    runner,
    schema,
    convert,
  }),
);

/**
 * Does what Continuo is asked on the command line; the result is the exit code. A command is described
 * only when it is called or all are shown, and loaded only when it is called.
 */
export async function runProgram(world: World, argv: readonly string[]): Promise<number> {
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
  const called = argv[0] !== undefined && definitions.get(argv[0]);
  for (const define of called ? [called] : definitions.values()) define(program, { settle, world });
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCode.ok : exitCode.invalid;
  }
  return code;
}

const overview = `
Examples:
  continuo exec pipeline.yaml        run a pipeline, live on a terminal
  continuo validate pipeline.yaml    find every mistake in it
  continuo logs latest api           what the service api said in the latest run

Exit codes:
  0 succeeded   1 failed   2 wrong usage or invalid pipeline   3 cannot run here
  70 a bug in Continuo   129, 130, 143 ended by HUP, INT, TERM`;
