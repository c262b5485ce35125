import { z } from 'zod';

const name = z.string().regex(/^[A-Za-z_]\w*$/, 'letters, digits and _, no digit first');
const label = z.string().min(1).max(200);
const path = z.string().min(1).max(4_096);

const wishes = {
  name: label.optional().describe('what the run is called; absent: by its file'),
  variables: z.record(name, z.string()).default({}),
  secrets: z
    .record(name, z.string().min(1))
    .default({})
    .describe('variables that are never shown; they are kept nowhere'),
  executor: z.enum(['auto', 'host', 'docker']).default('auto'),
};

/** What a client asks a run with. */
export const runRequest = z
  .strictObject({
    file: path.optional().describe('the path of a pipeline file in the workspace'),
    text: z.string().min(1).optional().describe('a pipeline, instead of a file'),
    workspace: path
      .optional()
      .describe('where steps work: a folder in the workspace of the server; absent: that one'),
    ...wishes,
  })
  .refine(({ file, text }) => (file === undefined) !== (text === undefined), {
    message: 'give either `file` or `text`',
  });

export type RunRequest = z.output<typeof runRequest>;

/** What a runner is told on its standard input: nobody else can read that. */
export const order = z.strictObject({
  run: z.string(),
  stateDir: path,
  workspace: path,
  /** Of the file that is run; absent when its text is given. */
  file: path.optional(),
  text: z.string().optional(),
  ...wishes,
});

export type Order = z.output<typeof order>;
