import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';
import * as z from 'zod/mini';

/** The pipelines of `test/corpus`, each with what it promises at its head: see the README there. */

const folder = join(import.meta.dirname, '..', 'corpus');

const texts = z.array(z.coerce.string());
const byName = z.record(z.string(), z.string());

const promise = z.strictObject({
  with: z._default(texts, []),
  exit: z.literal([0, 1, 2]),
  ends: z.optional(byName),
  prints: z._default(byName, {}),
  matches: z._default(byName, {}),
  tells: z._default(texts, []),
  hides: z._default(texts, []),
  cix: z._default(z.boolean(), false),
});

/** What must come true when the pipeline runs. */
export type CorpusPromise = z.infer<typeof promise>;

export interface CorpusPipeline {
  /** Its path below the corpus, without the ending. */
  readonly name: string;
  readonly file: string;
  readonly text: string;
  /** What it shows, in a sentence. */
  readonly shows: string;
  readonly promise: CorpusPromise;
}

/** Every pipeline of the corpus; what others import is in folders called `shared`. */
export function corpus(): readonly CorpusPipeline[] {
  return globSync('**/*.yaml', { cwd: folder, exclude: (name) => name === 'shared' })
    .sort()
    .map((path) => readOne(path));
}

function readOne(path: string): CorpusPipeline {
  const file = join(folder, path);
  const text = readFileSync(file, 'utf8');
  const [head = ''] = /^(#.*\n)+/.exec(text) ?? [];
  const [shows = '', ...rest] = head.replaceAll(/^# ?/gm, '').split('\n\n');
  const promised = promise.safeParse(parse(rest.join('\n\n')));
  if (!promised.success)
    throw new Error(`${file}: its head is\n${z.prettifyError(promised.error)}`);
  return {
    name: path.replace(/\.yaml$/, ''),
    ...{ file, text, promise: promised.data },
    shows: shows.replaceAll('\n', ' '),
  };
}
