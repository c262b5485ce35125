import { brief } from '../common/brief.ts';
import { rangeOf } from '../common/source.ts';
import { readShape } from '../common/shape.ts';
import { child, keysOf, members, oneOrMany, ownerSpan, textOf, valueSpan } from '../common/tree.ts';
import { checkRepeat } from './check-repeat.ts';
import { checkStep } from './check-step.ts';
import { checkTold } from './check-told.ts';
import { checkWhen } from './check-when.ts';
import { itemKeyHint, groupKeyHint } from './key-hints.ts';
import { portsIn } from './read-ports.ts';
import { readRequests, requestText } from './read-import.ts';
import { levels, stepWith } from './schema.ts';
import { toNode } from './to-node.ts';
import { toAttempts, toTurn } from './to-repeat.ts';

import type { Group, Node, Where } from '../../plan/plan.ts';
import type { Findings } from '../common/diagnostic.ts';
import type { Named, Outline, OutlineGroup, OutlineTask } from '../common/outline.ts';
import type { Span } from '../common/source.ts';
import type { Spot } from '../common/tree.ts';
import type { Imports } from './read-import.ts';
import type { PlaceOf } from './quantity-keys.ts';

/** What was read of a part of a file: its outline always, its node when it has no mistake. */
export interface ReadPart<O extends Outline, N extends Node> {
  readonly outline: O;
  readonly node: N | undefined;
}

export type Part = ReadPart<Outline, Node>;

/** Reads the items of a group, wherever the group itself comes from. */
export function readGroup(
  { name, parallel, items, where }: GroupHead,
  findings: Findings,
  imports: Imports,
): ReadPart<OutlineGroup, Group> {
  const parts = items.flatMap((item): readonly Part[] => {
    const read = readItem(item, findings, imports);
    return parallel && read.length > 1 ? [oneAfterTheOther(read, item, findings)] : read;
  });
  return groupOf(parts, { name, parallel, where });
}

function groupOf(
  parts: readonly Part[],
  { name, parallel, where }: Omit<GroupHead, 'items'>,
): ReadPart<OutlineGroup, Group> {
  const order = parallel ? 'parallel' : 'serial';
  const nodes = parts.map(({ node }) => node).filter((node) => node !== undefined);
  const text = name?.text ?? '';
  return {
    outline: { kind: 'group', name, order, members: parts.map(({ outline }) => outline) },
    node: { kind: 'group', id: text, name: text, where, order, members: nodes },
  };
}

interface GroupHead {
  readonly name: Named | undefined;
  readonly parallel: boolean;
  readonly items: readonly Spot[];
  readonly where: Where;
}

/** What an item stands for: several steps, services and groups, when it imports them. */
export function readItem(item: Spot, findings: Findings, imports: Imports): readonly Part[] {
  readShape(levels().item, item, findings, 'this item', itemKeyHint);
  const step = child(item, 'step');
  const steps = child(item, 'steps');
  const brought = child(item, 'import');
  const [, second] = [step, steps, brought].filter((one) => one !== undefined);
  if (second)
    findings.error(ownerSpan(second), 'an item is either a `step`, `steps` or an `import`', {
      hint: 'begin another item with `- `',
    });
  if (brought) return readRequests(brought, imports, findings);
  if (steps) return [readSteps(steps, findings, imports)];
  if (step) return [readStep(step, findings)];
  if (item.tree.kind === 'map' && item.tree.entries.size === 0)
    findings.error(ownerSpan(item), 'this item is empty', {
      hint: 'it is a `step`, `steps` or an `import`',
    });
  return [];
}

/** What one import of a parallel group brings in still runs in its order. */
function oneAfterTheOther(parts: readonly Part[], item: Spot, findings: Findings): Part {
  const spot = child(item, 'import') ?? item;
  const text = members(spot).map(requestText).join(', ');
  const name = { text, span: ownerSpan(spot) };
  return groupOf(parts, { name, parallel: false, where: whereOf(spot, findings) });
}

function readSteps(
  spot: Spot,
  findings: Findings,
  imports: Imports,
): ReadPart<OutlineGroup, Group> {
  const name = named(child(spot, 'name'));
  const shape = readShape(levels().group, spot, findings, subject('group', name), groupKeyHint);
  const items = members(child(spot, 'pipeline'));
  const parallel = textOf(child(spot, 'parallel')) === 'true';
  const where = whereOf(spot, findings);
  const read = readGroup({ name, parallel, items, where }, findings, imports);
  if (spot.tree.kind === 'map') checkTurn(spot, subject('group', name), findings);
  if (!shape || !read.node) return { ...read, node: undefined };
  const placeOf = placesIn(findings);
  const node = { ...read.node, ...toTurn(spot, placeOf), ...toAttempts(spot, placeOf) };
  return { ...read, node };
}

function readStep(spot: Spot, findings: Findings): ReadPart<OutlineTask, Node> {
  const name = named(child(spot, 'name'));
  const isService = textOf(child(spot, 'background')) === 'true';
  const about = subject(isService ? 'service' : 'step', name);
  const shape = readShape(stepWith(keysOf(spot)), spot, findings, about);
  if (spot.tree.kind === 'map') {
    checkStep(spot, about, isService, findings);
    checkTurn(spot, about, findings);
  }
  const outline: OutlineTask = {
    kind: isService ? 'service' : 'step',
    name,
    needs: oneOrMany(child(spot, 'needs'))
      .map(named)
      .filter((need) => need !== undefined),
    ...portsIn(spot),
    scope: textOf(child(spot, 'scope')) === 'group' ? 'group' : 'stage',
    sleep: sleepOf(members(child(spot, 'commands'))),
  };
  const place = { where: whereOf(spot, findings), placeOf: placesIn(findings) };
  return { outline, node: shape && toNode(shape, spot, place) };
}

function sleepOf([command, ...others]: readonly Spot[]): Span | undefined {
  const isSleep = /^\s*sleep\s+[\d.]+[smh]?\s*$/.test(textOf(command) ?? '');
  return command && isSleep && others.length === 0 ? valueSpan(command) : undefined;
}

const subject = (kind: string, name: Named | undefined): string =>
  name ? `${kind} '${brief(name.text)}'` : `this ${kind}`;

function named(spot: Spot | undefined): Named | undefined {
  const text = textOf(spot);
  const isName = spot?.tree.kind === 'scalar' && typeof spot.tree.value !== 'boolean';
  return isName && text ? { text, span: spot.alias ?? valueSpan(spot) } : undefined;
}

/** Reports what is wrong with when and how many times something runs. */
function checkTurn(spot: Spot, about: string, findings: Findings): void {
  checkWhen(child(spot, 'when'), about, findings);
  checkRepeat(spot, about, findings);
  checkTold(spot, about, findings);
}

const whereOf = (spot: Spot, { source }: Findings): Where =>
  toWhere(rangeOf(source, ownerSpan(child(spot, 'name') ?? spot)));

/** Finds out where the values of a file stand. */
export const placesIn =
  ({ source }: Findings): PlaceOf =>
  (spot) =>
    toWhere(rangeOf(source, valueSpan(spot)));

const toWhere = ({ file, line, column }: Where): Where => ({ file, line, column });
