import * as z from 'zod/mini';

import { variableName } from '../../base/variable-name.ts';
import { kebabServiceKeys, needs } from '../common/service-keys.ts';
import { flag, key, list, map, noted, once, scalar, text, textOrNumber } from '../common/values.ts';
import { attemptKeys } from './attempt-keys.ts';
import { when } from './condition-keys.ts';
import { commandWords, containerKeys, containerOnly, image } from './container-keys.ts';
import { files, importedFile, requests } from './imports-keys.ts';
import { parallelCopies, repeatKeys, repeatNotes } from './repeat-keys.ts';
import { registry } from './registry-keys.ts';

import type { $ZodType } from 'zod/v4/core';

/** The shape of a CIX 2.1 pipeline: what is checked, told to editors, and printed as reference. */

const namePattern = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;
const expectedName =
  'a name such as `build` or `unit-tests`\nletters, digits, `_`, `.` and `-`, beginning with a letter or a digit; 64 characters at most';

/** Whether a step may be called that. */
export const isStepName = (name: string): boolean => namePattern.test(name) && name.length <= 64;

const stepName = () =>
  z.union(
    [
      z
        .string({ error: expectedName })
        .check(
          z.regex(namePattern, { error: expectedName }),
          z.maxLength(64, { error: expectedName }),
        ),
      z.number({ error: expectedName }).check(z.gte(0, { error: expectedName })),
    ],
    { error: expectedName },
  );

const variable = () =>
  map(
    {
      name: noted(
        { description: 'What the step finds it under.' },
        text('the name of a variable').check(
          z.regex(variableName, { error: 'the name of a variable, without `=` or blanks' }),
        ),
      ),
      value: key(
        scalar('a text\nwrite `""` for an empty text'),
        'Its value, in which `$$NAME` stands for the variable of the run. Without it, the variable of the run that has the same name.',
        { examples: ['$$HOME/cache'] },
      ),
      default: key(
        scalar('a text\nwrite `""` for an empty text'),
        'Taken when `value` names a variable that the run does not have.',
      ),
    },
    'a map with `name`, and `value` or `default`\nwrite `- name: KEY`, and `value: …` under it',
  );

const commands = () =>
  list(
    z.union([z.string(), z.number(), z.boolean()], {
      error:
        'a command\na command with `: ` or ` #` in it goes in quotes, or after `|` on lines of its own',
    }),
    'a list of commands\nwrite each command on a line of its own, after `- `',
  );

const expectedUser = 'a user: a name or a number, perhaps with a group after a `:`';

const user = () =>
  z.union(
    [
      z
        .string({ error: expectedUser })
        .check(z.regex(/^([^\s:]+(:[^\s:]+)?)?$/, { error: expectedUser })),
      z.int({ error: expectedUser }).check(z.gte(0, { error: expectedUser })),
    ],
    { error: expectedUser },
  );

const wordsOfStep = () => ({
  name: noted(
    {
      description:
        'Unique among the steps and services: letters, digits, `_`, `.` and `-`, 64 at most.',
    },
    stepName(),
  ),
  commands: key(
    commands(),
    'What the step runs, as one script that ends at the first command that fails. Required without `arguments` and `image`.',
    { examples: [['npm ci', 'npm test']] },
  ),
  arguments: commandWords(),
  'commands-shell': key(
    text('an interpreter, such as `/bin/bash`'),
    'The interpreter of the commands and its arguments, parted by blanks.',
    { default: '/bin/sh', examples: ['/bin/bash -x', 'node'] },
  ),
  'commands-output': key(
    z.enum(['timestamp', 'echo', 'minimal'], { error: '`timestamp`, `echo` or `minimal`' }),
    'What is told before each command: the time and the command, the command, or nothing.',
    { default: 'timestamp' },
  ),
  environment: key(
    z.array(variable(), {
      error: 'a list of variables\nwrite `- name: KEY`, and `value: …` under it',
    }),
    'The variables that the step gets. No other variable of the run reaches it.',
    { examples: [[{ name: 'TOKEN' }, { name: 'PORT', value: 8080 }]] },
  ),
  'working-dir': key(
    text('a directory'),
    'Where the step runs: relative to the workspace unless absolute.',
    { examples: ['web'] },
  ),
  user: key(user(), 'Whom the step runs as. An empty text is as good as none.', {
    examples: ['nobody', '1000:1000'],
  }),
  image: image(),
});

