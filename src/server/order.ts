// What runners load of a schema library as well, they load at each start: its small form.
import * as z from 'zod/mini';

import { variableName } from '../base/variable-name.ts';

const name = z.string().check(z.regex(variableName, 'without = or blanks'));
const label = z.string().check(z.minLength(1), z.maxLength(200));
const path = z.string().check(z.minLength(1), z.maxLength(4_096));
const names = z.optional(z.array(label).check(z.maxLength(1_000)));
const flag = z.optional(z.boolean());

/** How a run is wished for: what `exec` has options for. */
const wishes = {
  name: z.optional(label).check(z.describe('what the run is called; absent: by its file')),
  variables: z._default(z.record(name, z.string()), {}),
  secrets: z
    ._default(z.record(name, z.string().check(z.minLength(1))), {})
    .check(
      z.describe(
        'variables that are never shown, and kept nowhere; those of a run that begins later (`load`, `after`) are sealed in its folder until it begins or is ended',
      ),
    ),
  executor: z._default(z.enum(['auto', 'host', 'docker']), 'auto'),
  pullPolicy: z
    .optional(z.enum(['Default', 'Always', 'IfNotPresent', 'Never']))
    .check(z.describe('when the images of steps are pulled that do not say')),
  plugins: z
    .optional(z.array(path).check(z.maxLength(100)))
    .check(z.describe('plugin files that every file goes through, in their order')),
  texts: z
    .optional(z.record(path, z.string()))
    .check(
      z.describe(
        'texts that are read in place of files, by the names that `plugins`, `inputFiles`, `templates` and `connectors` have for them; what is not among them is read in the workspace',
      ),
    ),
  approve: names.check(z.describe('approvals that are given: names or ids of steps, or `all`')),
  reject: names.check(z.describe('approvals that are refused')),
  break: names.check(
    z.describe('the run pauses before these: names or ids of steps, services and groups'),
  ),
  pauseOnFailure: flag.check(z.describe('the run pauses at the first failure, its services up')),
  keep: flag.check(z.describe('the containers of a failed run are left up')),
  input: z
    .optional(z.record(label, z.string()))
    .check(z.describe('for Harness: inputs by their names, or paths such as `db.image`')),
  inputFiles: z
    .optional(z.array(path).check(z.maxLength(100)))
    .check(z.describe('for Harness: files of inputs')),
  templates: z.optional(path).check(z.describe('for Harness: the folder of templates')),
  connectors: z.optional(path).check(z.describe('for Harness: the file of connectors')),
  strict: flag.check(z.describe('for Harness: a service that dies makes the run fail')),
  skipUnsupported: flag.check(z.describe('for Harness: steps that cannot run here are skipped')),
  ticket: z
    .optional(label)
    .check(
      z.describe(
        'a word of the client’s own: lists tell it of a run that is loaded, so that whoever got no answer finds what was taken',
      ),
    ),
  part: flag.check(
    z.describe(
      'of several runs that are given the same: names of steps that this one does not have are those of others',
    ),
  ),
  others: z
    .optional(z.array(path).check(z.maxLength(1_000)))
    .check(
      z.describe(
        'pipeline files of other runs that are given the same: a name of a step that neither this one nor any of them has is a mistake, unless one of them cannot be read yet',
      ),
    ),
};

/** What a client asks a run with. */
export const runRequest = z
  .strictObject({
    file: z
      .optional(path)
      .check(z.describe('the path of a pipeline file in the workspace, or its address')),
    text: z
      .optional(z.string().check(z.minLength(1)))
      .check(z.describe('a pipeline, instead of a file')),
    workspace: z
      .optional(path)
      .check(
        z.describe('where steps work: a folder in the workspace of the server; absent: that one'),
      ),
    ...wishes,
    load: z
      ._default(z.boolean(), false)
      .check(
        z.describe(
          'the pipeline is only read and checked; `resume` and its like let the run go on',
        ),
      ),
    after: z
      .optional(label)
      .check(
        z.describe(
          'another run: this one is read and begins once that has succeeded, and is cancelled when it ends otherwise',
        ),
      ),
    always: z
      ._default(z.boolean(), false)
      .check(z.describe('with `after`: this one begins however that ends')),
  })
  .check(
    z.refine(({ file, text }) => (file === undefined) !== (text === undefined), {
      error: 'give either `file` or `text`',
    }),
  );

export type RunRequest = z.output<typeof runRequest>;

/** What a runner is told on its standard input: nobody else can read that. */
export const order = z.strictObject({
  run: z.string(),
  stateDir: path,
  workspace: path,
  /** The workspace of the server, which nothing is read outside of. Absent where an older version has kept the order. */
  readsBelow: z.optional(path),
  /** Of the file that is run; absent when its text is given. */
  file: z.optional(path),
  text: z.optional(z.string()),
  /** Nothing of it begins before it is asked to go on. */
  load: z._default(z.boolean(), false),
  /** Where the server was asked for it. */
  served: z.optional(z.strictObject({ host: z.string(), port: z.int() })),
  /** It begins however the run ends that it begins after. */
  teardown: z.optional(z.boolean()),
  ...wishes,
});

export type Order = z.output<typeof order>;
