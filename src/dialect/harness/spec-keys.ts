import * as z from 'zod/mini';

import { camelServiceKeys, needs } from '../common/service-keys.ts';
import { parseCpus } from '../common/quantities.ts';
import { key, noted, text } from '../common/values.ts';
import { parseMemory } from './memory.ts';
import {
  anything,
  flag,
  isExpression,
  listOf,
  mapOf,
  open,
  someText,
  textOrNumber,
  tolerant,
  wholeNumber,
  word,
} from './values.ts';
import { timeout } from './timeouts.ts';

/** The schemas of the settings of each type of step. */

export const shells = ['Sh', 'Bash', 'Powershell', 'Pwsh', 'Python'] as const;
export const pullPolicies = ['Always', 'IfNotPresent', 'Never'] as const;

const expectedUser = 'the number of a user';

export const runAsUser = () =>
  z.union(
    [
      z.int({ error: expectedUser }).check(z.gte(0, { error: expectedUser })),
      z
        .string()
        .check(
          z.refine((user) => /^\d*$/.test(user) || isExpression(user), { error: expectedUser }),
        ),
    ],
    { error: expectedUser },
  );

const expectedMemory = 'an amount of memory such as `512Mi`, `2Gi` or `500M`';

const memory = () =>
  tolerant(
    ({ tree }) =>
      tree.kind === 'scalar' && typeof tree.value === 'number'
        ? `put it in quotes: \`"${tree.text}"\``
        : undefined,
    textOrNumber(expectedMemory).check(
      z.refine(
        (amount) => isExpression(String(amount)) || parseMemory(String(amount)) !== undefined,
        {
          error: ({ input }) =>
            /\s/.test(String(input)) ? `${expectedMemory}\nwithout blanks` : expectedMemory,
        },
      ),
    ),
  );

const expectedCpus = 'a number of processors such as `0.5`, `2` or `400m`';

const cpu = () =>
  textOrNumber(expectedCpus).check(
    z.refine((amount) => isExpression(String(amount)) || parseCpus(String(amount)) !== undefined, {
      error: expectedCpus,
    }),
  );

const amounts = () =>
  open(
    { memory: key(memory(), 'Memory.'), cpu: key(cpu(), 'Processors.') },
    'a map with `memory` and `cpu`',
  );

const resources = () =>
  open(
    {
      limits: key(amounts(), 'What it may take at most.'),
      requests: key(amounts(), 'Not used here: only limits count.'),
    },
    'a map with `limits`',
  ).check(
    z.refine((map) => map.limits !== undefined || map.requests !== undefined, {
      params: { whole: true },
      error: 'needs `limits`\nsuch as `limits: {memory: 512Mi, cpu: 400m}`',
    }),
  );

const reports = () =>
  open(
    {
      type: noted({}, word(['JUnit'])),
      spec: noted(
        {},
        open(
          {
            paths: noted(
              {},
              listOf(
                someText('a path'),
                'a list of paths\nwrite each on a line of its own, after `- `',
              ),
            ),
          },
          'a map with `paths`',
        ),
      ),
    },
    'a map with `type: JUnit` and `spec`',
  );

const texts = (expected: string) =>
  z.union([z.array(someText('a text')), z.string()], { error: expected });

const environment = () =>
  z.union(
    [
      mapOf(z.union([someText('a text'), z.null()], { error: 'a text' }), 'a map of variables'),
      z.string().check(z.refine(isExpression)),
    ],
    { error: 'a map of variables\nsuch as `PORT: "8080"`' },
  );

const portBindings = () =>
  z.union(
    [
      mapOf(someText('a port'), 'a map'),
      z.string().check(z.refine((text) => text === '' || isExpression(text))),
    ],
    {
      error: 'a map from ports of the machine to ports of the container\nsuch as `"8080": "80"`',
    },
  );

