import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { nodesOfPlan } from '../../src/plan/order.ts';
import { Place } from './cli.ts';
import { assertInvariants } from './invariants.ts';

import type { ConvertStory } from './convert-stories.ts';

/** What a run came to: how each step and service began and ended, in order, and what each printed. */
interface Seen {
  readonly code: number | null;
  readonly happened: readonly string[];
  readonly printed: Readonly<Record<string, string>>;
}

/** The last word of a name: both languages have others before it, and other numbers for copies. */
const bare = (name: string): string => /[a-z]+(?=\W?_?\d*$)/i.exec(name)?.[0] ?? name;

async function see(place: Place, args: readonly string[]): Promise<Seen> {
  const told = await place.continuo(['exec', '--format', 'plain', ...args]);
  assert.ok(told.code === 0 || told.code === 1, told.stderr + told.stdout);
  const events = await place.events();
  assertInvariants(events);
  const [started] = events;
  assert.ok(started?.type === 'run.started');
  const names = new Map(nodesOfPlan(started.plan).map(({ id, name }) => [id, bare(name)]));
  const happened = events.flatMap((event): readonly string[] => {
    switch (event.type) {
      case 'step.started':
        return [`${names.get(event.step)!} started`];
      case 'step.ended':
        // It is told together with what cancelled it.
        return event.outcome === 'cancelled' ? [] : [`${names.get(event.step)!} ${event.outcome}`];
      case 'service.ready':
        return [`${names.get(event.service)!} ready`];
      case 'service.ended':
        return [`${names.get(event.service)!} ${event.end.kind}`];
      case 'run.ended':
        return [`run ${event.outcome}`];
      default:
        return [];
    }
  });
  const printed: Record<string, string> = {};
  for (const { task, bytes } of await place.outputs()) {
    const name = names.get(task)!;
    printed[name] = (printed[name] ?? '') + Buffer.from(bytes).toString();
  }
  return { code: told.code, happened, printed };
}

/** Runs a pipeline, and in another place what it becomes: both must come to the same. */
export async function runBoth(
  { text, before = [], after = before, code = 0, happened }: ConvertStory,
  to: 'cix' | 'harness',
  place: () => Place = () => new Place(),
): Promise<void> {
  await using first = place();
  await using second = place();
  first.file('before.yaml', text);
  second.file('before.yaml', text);
  const made = await second.continuo(['convert', 'before.yaml', '--to', to, '-o', 'after.yaml']);
  assert.equal(made.code, 0, made.stderr);
  const one = await see(first, [...before, 'before.yaml']);
  const other = await see(second, [...after, 'after.yaml']);
  assert.equal(one.code, code, JSON.stringify(one));
  assert.deepEqual(one.happened, happened);
  assert.deepEqual(other, one, readFileSync(join(second.dir, 'after.yaml'), 'utf8'));
}
