import { startedTask } from '../event/tasks.ts';
import { cleanLine } from './clean.ts';
import { describeServiceEnd } from './describe.ts';
import { excerptLines } from './excerpt-lines.ts';
import { signsOf } from './look.ts';

import { sentenceLines } from './sentence-lines.ts';
import { Tail } from './tail.ts';

import type { JournalRecord } from '../event/event.ts';
import type { RunView, ServiceView } from '../event/view.ts';
import type { Excerpt } from './failure.ts';
import type { Page } from './look.ts';

/** The services that went wrong without making the run fail, as its pipeline wants it. */
export const lostServices = (view: RunView): readonly ServiceView[] =>
  [...view.nodes.values()].filter(
    (node) => node.kind === 'service' && node.verdict === 'ignore' && node.end !== undefined,
  ) as ServiceView[];

const maxLines = 15;

/** The last words of each of these services, out of the records of their run. */
export async function gatherLost(
  records: AsyncIterable<JournalRecord>,
  services: readonly ServiceView[],
  { color }: { readonly color: boolean },
): Promise<readonly Excerpt[]> {
  const tails = new Map(services.map(({ id }) => [id, new Tail(maxLines, color)]));
  for await (const record of records) {
    if (record.type === 'output') {
      tails.get(record.task)?.take(record.stream, record.bytes);
      continue;
    }
    // What it said before it was started again is another story.
    const started = startedTask(record);
    if (started !== undefined && tails.has(started)) tails.set(started, new Tail(maxLines, color));
  }
  return Array.from(tails, ([task, tail]) => {
    tail.end();
    return { task, lines: tail.lines(), cut: tail.cut };
  });
}

/** What became of them, and what they said last. */
export function lostLines(view: RunView, lost: readonly Excerpt[], page: Page): string[] {
  return lost.flatMap((excerpt) => {
    const node = view.nodes.get(excerpt.task);
    if (node?.kind !== 'service' || !node.end) return [];
    const { sentence, hint } = describeServiceEnd(node.name, node.end);
    const because = hint === undefined ? '' : `; ${hint}`;
    return [
      ...sentenceLines(`${signsOf(page).warning} ${cleanLine(sentence + because)}`, page, 'warn'),
      ...(excerpt.lines.length > 0 ? excerptLines('service', view, excerpt, page).slice(1) : []),
      '',
    ];
  });
}