/** What a container is told, whoever runs in it. */
const containerKeys = () => ({
  connectorRef: key(someText('a connector'), 'Where the image comes from, and who asks for it.'),
  registryRef: key(someText('a registry'), 'Not used here.'),
  image: key(
    z.union([z.string(), z.null()], { error: 'the name of an image' }),
    'What it runs in. Without it, on this machine.',
  ),
  envVariables: key(environment(), 'Its environment.'),
  privileged: key(flag(), 'Whether its container may do anything.'),
  runAsUser: key(runAsUser(), 'The user that it runs as in its container.'),
  imagePullPolicy: key(word(pullPolicies), 'When a registry is asked for the image.'),
  resources: key(resources(), 'What its container may take.'),
  networkAliases: key(texts('a list of names'), 'What else containers find it by.'),
  harnessManagedImage: key(anything(), 'Not used here.'),
  retry: key(anything(), 'Not used here.'),
});

const scriptKeys = () => ({
  shell: key(word(shells), 'What its command is written for.', { default: 'Sh' }),
  command: key(someText('a script'), 'What it runs, until a command of it fails.'),
  reports: key(reports(), 'Files that tell how tests went.'),
});

export const run = () =>
  open(
    {
      ...containerKeys(),
      ...scriptKeys(),
      outputVariables: key(
        listOf(
          open(
            {
              name: noted({}, text('the name of a variable')),
              type: key(word(['String', 'Secret', 'Number']), 'What it is.'),
              value: key(
                someText('the name of a variable of the script'),
                'What the script calls it.',
              ),
            },
            'a map with `name`',
          ),
          'a list of variables',
        ),
        'Variables of the script that others can read.',
      ),
      outputAlias: key(
        open(
          {
            key: noted({}, text('a name')),
            scope: noted({}, word(['Pipeline', 'Stage', 'StepGroup'])),
          },
          'a map with `key` and `scope`',
        ),
        'Another name of its outputs.',
      ),
      needs: needs(),
    },
    'a map with `command`',
  );

export const background = () =>
  open(
    {
      ...containerKeys(),
      ...scriptKeys(),
      entrypoint: key(
        texts('a list of words'),
        'What is started in place of what the image would.',
      ),
      args: key(texts('a list of words'), 'Arguments of what the image starts.'),
      portBindings: key(
        portBindings(),
        'Ports of the machine, and those of the container behind them.',
      ),
      ports: key(texts('a list of ports'), 'As `portBindings`, in one text each.'),
      outputVariables: key(anything(), 'Harness takes no notice of it.'),
      outputAlias: key(anything(), 'Harness takes no notice of it.'),
      needs: needs(),
      ...camelServiceKeys(),
    },
    'a map of settings',
  );

export const wait = () =>
  open({ duration: noted({ description: 'How long.' }, timeout()) }, 'a map with `duration`');

const approvers = () =>
  open(
    {
      minimumCount: key(
        wholeNumber('a whole number, 1 or more', 1),
        'How many must approve. Here it is one.',
      ),
      disallowPipelineExecutor: key(flag(), 'Not kept here.'),
      userGroups: key(texts('a list of groups'), 'Not looked at here.'),
      serviceAccounts: key(texts('a list of accounts'), 'Not looked at here.'),
      disallowedUserEmails: key(texts('a list of addresses'), 'Not looked at here.'),
    },
    'a map with `minimumCount` and `disallowPipelineExecutor`',
  );

export const approval = () =>
  open(
    {
      approvalMessage: key(someText('a text'), 'What is asked.'),
      includePipelineExecutionHistory: key(anything(), 'Not used here.'),
      isAutoRejectEnabled: key(anything(), 'Not used here.'),
      callbackId: key(anything(), 'Not used here.'),
      autoApproval: key(anything(), 'Not used here.'),
      approvers: key(approvers(), 'Whoever runs it answers, and one answer is enough.'),
      approverInputs: key(
        listOf(
          open(
            {
              name: noted({}, text('a name')),
              defaultValue: key(someText('a text'), 'Taken when nothing is answered.'),
              description: key(someText('a text'), 'What is asked for.'),
              required: key(flag(), 'Whether it must be answered.'),
              allowedValues: key(texts('a list of values'), 'One of these.'),
              selectOneFrom: key(texts('a list of values'), 'One of these.'),
              selectManyFrom: key(texts('a list of values'), 'Some of these.'),
              regex: key(text('a regular expression'), 'What it must match.'),
            },
            'a map with `name`',
          ),
          'a list of inputs',
        ),
        'What is asked for besides.',
      ),
    },
    'a map with `approvalMessage` and `approvers`',
  );
