import type { Choice } from '../../event/question.ts';

/** What is on the button of a choice. */
export const choiceWords: Readonly<Record<Choice, string>> = {
  approve: 'Approve',
  reject: 'Reject',
  give: 'Give this',
  retry: 'Run it once more',
  ignore: 'Ignore the failure',
  succeed: 'Count it as succeeded',
  fail: 'Let it fail',
  abort: 'Abort the run',
};

/** What ends something, or says no. */
export const isHarsh = (choice: Choice): boolean => choice === 'reject' || choice === 'abort';
