import { z } from 'zod';

import { variableName } from '../base/variable-name.ts';
import { allChoices } from '../event/question.ts';
import { timeOfRunId } from '../journal/run-id.ts';
import { problemSchema } from './problem.ts';

const time = z.number().describe('milliseconds since the epoch');

export const outcomes = [
  'starting',
  'loaded',
  'running',
  'succeeded',
  'failed',
  'cancelled',
  'lost',
] as const;

/** What a list tells of a run. */
export const listedRun = z.object({
  id: z.string(),
  pipeline: z.string().describe('the name of its pipeline, or the one that it was given'),
  outcome: z
    .enum(outcomes)
    .describe(
      '`loaded`: nothing of it has begun; `lost`: it has no end, and the process that carried it out is gone',
    ),
  startedAt: time,
  endedAt: time.optional(),
  after: z.string().optional().describe('the run after which it begins by itself'),
  ticket: z.string().optional().describe('the word that it was ordered with, while it is loaded'),
});

/** A page of runs. */
export const runList = z.object({
  runs: z.array(listedRun),
  next: z.string().optional().describe('what to give as `before` to see more; absent: that is all'),
});

const node = z.looseObject({
  kind: z.enum(['step', 'service', 'group']),
  id: z.string(),
  name: z.string(),
  stage: z.string().optional(),
  parent: z.string().optional().describe('its group; absent at the top of its stage'),
  depth: z.int(),
  state: z.string(),
  startedAt: time.optional(),
  endedAt: time.optional(),
  outcome: z.string().optional(),
});

/** What a run asks a person. */
const question = z.object({
  id: z.string().describe('of the stage, group, step or service that asks'),
  name: z.string(),
  kind: z.enum(['stage', 'group', 'step', 'service']),
  message: z.string(),
  choices: z.array(z.enum(allChoices)).describe('`give`: it only asks for inputs'),
  inputs: z
    .array(
      z.object({
        name: z.string(),
        description: z.string().optional(),
        required: z.boolean().optional(),
        fallback: z.string().optional().describe('what is taken when nothing is answered'),
        allowed: z.array(z.string()).optional(),
        pattern: z.string().optional().describe('a regular expression for the whole of it'),
      }),
    )
    .optional()
    .describe('what to give with `approve` or `give`'),
  since: time,
});

/** What broke, in words. */
const explanation = z.object({
  sentence: z.string().describe('without its full stop'),
  hint: z.string().optional().describe('what can be done about it'),
});

/** One run as it is now. */
export const run = listedRun.extend({
  workspace: z.string().optional(),
  cancelledBy: z.string().optional(),
  paused: z
    .object({ why: z.looseObject({ kind: z.string() }), since: time })
    .optional()
    .describe('only while it is'),
  cause: z.looseObject({}).optional().describe('what broke first'),
  explanation: explanation
    .optional()
    .describe('the same in words; also of what failed in a pause, before the run ends with it'),
  questions: z
    .array(question)
    .describe('what it waits for an answer to; `answer` it by a command, `step` being the id'),
  stages: z.array(z.looseObject({ id: z.string(), name: z.string(), state: z.string() })),
  nodes: z.array(node).describe('groups, steps and services, in the order of the file'),
  images: z.array(z.looseObject({})),
  warnings: z.array(z.object({ about: z.string().optional(), text: z.string() })),
  kept: z.array(z.string()).optional(),
});

/** The reports of a run. */
export const testList = z.object({
  reports: z.array(
    z.looseObject({
      task: z.string(),
      file: z.string(),
      counts: z.looseObject({}),
      cases: z.array(z.looseObject({ name: z.string(), outcome: z.string() })),
    }),
  ),
});

const excerpt = z.object({
  task: z.string(),
  name: z.string(),
  lines: z.array(z.string()),
  cut: z.boolean().describe('there is more of it in the log'),
});

/** What there is to read about a failure. */
export const failure = z.object({
  cause: explanation.optional().describe('what broke first; absent: nothing did, or nobody knows'),
  steps: z.array(excerpt).describe('those that failed, or that were ended by the cause'),
  services: z
    .array(excerpt)
    .describe('what each said while those ran; one that is the cause comes first'),
});

/** What was planned for a run. */
export const plan = z.looseObject({ name: z.string(), stages: z.array(z.looseObject({})) });

const text = z.string().min(1).max(200);

export const listQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  before: text.optional().describe('only runs that began before this one'),
  pipeline: text.optional(),
  contains: text
    .optional()
    .describe('only runs of pipelines with this in their names, whatever its case'),
  outcome: z.enum(outcomes).optional(),
});

