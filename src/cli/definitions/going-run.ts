import { Option } from 'commander';

import { gather } from '../option-values.ts';
import { command, stateDirOption } from './define.ts';

import type { AnswerRunFlags, AskRunFlags, ResumeFlags } from '../commands/ask-run.ts';
import type { Define } from './define.ts';

export const pause: Define = (program, { settle, world }) => {
  command(program, 'pause', 'have a run begin nothing more', pauseExamples)
    .argument('[run]', runArgument, 'latest')
    .addOption(serverOption())
    .addOption(stateDirOption())
    .action(async (run: string, flags: AskRunFlags) => {
      const { askRun } = await import('../commands/ask-run.ts');
      await settle(askRun({ do: 'pause' }, run, flags, world));
    });
};

export const resume: Define = (program, { settle, world }) => {
  command(program, 'resume', 'let a paused run go on', resumeExamples)
    .argument('[run]', runArgument, 'latest')
    .addOption(new Option('--next', 'by one step, service or parallel group').conflicts('to'))
    .option('--to <step>', 'up to this one, and with it')
    .addOption(serverOption())
    .addOption(stateDirOption())
    .action(async (run: string, flags: ResumeFlags) => {
      const { resumeRun } = await import('../commands/ask-run.ts');
      await settle(resumeRun(run, flags, world));
    });
};

export const kill: Define = (program, { settle, world }) => {
  command(program, 'kill', 'end a run, cleaned up', killExamples)
    .argument('[run]', runArgument, 'latest')
    .addOption(serverOption())
    .addOption(stateDirOption())
    .action(async (run: string, flags: AskRunFlags) => {
      const { askRun } = await import('../commands/ask-run.ts');
      await settle(askRun({ do: 'kill' }, run, flags, world));
    });
};

const answering =
  (choice: 'approve' | 'reject'): Define =>
  (program, { settle, world }) => {
    const about = choice === 'approve' ? 'say yes to an approval' : 'say no to an approval';
    const answer = command(program, choice, about, answerExamples(choice))
      .argument('<step>', 'the step that asks')
      .argument('[run]', runArgument, 'latest')
      .option('--comment <text>', 'why')
      .addOption(serverOption())
      .addOption(stateDirOption());
    if (choice === 'approve')
      answer.option('--input <name=value>', 'what it asks for besides (repeatable)', gather);
    answer.action(async (step: string, run: string, flags: AnswerRunFlags) => {
      const { answerRun } = await import('../commands/ask-run.ts');
      await settle(answerRun(choice, step, run, flags, world));
    });
  };

export const approve = answering('approve');
export const reject = answering('reject');

const serverOption = (): Option =>
  new Option('--server <url>', 'ask a server for it, instead of a run of this machine');

const runArgument = 'a run that goes on, or the beginning of its id';

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
