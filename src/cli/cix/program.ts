import { Command, CommanderError } from 'commander';

import { version } from '../version.ts';
import { silenced } from '../world.ts';
import { exitCode } from '../exit-code.ts';
import { addLoadOptions, addPipelineOptions, addServerOptions } from './options.ts';
import { serverCommands } from './server-commands.ts';

import type { World } from '../world.ts';
import type { ExecFlags } from './exec.ts';
import type { ValidateFlags } from './validate.ts';
import type { InstallFlags } from './install.ts';
import type { CommonFlags } from './options.ts';

/** A command of CIX, and what carries it out. */
export interface CixCommand {
  readonly name: string;
  readonly about: string;
  /** Adds its own options. */
  options?(command: Command): Command;
  /** Answers what it came to, one of `exitCode`. */
  run(flags: CommonFlags, world: World): Promise<number> | number;
}

/**
 * Does what CIX's command line is asked, as Continuo does it; the result is the exit code. A command is
 * described only when it is called or all are shown.
 */
export async function runCixProgram(world: World, argv: readonly string[]): Promise<number> {
  let code: number = exitCode.ok;
  const program = new Command('cix')
    .description('Runs CIX pipelines. This is Continuo under the name and with the habits of CIX.')
    .version(version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .addHelpText('after', overview)
    .configureOutput({
      writeOut: (text) => world.stdout.write(text),
      writeErr: (text) => world.stderr.write(text),
    })
    .showHelpAfterError('(add --help for what there is)')
    .exitOverride();

  const all = [...localCommands, ...serverCommands];
  const called = all.filter(({ name }) => name === argv[0]);
  for (const cix of called.length > 0 ? called : all) {
    const command = program.command(cix.name).description(cix.about);
    addCommonOptions(cix.options?.(command) ?? command);
    // CIX says so: whichever of the two stands first.
    let isPlain = false;
    command.on('option:no-color', () => (isPlain = true));
    command.action(async (given: CommonFlags) => {
      const flags = isPlain ? { ...given, color: false } : given;
      code = await cix.run(flags, flags.silent === true ? silenced(world) : world);
    });
  }

  try {
    await program.parseAsync(withoutStutter(argv), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
  }
  return code;
}

const addRemote = (command: Command): Command =>
  addServerOptions(command).option('--remote', 'let a server do it');

/** What needs no server. Each is loaded when it is called. */
const localCommands: readonly CixCommand[] = [
  {
    name: 'exec',
    about: 'Executes pipelines.',
    options: (command) =>
      addRemote(addLoadOptions(command))
        .option('--non-blocking', 'with --remote: do not wait for the end')
        .option('--no-remote-logs', 'with --remote: do not show what the server tells'),
    async run(flags: ExecFlags, world) {
      const { exec } = await import('./exec.ts');
      return exec(flags, world);
    },
  },
  {
    name: 'validate',
    about: 'Finds every mistake in pipelines without executing them.',
    options: (command) => addRemote(addPipelineOptions(command)),
    async run(flags: ValidateFlags, world) {
      const { validate } = await import('./validate.ts');
      return validate(flags, world);
    },
  },
  {
    name: 'install',
    about: 'Puts cix on the PATH: writes a script that runs this installation, or says how else.',
    options: (command) => command.option('--location <location>', 'the folder to write it to'),
    async run(flags: InstallFlags, world) {
      const { install } = await import('./install.ts');
      return install(flags, world);
    },
  },
  {
    name: 'update',
    about: 'Says how to get the newest version.',
    run(_flags, { stdout }) {
      // A script that does it, like that of `install`.
      stdout.write('# cix is part of the npm package continuo:\nnpm install -g continuo@latest\n');
      return exitCode.ok;
    },
  },
];

const addCommonOptions = (command: Command): Command =>
  command
    .option('--color', 'colours, wherever the output goes')
    .option('--no-color', 'no colours, whatever else is said')
    .option('--silent', 'nothing but the exit code');

/** Wrappers of CIX have been called with the command twice, and it was always taken. */
const withoutStutter = ([first, second, ...rest]: readonly string[]): string[] =>
  [first, ...(first === 'exec' && second === 'exec' ? [] : [second]), ...rest].filter(
    (word) => word !== undefined,
  );

const overview = `
Examples:
  cix exec -y build.yaml -e VERSION=1.4
  cix exec --setup prepare.yaml -y build.yaml -y test.yaml --teardown cleanup.yaml
  cix validate -y build.yaml
  cix server &                       # then, from anywhere on this machine:
  cix load -y build.yaml && cix resume --to unit-tests && cix resume

Environment:
  LOG_LEVEL        what is logged: silly, debug, info (default), warn, error
  CONTINUO_TOKEN   what a server is shown; by default what one on this machine has made

Exit codes:
  0 succeeded   1 wrong usage   2 invalid pipeline   3 the pipeline failed
  4 no server   5 cannot run here   6 the server says no
  130 ended by INT   143 ended by TERM`;