const turnOfStep = () => ({
  parallel: parallelCopies(),
  needs: needs(),
  background: key(
    flag(),
    'Makes the step a service: it is started in its place and runs on under the steps that follow.',
    { default: false },
  ),
});

const stepKeys = () => ({
  ...wordsOfStep(),
  ...containerKeys(),
  ...attemptKeys(),
  when: when(),
  ...repeatKeys(),
  ...turnOfStep(),
  ...kebabServiceKeys(),
});

/** The keys that only a step may have, or only a service. */
export const stepOnly = ['timeout', 'retry', 'continue-on-fail'] as const;
export const serviceOnly = ['ready', 'on-exit', 'stop', 'scope'] as const;

const forbid = (keys: readonly string[]): object => ({
  not: { anyOf: keys.map((name) => ({ required: [name] })) },
});

const expectedStep = 'a map with `name` and `commands`';

const step = () => map(stepKeys(), expectedStep);

/** The keys of steps that few have, with what makes them. */
const rareKeys: readonly { readonly names: readonly string[]; readonly make: () => object }[] = [
  {
    names: [
      ...['entrypoint', 'hostname', 'ports', 'volumes', 'privileged', 'workspace-mount-point'],
      ...['pull-policy', 'memory', 'cpus'],
    ],
    make: once(containerKeys),
  },
  { names: ['timeout', 'retry', 'continue-on-fail'], make: once(attemptKeys) },
  { names: ['when'], make: once(() => ({ when: when() })) },
  {
    names: ['loop', 'for-each', 'counter-variable', 'element-variable'],
    make: once(repeatKeys),
  },
  { names: ['parallel', 'needs', 'background'], make: once(turnOfStep) },
  { names: ['ready', 'stop', 'scope', 'on-exit'], make: once(kebabServiceKeys) },
];

const usualKeys = once(wordsOfStep);
const stepsOf = new Map<string, ReturnType<typeof step>>();

/**
 * The shape of a step that has these keys, beside `levels`. Of the others it knows the names only: to
 * make a schema takes longer than to read a step.
 */
export function stepWith(present: readonly string[]): ReturnType<typeof step> {
  const rare = rareKeys.filter(({ names }) => names.some((name) => present.includes(name)));
  const kind = rare.map(({ names }) => names[0]).join(' ');
  const made = stepsOf.get(kind);
  if (made) return made;
  const known = [...Object.keys(usualKeys()), ...rareKeys.flatMap(({ names }) => names)];
  const shape = Object.assign({}, usualKeys(), ...rare.map(({ make }) => make())) as ReturnType<
    typeof stepKeys
  >;
  const schema = map(shape, expectedStep, known);
  stepsOf.set(kind, schema);
  return schema;
}

/** What is launched is either a script or words. */
const notBeside = {
  not: {
    required: ['commands'],
    anyOf: [{ required: ['arguments'] }, { required: ['entrypoint'] }],
  },
};

const stepNotes = {
  description: 'One step, or, with `background: true`, one service.',
  anyOf: [{ required: ['commands'] }, { required: ['arguments'] }, { required: ['image'] }],
  ...notBeside,
  allOf: repeatNotes.allOf,
  dependentRequired: {
    ...Object.fromEntries(containerOnly.map((name) => [name, ['image']])),
    ...repeatNotes.dependentRequired,
  },
  if: { required: ['background'], properties: { background: { const: true } } },
  then: forbid(stepOnly),
  else: forbid(serviceOnly),
};

/** A group, whose items are checked by `item`. */
const group = <S extends $ZodType>(item: S) =>
  map(
    {
      name: noted({ description: 'Unique among the groups.' }, textOrNumber('a name')),
      parallel: key(
        flag(),
        'Whether its items run at the same time, and not one after the other; and its copies, when it has `loop` or `for-each`.',
        { default: false },
      ),
      pipeline: noted(
        { description: 'The steps, services and groups in it.' },
        list(item, 'a list of `step`, `steps` and `import`'),
      ),
      ...attemptKeys(),
      when: when(),
      ...repeatKeys(),
    },
    'a map with `name` and `pipeline`\nthe list of its items stands under `pipeline:`, beside `name:`',
  );

