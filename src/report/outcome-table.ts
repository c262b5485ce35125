import { formatDuration } from '../base/duration.ts';
import { nodesOf } from '../plan/order.ts';
import { cleanLine } from './clean.ts';
import { paint, signsOf } from './look.ts';
import { outcomeWords, stageWords } from './outcome-words.ts';
import { fit, pad, widthOf } from './width.ts';

import type { NodeView, RunView, StageView } from '../event/view.ts';
import type { Look } from './look.ts';
import type { OutcomeWords } from './outcome-words.ts';

type Page = Look & { readonly columns: number };

interface Row extends OutcomeWords {
  readonly indent: string;
  readonly name: string;
  readonly took: string;
}

const widestName = 32;
const leastName = 4;
const atLeast = (name: string): number => Math.max(leastName, widthOf(name));

/**
 * Every step, service and group with its outcome, its duration and what is notable; those of several
 * stages each under its stage.
 */
export function outcomeTable(view: RunView, page: Page): string[] {
  const rows = rowsOf(view, page);
  const { ellipsis, dot } = signsOf(page);
  const widest = (texts: string[]): number => Math.max(0, ...texts.map(widthOf));
  const outcomes = widest(rows.map(({ outcome }) => outcome));
  const times = widest(rows.map(({ took }) => took));
  const room = Math.max(8, page.columns - outcomes - times - 8);
  const names = Math.min(
    widestName,
    room,
    Math.max(...rows.map(({ indent, name }) => indent.length + atLeast(name))) - 2,
  );
  return rows.map(({ indent, name, took, sign, tone, outcome, notes }) => {
    const cells = [
      `${indent}${paint(page, tone, sign)} ${pad(name, Math.max(leastName, names + 2 - indent.length), ellipsis)}`,
      paint(page, tone, outcome) + ' '.repeat(outcomes - widthOf(outcome)),
      took.padStart(times),
      paint(page, 'dim', cleanLine(notes.join(` ${dot} `))),
    ];
    return fit(cells.join('  ').trimEnd(), page.columns, ellipsis);
  });
}

function rowsOf(view: RunView, look: Look): readonly Row[] {
  const rowOf = (node: NodeView, depth: number): Row => ({
    indent: '  '.repeat(depth + 1),
    name: node.name,
    took: duration(node, view),
    ...outcomeWords(node, look),
  });
  if (view.stages.size < 2) return [...view.nodes.values()].map((node) => rowOf(node, node.depth));
  return view.plan.stages.flatMap(({ id, root }) => {
    const stage = view.stages.get(id)!;
    const heading = {
      indent: '  ',
      name: cleanLine(stage.name),
      took: duration(stage, view),
      ...stageWords(stage, look),
    };
    const below = [...nodesOf(root)].map((node) => view.nodes.get(node.id)!);
    return [heading, ...below.map((node) => rowOf(node, node.depth + 1))];
  });
}

function duration(what: NodeView | StageView, view: RunView): string {
  const end = what.endedAt ?? view.endedAt;
  if (what.startedAt === undefined || end === undefined) return '';
  return formatDuration(end - what.startedAt);
}
