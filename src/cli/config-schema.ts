import * as z from 'zod/mini';

import { variableName } from '../base/variable-name.ts';
import { key, map, scalar, text } from '../dialect/common/values.ts';

const expectedName = 'the name of a variable, without `=` or blanks';

const name = () =>
  z.string({ error: expectedName }).check(z.regex(variableName, { error: expectedName }));

const values = (whose: string) =>
  z.record(name(), scalar('a text\nwrite `""` for an empty text'), {
    error: `a map of ${whose}, such as \`{NAME: value}\``,
  });

const files = (expected: string) =>
  z.array(text('the name of a file'), { error: `a list of ${expected}\nwrite \`- FILE\`` });

/** The shape of a configuration file. */
export const configShape = () =>
  map(
    {
      pipelines: key(files('pipeline files'), 'What is run when the command line names no file.'),
      plugins: key(files('plugin files'), 'What is used when the command line names no plugin.'),
      environment: key(values('variables'), 'Variables, as `-e` gives them.'),
      secrets: key(values('secrets'), 'Secrets, as `-s` gives them.'),
      'prompted-secrets': key(
        z.array(name(), { error: 'a list of names\nwrite `- NAME`' }),
        'Secrets that are asked for, as by `--secret-prompt`.',
      ),
      logging: key(
        map(
          {
            mode: key(
              z.enum(['console', 'file', 'files'], { error: '`console`, `file` or `files`' }),
              'Where output goes, as `--logging` has it.',
            ),
            path: key(text('a folder'), 'The folder of log files, as `--logging-path` has it.'),
          },
          'a map with `mode` and `path`',
        ),
        'Where output goes besides the console.',
      ),
    },
    'a map with `pipelines`, `environment` and the like',
  );

/** A configuration file that has the right shape. */
export type WrittenConfig = z.infer<ReturnType<typeof configShape>>;
