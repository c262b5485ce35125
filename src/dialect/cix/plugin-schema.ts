import * as z from 'zod/mini';

import { key, list, map, noted, scalar, text } from '../common/values.ts';

import type { KeyHint } from '../common/shape.ts';

/** The shape of a plugin file, of version 2.4 of CIX. */

const preprocessor = () =>
  map(
    {
      image: key(
        text('an image'),
        'Its container gets the text of each pipeline file on standard input, and prints the text that is read instead.',
        { examples: ['ghcr.io/acme/expand:2'] },
      ),
      command: key(
        list(scalar('a word'), 'a command as a list of words, such as `[envsubst]`'),
        'The same as a command of this machine, word by word.',
        { examples: [['sed', 's/staging/production/']] },
      ),
      commands: key(
        list(
          scalar('a command'),
          'a list of commands\nwrite each on a line of its own, after `- `',
        ),
        'The same as commands of this machine, as `/bin/sh` runs them.',
      ),
    },
    'a map with `image`, or with `command` or `commands` of this machine',
  );

export const pluginSchema = () =>
  map(
    {
      version: noted(
        { description: 'The version of the language.' },
        z.union([z.literal(2.4), z.literal('2.4')], { error: '`2.4`' }),
      ),
      kind: noted({ description: 'What the file is.' }, z.literal('Plugin', { error: '`Plugin`' })),
      preprocessor: noted(
        { description: 'What makes the text that is read out of the text of a file.' },
        preprocessor(),
      ),
    },
    'a map with `version`, `kind` and `preprocessor`',
  );

/** A pipeline is easily given for a plugin. */
export const pluginKeyHint: KeyHint = (key) =>
  key === 'pipeline' || key === 'imports' || key === 'registry'
    ? `\`${key}\` is a key of pipelines, and a plugin is another kind of file`
    : undefined;
