import * as z from 'zod/mini';

import { key, list, map, noted, scalar, text } from '../common/values.ts';

import type { $ZodType } from 'zod/v4/core';

/** The schemas of what a file imports, and of what it takes from there. */

/** The ways to write the token of an import; CIX has both. */
export const tokenKeys = ['http-authorization-token', 'http_authorization_token'] as const;

export const importedFile = () =>
  map(
    {
      src: noted(
        {
          description:
            'A path, from where this file stands, or an `http://` or `https://` address. `$$NAME` stands for the variable of the run.',
        },
        text('a path or an address'),
      ),
      'http-authorization-token': key(
        scalar('a text'),
        'What the http server is shown, as `Authorization: token …`. Better a secret of the run than the token itself. Without it, the secret `HTTP_AUTHORIZATION_TOKEN`.',
        { examples: ['$$GIT_TOKEN'] },
      ),
      http_authorization_token: key(scalar('a text'), 'The same.'),
    },
    'a map with `src`',
  );

export const files = <S extends $ZodType>(file: S) =>
  key(
    z.record(z.string(), file, {
      error: 'a map of imports\nwrite a name, and `src: …` under it',
    }),
    'The files that items of this one come from, by the names that `import` has for them.',
    { examples: [{ lib: { src: './library.yaml' } }] },
  );

/** What is taken from an imported file, with variables for its steps, each checked by `variable`. */
export function requests<S extends $ZodType>(variable: S) {
  const expected = 'the name of an import, or a map from it to `environment`';
  const changes = map(
    {
      environment: key(
        z.array(variable, {
          error: 'a list of variables\nwrite `- name: KEY`, and `value: …` under it',
        }),
        'Variables that all of its steps get, in place of those of the same name.',
      ),
    },
    'a map with `environment`',
  );
  return list(
    z.union([text(expected), z.record(z.string(), changes, { error: expected })], {
      error: expected,
    }),
    'a list of imports\nwrite each on a line of its own: `- lib`, or `- lib.section`',
  );
}
