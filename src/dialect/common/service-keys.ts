import * as z from 'zod/mini';

import {
  count,
  duration,
  key,
  list,
  map,
  noted,
  pattern,
  scalar,
  text,
  textOrNumber,
} from './values.ts';
import { parseHostPort, whyNoUrl } from './address.ts';

/** The schemas of what a background step says about itself: one definition for both languages. */

const signals = ['TERM', 'INT', 'QUIT', 'HUP', 'USR1', 'USR2', 'KILL'] as const;

const expectedPort = 'a port (1 to 65535), or `host:port`';

const tcp = () =>
  z.union(
    [
      z
        .int({ error: expectedPort })
        .check(z.gte(1, { error: expectedPort }), z.lte(65_535, { error: expectedPort })),
      text(expectedPort).check(
        z.refine((written) => parseHostPort(written) !== undefined, { error: expectedPort }),
      ),
    ],
    { error: expectedPort },
  );

const url = () =>
  text('a URL such as `http://localhost:8080/healthz`').check(
    z.refine((written) => whyNoUrl(written) === undefined, {
      error: ({ input }) =>
        `a URL such as \`http://localhost:8080/healthz\`\n${whyNoUrl(String(input)) ?? ''}`,
    }),
  );

const expectedStatus = 'an HTTP status (100 to 599)';
const status = () =>
  z
    .int({ error: expectedStatus })
    .check(z.gte(100, { error: expectedStatus }), z.lte(599, { error: expectedStatus }));

const expectedHeader =
  "the name of a header, such as `Accept`\nletters, digits and any of !#$%&'*+-.^_`|~";
const expectedContent =
  'the text of a header\none line; no control characters, nothing beyond Latin-1';

/** What RFC 9110 takes for a name and for a value; anything else would never be sent. */
const headers = () =>
  z.record(
    z.string().check(z.regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/, { error: expectedHeader })),
    z.union(
      [
        z.string().check(z.regex(/^[\t\x20-\x7e\x80-\xff]*$/, { error: expectedContent })),
        z.number(),
        z.boolean(),
      ],
      { error: 'the text of a header' },
    ),
    { error: 'a map of headers' },
  );

const http = () =>
  z.union(
    [
      url(),
      map(
        {
          url: noted({ description: 'What is asked for, with `GET`.' }, url()),
          status: key(
            z.union([status(), list(status(), 'a list of statuses')], {
              error: `${expectedStatus}, or a list of them`,
            }),
            'The status, or statuses, that pass. Without it, 200 to 399.',
            { examples: [200, [200, 204]] },
          ),
          headers: key(headers(), 'Headers that are sent along.', {
            examples: [{ Accept: 'application/json' }],
          }),
          body: key(pattern(), 'A regular expression that must be found in the body.', {
            examples: ['"status":\\s*"up"'],
          }),
        },
        'a URL, or a map with `url`',
      ),
    ],
    { error: 'a URL, or a map with `url`, `status`, `headers` and `body`' },
  );

const expectedExec = 'a list of words, or a line for `/bin/sh`';
const exec = () =>
  z.union([text(expectedExec), list(scalar('a word of the command'), 'a list of words')], {
    error: expectedExec,
  });

/** The kinds of probe: an entry of `ready` has exactly one of these keys. */
const probeKinds = ['tcp', 'http', 'exec', 'log', 'health'] as const;

const oneKind = 'one of `tcp`, `http`, `exec`, `log` and `health`';
const expectedProbe = `a probe: a map with ${oneKind}`;

const probe = () => {
  const shape = map(
    {
      tcp: key(
        tcp(),
        'Passes when the port accepts a connection. A port alone is one of `localhost`.',
        { examples: [6379, 'localhost:5432'] },
      ),
      http: key(http(), 'Passes when the answer to a request has the right status, and body.', {
        examples: ['http://localhost:8080/healthz'],
      }),
      exec: key(
        exec(),
        'Passes when the command, run where the service runs, ends with exit code 0.',
        { examples: [['pg_isready', '-q'], 'test -S run.sock'] },
      ),
      log: key(
        pattern(),
        'A regular expression that must be found in a line of the output of the service.',
        { examples: ['ready to accept connections'] },
      ),
      health: key(
        z.literal(true, { error: '`true`' }),
        'Passes when the command that the image names as its HEALTHCHECK, run at our pace, ends with exit code 0. Only with an `image`.',
        { examples: [true] },
      ),
      interval: key(
        duration(),
        'From one attempt to the next. Without it, every 20 ms for two seconds, every 50 ms up to five, then every 250 ms.',
        { examples: ['1s'] },
      ),
      timeout: key(duration(), 'From the start of the service until the probe must have passed.', {
        default: '60s',
        examples: ['30s'],
      }),
    },
    expectedProbe,
  );
  const one = shape.check(
    z.refine((entry) => kindsOf(entry).length === 1, {
      params: { whole: true },
      error: ({ input }) =>
        kindsOf(input as object).length === 0
          ? `needs ${oneKind}`
          : 'has more than one probe\nmake it a list with an entry for each; all of them must pass then',
    }),
  );
  return noted({ oneOf: probeKinds.map((kind) => ({ required: [kind] })) }, one);
};

