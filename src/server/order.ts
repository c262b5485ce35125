// What runners load of a schema library as well, they load at each start: its small form.
import * as z from 'zod/mini';

const name = z.string().check(z.regex(/^[A-Za-z_]\w*$/, 'letters, digits and _, no digit first'));
const label = z.string().check(z.minLength(1), z.maxLength(200));
const path = z.string().check(z.minLength(1), z.maxLength(4_096));

const wishes = {
  name: z.optional(label).check(z.describe('what the run is called; absent: by its file')),
  variables: z._default(z.record(name, z.string()), {}),
  secrets: z
    ._default(z.record(name, z.string().check(z.minLength(1))), {})
    .check(z.describe('variables that are never shown; they are kept nowhere')),
  executor: z._default(z.enum(['auto', 'host', 'docker']), 'auto'),
};

/** What a client asks a run with. */
export const runRequest = z
  .strictObject({
    file: z.optional(path).check(z.describe('the path of a pipeline file in the workspace')),
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
  /** Of the file that is run; absent when its text is given. */
  file: z.optional(path),
  text: z.optional(z.string()),
  /** Nothing of it begins before it is asked to go on. */
  load: z._default(z.boolean(), false),
  /** Of plugin files, in their order. */
  plugins: z.optional(z.array(path)),
  pullPolicy: z.optional(z.enum(['Default', 'Always', 'IfNotPresent', 'Never'])),
  /** It begins however what it is linked to ends. */
  teardown: z.optional(z.boolean()),
  ...wishes,
});

export type Order = z.output<typeof order>;