const item = <S extends $ZodType, G extends $ZodType, I extends $ZodType>(
  ofStep: S,
  ofGroup: G,
  ofImport: I,
) =>
  map(
    {
      step: key(ofStep, 'A step or a service.'),
      steps: key(ofGroup, 'A group of steps.'),
      import: key(
        ofImport,
        'What other files hold, one after the other: `lib` for a whole pipeline, `lib.section` for one section of a library.',
        {
          examples: [
            ['lib.setup', { 'lib.tests': { environment: [{ name: 'LEVEL', value: 2 }] } }],
          ],
        },
      ),
    },
    'a map with `step`, `steps` or `import`\nwrite `- step:`, and its keys under it',
  );

const itemNotes = {
  oneOf: [{ required: ['step'] }, { required: ['steps'] }, { required: ['import'] }],
};

const version = () =>
  noted(
    { description: 'The version of the language.' },
    z.union([z.literal(2.1), z.literal('2.1')], { error: '`2.1`' }),
  );

const pipeline = <V extends $ZodType, S extends $ZodType, R extends $ZodType, I extends $ZodType>(
  ofVersion: V,
  item: S,
  ofRegistry: R,
  ofImport: I,
) =>
  map(
    {
      version: ofVersion,
      kind: key(z.literal('Pipeline', { error: '`Pipeline`' }), 'What the file is.', {
        default: 'Pipeline',
      }),
      pipeline: noted(
        { description: 'What is done, in this order.' },
        list(item, 'a list of `step`, `steps` and `import`'),
      ),
      registry: key(
        z.record(z.string(), ofRegistry, { error: 'a map of registries' }),
        'Registries that images come from, by their host (`ghcr.io`, `localhost:5000`) or by an alias of it: the first part of the names of images.',
      ),
      imports: files(ofImport),
    },
    'a map with `version` and `pipeline`',
  );

const anything = z.unknown();

/**
 * Each level of a file by itself, so that a mistake in one place hides none in another. Made when it is
 * asked for: most files have no registry, and to make a schema takes longer than to read a file.
 */
export const levels = once(() =>
  lazily({
    pipeline: () => pipeline(version(), anything, anything, anything),
    /** A pipeline that another file imports. */
    imported: () => pipeline(z.optional(version()), anything, anything, anything),
    registry,
    imports: () => z.object({ imports: files(anything) }),
    importedFile,
    requests: () => requests(variable()),
    item: () => item(anything, anything, anything),
    group: () => group(anything),
  }),
);

/** Values that are made when they are asked for, once. */
function lazily<M extends Readonly<Record<string, () => unknown>>>(
  makers: M,
): { readonly [K in keyof M]: ReturnType<M[K]> } {
  const made = {};
  for (const [name, make] of Object.entries(makers))
    Object.defineProperty(made, name, { get: once(make), enumerable: true });
  return made as { readonly [K in keyof M]: ReturnType<M[K]> };
}

/** The whole of a file at once. */
export const whole = once(() => {
  const anyItem: z.ZodMiniType = z.lazy(() =>
    noted(
      { id: 'item', ...itemNotes },
      item(
        aStep,
        z.lazy(() => aGroup),
        requests(variable()),
      ),
    ),
  );
  const aStep = noted({ id: 'step', ...stepNotes }, step());
  const aGroup = noted(
    { id: 'steps', description: 'A group of steps.', ...repeatNotes },
    group(anyItem),
  );
  const aRegistry = noted(
    { dependentRequired: { username: ['password'], password: ['username'] } },
    registry(),
  );
  return pipeline(version(), anyItem, aRegistry, importedFile());
});

/** A step that has the right shape. */
export type WrittenStep = z.infer<ReturnType<typeof step>>;

/** The keys of steps that groups do not have. */
export const notOfGroups = (): readonly string[] => {
  const ofGroups = Object.keys(group(anything).shape);
  return Object.keys(stepKeys()).filter((name) => !ofGroups.includes(name));
};
