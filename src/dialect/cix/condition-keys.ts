import * as z from 'zod/mini';

import { key, list, map, noted, once, scalar, text } from '../common/values.ts';

/** The schema of what a step or group says about when it runs. */

interface OperatorRule {
  /** What it has to have; beside `x` stands `x-default`, which will do, too. */
  readonly wants: readonly string[];
  readonly mayHave: readonly string[];
}

const one: OperatorRule = { wants: ['value'], mayHave: ['value', 'value-default'] };
const two: OperatorRule = {
  wants: ['value', 'other'],
  mayHave: ['value', 'value-default', 'other', 'other-default'],
};
const among: OperatorRule = {
  wants: ['value', 'values'],
  mayHave: ['value', 'value-default', 'values'],
};
const patterns: OperatorRule = {
  wants: ['value', 'expressions'],
  mayHave: ['value', 'value-default', 'expressions', 'delimiter'],
};
const nested: OperatorRule = { wants: ['conditions'], mayHave: ['conditions'] };

/** Every operator, and the keys that go with it. */
export const operators = {
  IS_SET: one,
  IS_NOT_SET: one,
  EQ: two,
  NEQ: two,
  GT: two,
  GTE: two,
  LT: two,
  LTE: two,
  INCLUDES: two,
  NOT_INCLUDES: two,
  STARTS_WITH: two,
  ENDS_WITH: two,
  EXISTS: among,
  NOT_EXISTS: among,
  MATCHES: patterns,
  NOT_MATCHES: patterns,
  AND: nested,
  OR: nested,
} as const satisfies Readonly<Record<string, OperatorRule>>;

export type Operator = keyof typeof operators;

export const operatorNames = Object.keys(operators) as readonly Operator[];

export const isOperator = (name: string | undefined): name is Operator =>
  name !== undefined && Object.hasOwn(operators, name);

/** The keys that will do for a wanted one. */
export const alternatives = (wanted: string): readonly string[] =>
  wanted === 'value' || wanted === 'other' ? [wanted, `${wanted}-default`] : [wanted];

const expectedOperator = `an operator, such as \`EQ\`\none of ${operatorNames.map((name) => `\`${name}\``).join(', ')}`;
const expectedValue = 'a text\nwrite `""` for an empty text';

const value = (description: string, ...examples: readonly unknown[]) =>
  key(scalar(expectedValue), description, examples.length > 0 ? { examples } : {});

const listed = () =>
  map(
    {
      value: value('A text, in which `$$NAME` stands for the variable of the run.'),
      default: value(
        'Taken without `value`, or when that names a variable that the run does not have.',
      ),
    },
    'a map with `value`, and perhaps `default`\nwrite `- value: …`',
  ).check(
    z.refine((entry) => 'value' in entry || 'default' in entry, {
      params: { whole: true },
      error: 'needs `value` or `default`',
    }),
  );

/** What editors are told about the keys that go with each operator. */
const keysOfOperators = [one, two, among, patterns, nested].map((rule) => ({
  if: {
    required: ['operator'],
    properties: { operator: { enum: operatorNames.filter((name) => operators[name] === rule) } },
  },
  then: {
    allOf: rule.wants.map((wanted) => ({
      anyOf: alternatives(wanted).map((name) => ({ required: [name] })),
    })),
    propertyNames: { enum: ['operator', ...rule.mayHave] },
  },
}));

/** One condition, with all that are nested in it. */
const condition = once((): z.ZodMiniType =>
  noted(
    { id: 'condition', description: 'Something that must hold.', allOf: keysOfOperators },
    map(
      {
        operator: noted(
          { description: 'How the values are compared.' },
          z.enum(operatorNames, { error: expectedOperator }),
        ),
        value: value(
          'What is compared, in which `$$NAME` stands for the variable of the run.',
          '$$BRANCH',
        ),
        'value-default': value(
          'Taken without `value`, or when that names a variable that the run does not have.',
        ),
        other: value('What it is compared with.', 'main'),
        'other-default': value(
          'Taken without `other`, or when that names a variable that the run does not have.',
        ),
        values: key(
          list(listed(), 'a list of values\nwrite `- value: …` for each'),
          'The texts that `EXISTS` looks among.',
          { examples: [[{ value: 'main' }, { value: '$$OTHER', default: 'dev' }]] },
        ),
        expressions: value(
          'Regular expressions, parted by `delimiter`, of which one must match the whole of `value`.',
          'main,release-\\d+',
        ),
        delimiter: key(
          text('a text that parts the `expressions`'),
          'What parts the `expressions`, wherever it stands outside of brackets and parentheses.',
          { default: ',' },
        ),
        conditions: key(
          list(
            z.lazy(() => condition()),
            'a list of conditions\nwrite `- operator: …` for each',
          ),
          'What `AND` and `OR` are about.',
        ),
      },
      'a condition: a map with `operator`\nwrite `- operator: …`, and its values under it',
    ),
  ),
);

export const when = () =>
  key(
    z.array(condition(), { error: 'a list of conditions\nwrite `- operator: …` for each' }),
    'Conditions that must all hold when its turn comes; otherwise it is skipped, with all that is in it.',
    { examples: [[{ operator: 'EQ', value: '$$BRANCH', other: 'main' }]] },
  );