const kindsOf = (entry: object): readonly string[] => probeKinds.filter((kind) => kind in entry);

const ready = () => {
  const one = probe();
  return z.union([one, list(one, 'a list of probes')], {
    error: ({ input }) => `${expectedProbe}; or a list of probes${howToWrite(input)}`,
  });
};

function howToWrite(input: unknown): string {
  if (typeof input === 'number') return `\nwrite \`{tcp: ${input}}\` to wait for a port`;
  return input === 'health' ? "\nwrite `{health: true}` to ask for the image's own" : '';
}

const expectedOnExit = '`fail`, `ignore`, `restart` or `{restart: 3, backoff: 1s}`';
const onExit = () =>
  z.union(
    [
      z.enum(['fail', 'ignore', 'restart'], { error: expectedOnExit }),
      map(
        {
          restart: noted(
            { description: 'How many times it may start again.' },
            count('a number of restarts, 1 or more'),
          ),
          backoff: key(
            duration({ orNone: true }),
            'The pause before the first restart; each further one is twice as long, a minute at most.',
            { default: '1s' },
          ),
        },
        expectedOnExit,
      ),
    ],
    { error: expectedOnExit },
  );

const signal = () =>
  z.enum([...signals, ...signals.map((name) => `SIG${name}` as const)], {
    error: `one of ${signals.map((name) => `\`${name}\``).join(', ')}`,
  });

const stop = () =>
  map(
    {
      signal: key(signal(), 'The signal that asks the service to end.', { default: 'TERM' }),
      grace: key(duration({ orNone: true }), 'How long it may take to end before it is killed.', {
        default: '10s',
      }),
    },
    'a map with `signal` and `grace`, such as `{signal: INT, grace: 5s}`',
  );

const scope = () => z.enum(['stage', 'group'], { error: '`stage` or `group`' });

const expectedNeeds = 'the name of a service, or a list of names';

/** What a step and a service may both say: whom they rely on. */
export const needs = () =>
  key(
    z.union(
      [
        textOrNumber(expectedNeeds),
        z.array(textOrNumber('the name of a service'), { error: expectedNeeds }),
      ],
      {
        error: expectedNeeds,
      },
    ),
    'Services that must be ready before it starts. A step waits for the services before it without naming them.',
    { examples: ['db', ['db', 'queue']] },
  );

/** Every key of a service but those whose spelling depends on the language. */
const common = () => ({
  ready: key(
    ready(),
    'How to find out that the service can be relied on: one probe, or a list of which all must pass. Steps after the service wait for it. Without it, the service can be relied on as soon as it runs.',
    { examples: [{ tcp: 6379 }] },
  ),
  stop: key(stop(), 'How the service is asked to end.', {
    examples: [{ signal: 'INT', grace: '5s' }],
  }),
  scope: key(
    scope(),
    'How long the service lives: to the end of its stage, or of the group it stands in.',
    { default: 'stage' },
  ),
});

const onExitKey = () =>
  key(
    onExit(),
    'What happens when the service ends before its time: the run fails, goes on, or the service starts again (`restart` alone: 5 times, after 1 s at first).',
    { default: 'fail', examples: [{ restart: 3, backoff: '1s' }] },
  );

/** The keys of a service in CIX's spelling. */
export const kebabServiceKeys = () => ({ ...common(), 'on-exit': onExitKey() });

/** The keys of a service in Harness's spelling. */
export const camelServiceKeys = () => ({ ...common(), onExit: onExitKey() });

/** What a service says about itself, whatever the spelling. */
export interface ServiceKeys {
  readonly ready?: z.infer<ReturnType<typeof ready>> | undefined;
  readonly onExit?: z.infer<ReturnType<typeof onExit>> | undefined;
  readonly stop?: z.infer<ReturnType<typeof stop>> | undefined;
  readonly scope?: z.infer<ReturnType<typeof scope>> | undefined;
}

/** An entry of `ready` that has the right shape. */
export type WrittenProbe = z.infer<ReturnType<typeof probe>>;
/** What its `http` holds. */
export type WrittenHttp = z.infer<ReturnType<typeof http>>;