export const runParams = z.object({
  run: text.describe('an id, an alias, `latest`, or a name: then the latest run that is called so'),
});

const flag = z.stringbool({ truthy: ['true'], falsy: ['false'] }).meta({ enum: ['true', 'false'] });
const number = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export const eventQuery = z.strictObject({
  from: number
    .optional()
    .describe('the number of the first record; `Last-Event-ID` comes before it'),
  follow: flag.default(true).describe('goes on as long as the run does'),
  output: flag.default(true).describe('also what steps and services print'),
});

export const logQuery = z
  .strictObject({
    task: text.optional().describe('the id of a step or a service; absent: all of them'),
    from: z.coerce.number().int().min(1).optional().describe('the first line, from 1'),
    count: z.coerce.number().int().min(1).optional().describe('how many lines'),
    tail: z.coerce.number().int().min(1).max(10_000).optional().describe('only the last lines'),
    follow: flag.default(false).describe('goes on as long as the run does'),
  })
  .refine(({ tail, from, count }) => tail === undefined || (from ?? count) === undefined, {
    message: '`tail` is not given together with `from` or `count`',
  });

const lineNumber = z.int().min(1).describe('counted from 1, as in the plain text');
const anyTask = text.optional().describe('the id of a step or a service; absent: all of them');
const aLine = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

export const lineQuery = z.strictObject({
  task: anyTask,
  from: aLine.default(1).describe('the first line, from 1'),
  count: z.coerce.number().int().min(1).max(10_000).default(1_000).describe('how many, at most'),
});

/** Lines with what is known of them. */
export const logLines = z.object({
  lines: z
    .array(
      z.object({
        n: lineNumber,
        at: time,
        task: z.string(),
        stream: z.enum(['stdout', 'stderr']),
        text: z.string().describe('as a terminal would show it in the end; colours are left in it'),
        cut: z.literal(true).optional().describe('it is longer than that'),
      }),
    )
    .describe('perhaps fewer than are wanted and there: at most some megabytes'),
  total: z.int().describe('how many lines there are by now'),
  ended: z.boolean().describe('there will be no more'),
});

export const searchQuery = z
  .strictObject({
    task: anyTask,
    text: z.string().min(1).max(1_000).describe('what lines are to have in them, as it is shown'),
    case: flag.default(false).describe('capital letters are told from small ones'),
    from: aLine.optional().describe('only lines from this one on'),
    before: aLine.optional().describe('only lines before this one, the last of them'),
    limit: z.coerce.number().int().min(1).max(10_000).default(1_000).describe('how many, at most'),
  })
  .refine(({ from, before }) => from === undefined || before === undefined, {
    message: '`from` is not given together with `before`',
  });

/** Where a text is. */
export const logHits = z.object({
  lines: z.array(lineNumber).describe('lines that have it'),
  next: lineNumber
    .optional()
    .describe(
      'where to go on, as `from` or `before`, where not all of the log was looked through; absent without `total`: there are no more that way',
    ),
  before: z
    .int()
    .optional()
    .describe('how many have it before the first of these; absent: they were not counted'),
  total: z
    .int()
    .optional()
    .describe('how many have it in the whole log; absent: they were not counted'),
  searched: z.int().describe('how many lines the log had'),
});

/** What a run was given. */
export const environment = z.object({
  variables: z.array(
    z.object({
      name: z.string(),
      value: z.string().optional().describe('absent for a secret'),
      secret: z.boolean(),
    }),
  ),
});

/** A variable for a run. */
export const givenVariable = z.strictObject({
  name: z.string().max(200).regex(variableName, 'without = or blanks'),
  value: z.string().max(32_768),
  secret: z.boolean().default(false).describe('it is never shown'),
  by: text.default('a client'),
});

/** What a loaded run begins after. */
export const linkBody = z.strictObject({
  after: text.describe('the other run'),
  always: z.boolean().default(false).describe('however that ends'),
});

const meansRun = { message: 'this already means a run' };

/** What a run may be called when it is ordered, as CIX has it: by its alias, or `latest`, which it is then. */
export const aliasOrLatest = text.refine((alias) => timeOfRunId(alias) === undefined, meansRun);

/** One more name. */
export const aliasBody = z.strictObject({
  alias: aliasOrLatest.refine((alias) => alias !== 'latest', meansRun),
});

export const aliasList = z.object({
  aliases: z.array(z.object({ alias: z.string(), run: z.string() })),
});

/** The problems that any route may answer with. */
export const problems = {
  '4xx': problemSchema.describe('why the request is refused'),
  '5xx': problemSchema.describe('a bug, or a disk that fails'),
};
