import { gather } from '../option-values.ts';
import { command, stateDirOption } from './define.ts';

import type { ServerFlags } from '../commands/server.ts';
import type { Define } from './define.ts';

export const server: Define = (program, { settle, world }) => {
  command(program, 'server', 'serve runs to programs and browsers', serverExamples)
    .option('--host <address>', 'where to listen', '127.0.0.1')
    .option('-p, --port <port>', 'the port; 0: any that is free', '10030')
    .option(
      '--allow-host <name>',
      'another name that it is asked by, such as that of a proxy, with its port if that is not the usual one (repeatable)',
      gather,
    )
    .option('--keep-runs <number>', 'how many runs are remembered, for 30 days', '10000')
    .option('-w, --workspace <folder>', 'where pipelines lie and run (default: the current folder)')
    .addOption(stateDirOption())
    .action(async (flags: ServerFlags) => {
      const { server } = await import('../commands/server.ts');
      await settle(server(flags, world));
    });
};

/** For the server alone. */
export const runner: Define = (program, { settle, world }) => {
  program
    .command('runner', { hidden: true })
    .argument('<run>')
    .action(async (run: string) => {
      const { runner } = await import('../commands/runner.ts');
      await settle(runner(run, world));
    });
};

const serverExamples = `Examples:
  continuo server
  token=$(cat ~/.local/state/continuo/server/token)
  curl -H "Authorization: Bearer $token" http://127.0.0.1:10030/api/v1/runs

It answers whoever has the token, which is made at the first start. At each start it prints a link that
makes one browser known to it. What it can be asked is told at /api/v1/openapi.json.`;
