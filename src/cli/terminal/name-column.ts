import { nodesOfPlan } from '../../plan/order.ts';
import { paint, signsOf } from '../../report/look.ts';
import { pad, widthOf } from '../../report/width.ts';

import type { Node, Plan } from '../../plan/plan.ts';
import type { Look } from '../../report/look.ts';

const widest = 20;
const narrowest = 4;
/** Colours that tell neighbours apart; red is kept for what went wrong. */
const palette = [36, 35, 34, 33, 32, 96, 95, 94];

/** Names in a column in front of lines. */
export interface Names {
  /** `name │ `, the bar in red for what came from stderr. */
  lineOf(id: string, stream: 'stdout' | 'stderr'): string;
  /** `name ` and as many blanks as bring every name to the same width. */
  columnOf(id: string): string;
}

/** Groups of which plain lines tell. */
const speaks = (node: Node): boolean =>
  node.kind !== 'group' ||
  [node.when, node.retry, node.timeoutMs, node.onFailure].some((key) => key !== undefined) ||
  node.continueOnFail === true ||
  // Such a step may have it begin anew.
  node.members.some((member) => member.kind !== 'service' && member.onFailure !== undefined);

/** The column of the names of a plan's steps and services, and of those groups that are told of. */
export function namesOf(plan: Plan | undefined, look: Look): Names {
  const signs = signsOf(look);
  const nodes = plan ? nodesOfPlan(plan).filter(speaks) : [];
  const widths = nodes.map(({ name }) => widthOf(name));
  const width = Math.min(widest, Math.max(narrowest, ...widths));
  const columns = new Map<string, string>();
  for (const [index, { id, name }] of nodes.entries()) {
    const column = pad(name, width, signs.ellipsis);
    const color = palette[index % palette.length]!;
    columns.set(id, look.color ? `\x1b[${color}m${column}\x1b[0m ` : `${column} `);
  }
  const columnOf = (id: string): string => columns.get(id) ?? `${pad(id, width, signs.ellipsis)} `;
  const bars = {
    stdout: `${paint(look, 'dim', signs.bar)} `,
    stderr: `${paint(look, 'bad', signs.bar)} `,
  };
  return { columnOf, lineOf: (id, stream) => columnOf(id) + bars[stream] };
}
