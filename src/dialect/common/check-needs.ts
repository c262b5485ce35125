import { nearest } from './nearest.ts';
import { everything, label } from './outline.ts';
import { findCircles } from './waits.ts';

import type { Findings, Notes } from './diagnostic.ts';
import type { Named, OutlineGroup, OutlineTask, Placed } from './outline.ts';
import type { Need } from './waits.ts';

/** What a dialect calls them. */
export interface NeedWords {
  /** How a service is written: "a step with …". */
  readonly service: string;
  /** Where all that can be needed stands: "this …". */
  readonly whole: string;
}

/** Reports needs that can never be met: of what is not there, is no service, or waits in turn. */
export function checkNeeds(root: OutlineGroup, findings: Findings, words: NeedWords): void {
  const placed = everything(root);
  const byName = new Map<string, Placed>();
  for (const one of placed) {
    const name = one.outline.name?.text;
    // A group may be called as a service is.
    if (name !== undefined && (byName.get(name)?.outline.kind ?? 'group') === 'group')
      byName.set(name, one);
  }
  const sound: Need[] = [];
  for (const { outline, groups } of placed)
    for (const need of outline.kind === 'group' ? [] : outline.needs) {
      const from = { outline: outline as OutlineTask, groups };
      const target = byName.get(need.text);
      const wrong = whyUnmet(from, need, target, byName, words);
      if (wrong) findings.error(need.span, `${label(outline)}: ${wrong[0]}`, wrong[1]);
      else if (target && isService(target))
        sound.push({ from: from.outline, need, to: target.outline });
    }
  for (const circle of findCircles(root, sound)) reportCircle(circle, findings);
}

const isService = (placed: Placed): placed is Placed<OutlineTask> =>
  placed.outline.kind === 'service';

function whyUnmet(
  from: Placed<OutlineTask>,
  { text }: Named,
  target: Placed | undefined,
  byName: ReadonlyMap<string, Placed>,
  words: NeedWords,
): readonly [message: string, notes: Notes] | undefined {
  if (!target)
    return [
      `it needs '${text}', which is not in ${words.whole}`,
      { hint: whomElse(text, byName, words) },
    ];
  const { outline } = target;
  const place = outline.name
    ? { related: [{ message: `'${text}' stands here`, span: outline.name.span }] }
    : {};
  if (outline === from.outline) return ['it needs itself', { hint: 'remove its own name' }];
  if (!isService(target))
    return [
      `it needs '${text}', which is a ${outline.kind} and no service`,
      {
        hint: 'a step before this one has ended anyway; only services are needed by name',
        ...place,
      },
    ];
  if (startsLater(target, from))
    return [
      `it needs '${text}', which starts later`,
      { hint: `move '${text}' before it`, ...place },
    ];
  if (hasEnded(target, from))
    return [
      `it needs '${text}', which ends with the group that it stands in`,
      { hint: `give '${text}' the scope \`stage\`, or move it out of the group`, ...place },
    ];
  return undefined;
}

function whomElse(text: string, byName: ReadonlyMap<string, Placed>, words: NeedWords): string {
  const services = [...byName].filter(([, one]) => isService(one)).map(([name]) => name);
  // A file with more names than these has other troubles than a slip of the pen.
  const near = nearest(text, services.slice(0, 300));
  if (near !== undefined) return `did you mean '${near}'?`;
  if (services.length === 0) return `${words.whole} has no service: ${words.service} is one`;
  const named = services.slice(0, 8).map((name) => `'${name}'`);
  return `the services here: ${named.join(', ')}${services.length > named.length ? ', …' : ''}`;
}

/** By the order of the file alone. */
function startsLater(target: Placed, from: Placed): boolean {
  const [a, b] = [branch(target, from), branch(from, target)];
  return a.group.order === 'serial' && a.index > b.index;
}

/** A service of a group that is over, or may be over, when the other one runs. */
const hasEnded = (target: Placed<OutlineTask>, from: Placed): boolean =>
  target.outline.scope === 'group' && !from.groups.includes(target.groups.at(-1)!);

/** The innermost group that holds both, and where in it the first of them is. */
function branch(one: Placed, other: Placed): { group: OutlineGroup; index: number } {
  const depth = one.groups.findLastIndex((group, at) => other.groups[at] === group);
  const group = one.groups[depth]!;
  return { group, index: group.members.indexOf(one.groups[depth + 1] ?? one.outline) };
}

/** Names every need of the circle, at the first of them. */
function reportCircle(circle: readonly Need[], findings: Findings): void {
  const [first, ...others] = circle;
  if (!first) return;
  const { span, text } = first.need;
  const chain = circle.map(({ from, need }) => `${label(from)} needs '${need.text}'`).join(', ');
  findings.error(span, `${label(first.from)}: it needs '${text}', which in turn waits for it`, {
    hint:
      others.length === 0
        ? `'${text}' starts only after something that waits for ${label(first.from)}`
        : `none of them could ever start: ${chain}`,
    related: others.map(({ from, need }) => ({
      message: `${label(from)} waits here`,
      span: need.span,
    })),
  });
}
