import { key, noted, text } from '../common/values.ts';
import { anything, listOf, mapOf, open, someText, word, wholeNumber } from './values.ts';
import { timeout } from './timeouts.ts';

/** The schemas of what stands around the settings of a step, a group of steps and a stage. */

export const identifierPattern = /^[a-zA-Z_][0-9a-zA-Z_]{0,127}$/;
export const namePattern = /^[a-zA-Z_0-9.-][-0-9a-zA-Z_\s.]{0,127}$/;

const identifier = () =>
  key(
    text('an identifier'),
    'What expressions, hostnames and logs call it: letters, digits and `_`. Without it, one is made of the name.',
  );

const name = () => noted({ description: 'What people call it.' }, text('a name'));

const turnouts = ['Success', 'Failure', 'All'] as const;

const when = (status: 'stageStatus' | 'pipelineStatus') =>
  key(
    open(
      {
        [status]: noted(
          { description: 'How what stands before it must have gone.' },
          word(turnouts),
        ),
        condition: key(someText('an expression'), 'It is skipped unless this holds.'),
      },
      `a map with \`${status}\``,
    ),
    'When it runs. Without it: if all before it has succeeded.',
  );

export const strategyKinds = ['matrix', 'repeat', 'parallelism'] as const;

const strategy = () =>
  key(
    open(
      {
        matrix: key(anything(), 'A copy for each combination of the values of its axes.'),
        repeat: key(
          open(
            {
              times: key(wholeNumber('a number of copies', 0), 'How many copies there are.'),
              items: key(listOf(anything(), 'a list'), 'A copy for each of these.'),
              maxConcurrency: key(wholeNumber('a number, 1 or more', 1), 'How many run at once.'),
              start: key(wholeNumber('a number'), 'Not used here.'),
              end: key(wholeNumber('a number'), 'Not used here.'),
              unit: key(word(['Percentage', 'Count']), 'Not used here.'),
              partitionSize: key(wholeNumber('a number'), 'Not used here.'),
              nodeName: key(someText('a text'), 'What Harness shows for each copy.'),
            },
            'a map with `times` or `items`',
          ),
          'As many copies as it says, or one for each of its items.',
        ),
        parallelism: key(wholeNumber('a number of copies, 1 or more', 1), 'How many copies run.'),
        maxConcurrency: key(wholeNumber('a number, 1 or more', 1), 'How many run at once.'),
      },
      'a map with `matrix`, `repeat` or `parallelism`',
    ),
    'It stands for copies of itself, `_0`, `_1` and so on.',
  );

const failureStrategies = () =>
  key(
    listOf(
      open(
        {
          onFailure: noted(
            { description: 'What is done about which failures.' },
            open(
              {
                errors: noted({}, listOf(anything(), 'a list of kinds of errors')),
                action: noted(
                  {},
                  open(
                    {
                      type: key(anything(), 'What is done.'),
                      spec: key(anything(), 'Settings of it.'),
                    },
                    'a map with `type`',
                  ),
                ),
              },
              'a map with `errors` and `action`',
            ),
          ),
        },
        'a map with `onFailure`',
      ),
      'a list of `onFailure`',
    ),
    'What is done about failures. Of several, the first that is for it counts.',
  );

const common = (status: 'stageStatus' | 'pipelineStatus') => ({
  identifier: identifier(),
  name: name(),
  description: key(anything(), 'For people.'),
  when: when(status),
  failureStrategies: failureStrategies(),
  strategy: strategy(),
  timeout: key(timeout(), 'How long it may take.'),
  delegateSelectors: key(anything(), 'Not used here.'),
});

export const step = () =>
  open(
    {
      ...common('stageStatus'),
      type: noted({ description: 'What the step does.' }, text('the type of a step')),
      spec: noted({ description: 'Its settings.' }, open({}, 'a map of settings')),
      enforce: key(anything(), 'Not used here.'),
    },
    'a map with `identifier`, `name`, `type` and `spec`',
  );

export const variable = () =>
  open(
    {
      name: noted({ description: 'What it is called.' }, text('the name of a variable')),
      type: noted({ description: 'What it is.' }, word(['String', 'Number', 'Secret'])),
      value: key(anything(), 'Its value; of a secret, the identifier.'),
      default: key(anything(), 'Taken when there is no value.'),
      description: key(anything(), 'For people.'),
      required: key(anything(), 'Whether it must be given.'),
      execution: key(anything(), 'Not used here.'),
    },
    'a map with `name`, `type` and `value`',
  );

const variables = () =>
  key(listOf(variable(), 'a list of variables'), 'Variables of every step in it.');

export const group = () =>
  open(
    {
      ...common('stageStatus'),
      steps: noted({ description: 'What is in it.' }, listOf(anything(), 'a list of steps')),
      sharedPaths: key(listOf(someText('a path'), 'a list of paths'), 'As of the stage.'),
      variables: variables(),
      envVariables: key(mapOf(anything(), 'a map of variables'), 'Environment of its steps.'),
      stepGroupInfra: key(anything(), 'Not used here.'),
      type: key(anything(), 'Not used here.'),
    },
    'a map with `identifier`, `name` and `steps`',
  );

export const member = () =>
  open(
    {
      step: key(anything(), 'A step.'),
      stepGroup: key(anything(), 'Steps one after the other.'),
      parallel: key(listOf(anything(), 'a list of steps'), 'Steps at the same time.'),
      insert: key(anything(), 'Not used here.'),
    },
    'a map with `step`, `stepGroup` or `parallel`',
  );

export const stage = () =>
  open(
    {
      ...common('pipelineStatus'),
      type: noted({ description: 'What kind of stage it is.' }, text('the type of a stage')),
      spec: key(anything(), 'Its settings.'),
      tags: key(anything(), 'For people.'),
      variables: variables(),
      runMode: key(anything(), 'Not used here.'),
      skipCondition: key(anything(), 'Not used here.'),
      delegateSelectors: key(anything(), 'Not used here.'),
    },
    'a map with `identifier`, `name` and `type`',
  );

export const stageMember = () =>
  open(
    {
      stage: key(anything(), 'A stage.'),
      parallel: key(listOf(anything(), 'a list of stages'), 'Stages at the same time.'),
      insert: key(anything(), 'Not used here.'),
    },
    'a map with `stage` or `parallel`',
  );
