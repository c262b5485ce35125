import * as z from 'zod/mini';

import { variableName } from '../../base/variable-name.ts';
import { maxCopies } from '../../plan/copies.ts';
import { flag, key, scalar, text } from '../common/values.ts';
import { amount } from './quantity-keys.ts';

/** The schemas of what repeats a step, a service or a group. */

const expectedLoop = `a number of copies: a whole number, ${maxCopies} at most`;
const expectedEach =
  'a list of texts, or one text in which commas part them\nwrite `[a, b]`, `a,b` or `$$NAMES`';

const nameOfVariable = (expected: string) =>
  text(expected).check(z.regex(variableName, { error: `${expected}, without \`=\` or blanks` }));

export const repeatKeys = () => ({
  loop: key(
    amount(expectedLoop, { least: 0, most: maxCopies }),
    'Repeats it so many times, as copies called `NAME-1`, `NAME-2` and so on; the first that fails is the last. None at all when it is 0.',
    { examples: [3, '$$TIMES'] },
  ),
  'for-each': key(
    z.union(
      [
        scalar(expectedEach),
        z.array(scalar('a text\nwrite `""` for an empty text, which is left out'), {
          error: expectedEach,
        }),
      ],
      { error: expectedEach },
    ),
    'Repeats it for each of these, as copies called `NAME-1`, `NAME-2` and so on: a list, or a text that commas part. Empty ones are left out.',
    { examples: [['a', 2], 'a,b', '$$NAMES'] },
  ),
  'counter-variable': key(
    nameOfVariable('the name of a variable'),
    'The variable that tells each copy which one it is, from 1: in its environment, and in texts as `$$NAME`.',
    { examples: ['COUNT'] },
  ),
  'element-variable': key(
    nameOfVariable('the name of a variable'),
    'The variable that tells each copy its element of `for-each`, in the same way. Required beside `for-each`.',
    { examples: ['ELEMENT'] },
  ),
});

/** A group says by it how its own items run, too. */
export const parallelCopies = () =>
  key(flag(), 'Whether the copies of `loop` or `for-each` run at the same time.', {
    default: false,
  });

/** The keys that are nothing without one of `loop` and `for-each`. */
export const ofRepeats = ['counter-variable', 'element-variable'] as const;

/** What editors are told about the keys that go together. */
export const repeatNotes = {
  dependentRequired: {
    'for-each': ['element-variable'],
    'element-variable': ['for-each'],
  },
  allOf: [
    { not: { required: ['loop', 'for-each'] } },
    {
      if: { required: ['counter-variable'] },
      then: { anyOf: [{ required: ['loop'] }, { required: ['for-each'] }] },
    },
  ],
};
