import { cleanLine } from '../../report/clean.ts';
import { paint, signsOf } from '../../report/look.ts';
import { pauseWords } from '../../report/pause.ts';
import { expandTabs, fit, pad, widthOf } from '../../report/width.ts';
import { imageRows } from './image-rows.ts';
import { nodeLine, ticking } from '../../report/node-line.ts';
import { shareRows } from './share-rows.ts';

import type { NodeView, RunView } from '../../event/view.ts';
import type { Look } from '../../report/look.ts';
import type { NodeLine } from '../../report/node-line.ts';

/** The size of a picture and how it may look. */
export interface Canvas extends Look {
  readonly columns: number;
  readonly rows: number;
}

/** The last lines of what each task said, by its id. */
type Tails = ReadonlyMap<string, { lines(): readonly string[] }>;

/**
 * The run at the moment `now` as lines that fit on the canvas: a header, the images that are being
 * pulled, every step and service or those that matter most, and the last lines of what runs.
 */
export function frame(view: RunView, tails: Tails, now: number, canvas: Canvas): string[] {
  const { ellipsis } = signsOf(canvas);
  const nodes = [...view.nodes.values()];
  const lines = nodes.map((node) => nodeLine(node, view, now, canvas));
  const said = nodes.map((node) => (speaks(node) ? (tails.get(node.id)?.lines() ?? []) : []));
  // Images come before what waits for them, and never take more than a third of the room.
  const images = imageRows(view, now, canvas, Math.max(1, Math.floor((canvas.rows - 1) / 3)));
  const given = shareRows(
    nodes.map((node, index) => {
      const tail = said[index]!.length;
      return { rank: rankOf(node, lines[index]!, tail), tail };
    }),
    Math.max(0, canvas.rows - 1 - images.length),
  );
  const names = nameColumns(nodes, canvas);
  const body = nodes.flatMap((node, index) => {
    const { shown, tail } = given[index]!;
    if (!shown) return [];
    const last = tail === 0 ? [] : said[index]!.slice(-tail);
    return [
      rowOf(node, lines[index]!, names, canvas),
      ...last.map((line) => tailRow(node, line, canvas)),
    ];
  });
  const hidden = lines.filter((_, index) => !given[index]!.shown && nodes[index]!.kind !== 'group');
  const rest = hidden.length === 0 ? [] : [countRow(hidden, canvas)];
  return [header(view, now, canvas), ...images, ...body, ...rest]
    .slice(0, canvas.rows)
    .map((line) => fit(line, canvas.columns, ellipsis));
}

/** How much a person wants to see it: first what speaks, then what else is busy. */
function rankOf({ kind }: NodeView, { attention, tone }: NodeLine, tail: number): number {
  if (attention === 'busy' && kind !== 'group') return tail > 0 ? 0 : 1;
  if (tone === 'bad') return 2;
  return attention === 'busy' || attention === 'ready' ? 3 : 4;
}

/** Whose output is worth a look just now. */
function speaks(node: NodeView): boolean {
  if (node.kind === 'step') return ['running', 'asking', 'retrying'].includes(node.state);
  return (
    node.kind === 'service' &&
    (node.state === 'starting' || (node.state === 'running' && node.isProbed))
  );
}

function header(view: RunView, now: number, canvas: Canvas): string {
  const { dot } = signsOf(canvas);
  const name = paint(canvas, 'bold', cleanLine(view.plan.name));
  const time = ticking((view.endedAt ?? now) - view.startedAt);
  const ending =
    view.cancelledBy === undefined
      ? ''
      : paint(canvas, 'warn', ` ${dot} cancelled by ${view.cancelledBy}`);
  const pause =
    view.paused === undefined
      ? ''
      : paint(canvas, 'warn', ` ${dot} ${cleanLine(pauseWords(view.paused.why, view))}`);
  return `${name} ${dot} ${time}${ending}${pause}${paint(canvas, 'dim', ` ${dot} run ${view.run}`)}`;
}

/** Narrower canvases have no columns to spare for nesting. */
const roomy = 30;

const indentOf = ({ depth }: NodeView, { columns }: Canvas): string =>
  columns < roomy ? '' : '  '.repeat(depth);

const leastName = 4;

function nameColumns(nodes: readonly NodeView[], canvas: Canvas): number {
  const widths = nodes.map(
    (node) => indentOf(node, canvas).length + Math.max(leastName, widthOf(node.name)),
  );
  return Math.min(Math.max(8, Math.floor(canvas.columns * 0.4)), Math.max(0, ...widths));
}

function rowOf(node: NodeView, line: NodeLine, names: number, canvas: Canvas): string {
  const { ellipsis } = signsOf(canvas);
  const indent = indentOf(node, canvas);
  const name = pad(node.name, Math.max(leastName, names - indent.length), ellipsis);
  const shown = line.attention === 'pending' ? paint(canvas, 'dim', name) : name;
  const text =
    line.attention === 'busy' ? cleanLine(line.text) : paint(canvas, 'dim', cleanLine(line.text));
  return `${indent}${paint(canvas, line.tone, line.sign)} ${shown}  ${text}`.trimEnd();
}

function tailRow(node: NodeView, line: string, canvas: Canvas): string {
  return `${indentOf(node, canvas)}  ${paint(canvas, 'dim', signsOf(canvas).bar)} ${expandTabs(line)}`;
}

function countRow(hidden: readonly NodeLine[], canvas: Canvas): string {
  const { ellipsis } = signsOf(canvas);
  const counts = [
    { attention: 'done', word: 'done' },
    { attention: 'busy', word: 'more running' },
    { attention: 'ready', word: 'ready' },
    { attention: 'pending', word: 'to come' },
  ]
    .map(({ attention, word }) => ({
      n: hidden.filter((line) => line.attention === attention).length,
      word,
    }))
    .filter(({ n }) => n > 0)
    .map(({ n, word }) => `${n} ${word}`);
  return paint(canvas, 'dim', `${ellipsis} ${counts.join(', ')}`);
}
