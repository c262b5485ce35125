import { addTests, noTests } from '../../event/tests.ts';

import type { TestCase, TestCounts, TestFile } from '../../event/tests.ts';

const maxCases = 5_000;
const maxNameLength = 500;
const maxMessageLength = 4_096;
/** Of all that is kept of one task's tests. */
const maxTotalLength = 2 * 1_024 * 1_024;

/** What is kept of the tests of one task; what is counted of them is never cut. */
export class Bounds {
  #cases = maxCases;
  #length = maxTotalLength;

  /** A report with as much detail as there is room for: what broke first, then the slowest. */
  take(file: string, cases: readonly TestCase[]): TestFile {
    const kept = new Set<TestCase>();
    for (const test of [...cases].sort(byInterest)) {
      if (this.#cases === 0 || this.#length <= 0) break;
      kept.add(test);
      this.#cases--;
      this.#length -= lengthOf(cut(test));
    }
    return {
      file,
      counts: countsOf(cases),
      cases: cases.filter((test) => kept.has(test)).map(cut),
    };
  }
}

const countsOf = (cases: readonly TestCase[]): TestCounts =>
  cases.reduce<TestCounts>(
    (sum, { outcome, seconds = 0 }) => addTests(sum, { ...noTests, [outcome]: 1, seconds }),
    noTests,
  );

const isBroken = ({ outcome }: TestCase): boolean => outcome === 'failed' || outcome === 'error';

const byInterest = (one: TestCase, other: TestCase): number =>
  Number(isBroken(other)) - Number(isBroken(one)) || (other.seconds ?? 0) - (one.seconds ?? 0);

function cut({ name, suite, classname, file, message, ...rest }: TestCase): TestCase {
  return {
    name: shortened(name, maxNameLength),
    ...(suite !== undefined && { suite: shortened(suite, maxNameLength) }),
    ...(classname !== undefined && { classname: shortened(classname, maxNameLength) }),
    ...(file !== undefined && { file: shortened(file, maxNameLength) }),
    ...rest,
    ...(message !== undefined && { message: shortened(message, maxMessageLength) }),
  };
}

const lengthOf = ({
  name,
  suite = '',
  classname = '',
  file = '',
  message = '',
}: TestCase): number =>
  100 + name.length + suite.length + classname.length + file.length + message.length;

/** What is cut off is told by an ellipsis. */
function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  // Half of a character that takes two would be left.
  return `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
