import { mask } from './mask.ts';

import type { Recorder } from '../event/event.ts';
import type { Answer } from '../event/question.ts';

/**
 * What is told of an answer: everything but the values of its secrets. From here on those are masked
 * wherever else the run would show them.
 */
export function tellable(
  { by, comment, inputs, secrets = [] }: Answer,
  recorder: Pick<Recorder, 'hide'>,
): Pick<Answer, 'by' | 'comment' | 'inputs'> {
  const isHidden = (name: string, value: string) => secrets.includes(name) && value !== '';
  const given = Object.entries(inputs);
  const hidden = given.filter(([name, value]) => isHidden(name, value)).map(([, value]) => value);
  if (hidden.length > 0) recorder.hide(hidden);
  const told = given.map(([name, value]): [string, string] => [
    name,
    isHidden(name, value) ? mask : value,
  ]);
  return { by, ...(comment !== undefined && { comment }), inputs: Object.fromEntries(told) };
}
