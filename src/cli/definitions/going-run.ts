import { Argument, Option } from 'commander';

import { allChoices } from '../../event/question.ts';
import { gather } from '../option-values.ts';
import { command, stateDirOption } from './define.ts';

import type { Command } from 'commander';
import type { Choice } from '../../event/question.ts';
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
    const described = command(program, choice, about, answerExamples(choice))
      .argument('<step>', 'the step that asks')
      .argument('[run]', runArgument, 'latest');
    if (choice === 'approve') addInputOptions(described);
    addAnswerOptions(described).action(async (step: string, run: string, flags: AnswerRunFlags) => {
      const { answerRun } = await import('../commands/ask-run.ts');
      await settle(answerRun({ do: choice }, step, run, flags, world));
    });
  };

export const answer: Define = (program, { settle, world }) => {
  const about = 'answer what a run asks: what to do about a failure, or inputs';
  const described = command(program, 'answer', about, anyAnswerExamples)
    .argument('<step>', 'the step, service, group or stage that asks')
    .addArgument(new Argument('<choice>', 'one of those that it gives').choices(allChoices))
    .argument('[run]', runArgument, 'latest');
  addAnswerOptions(addInputOptions(described)).action(
    async (step: string, choice: Choice, run: string, flags: AnswerRunFlags) => {
      const { answerRun } = await import('../commands/ask-run.ts');
      await settle(answerRun({ do: 'answer', choice }, step, run, flags, world));
    },
  );
};

const addInputOptions = (described: Command): Command =>
  described
    .option('--input <name=value>', 'what it asks for besides (repeatable)', gather)
    .option(
      '--secret-input <name[=value]>',
      'the same, and never shown; without a value it is asked for, or read from standard input (repeatable)',
      gather,
    );

const addAnswerOptions = (described: Command): Command =>
  described.option('--comment <text>', 'why').addOption(serverOption()).addOption(stateDirOption());

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

const anyAnswerExamples = `Examples:
  continuo answer smoke retry        a step that failed is run once more
  continuo answer smoke ignore       or ignore, succeed, fail, abort
  continuo answer deploy give --input target=live
  continuo answer deploy give --secret-input token < token.txt`;
