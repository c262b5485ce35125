import { mentions } from '../../plan/mentions.ts';
import { toText } from './expression/text.ts';
import { scopeOf, tellAt } from './scope.ts';
import { someOf } from './some-of.ts';
import { tidy } from './texts.ts';

import type { ApprovalInput, Group, Node, Plan, Stage, Text } from '../../plan/plan.ts';
import type { LateInput, LateReading } from './late-inputs.ts';
import type { Place } from './place.ts';

/**
 * The same where everything asks for the late inputs that it needs: a stage or group for those of its own
 * variables, and whatever mentions others for those.
 */
export function withInputs(plan: Plan, { needed, owned }: LateReading): Plan {
  if (needed.size === 0) return plan;
  const inputs = new Map(
    [...needed].map(([as, { input, place }]) => [as, toInput(as, input, place)] as const),
  );
  /** What is asked for by something with this id, of which this part is looked at, and not around it. */
  const wanted = (id: string, part: unknown, before: ReadonlySet<string>): readonly string[] =>
    [...inputs.keys()].filter(
      (as) => !before.has(as) && (owned.get(id)?.has(as) || mentions(part, new Set([as]))),
    );
  const asking = (names: readonly string[]): { asks?: readonly ApprovalInput[] } =>
    names.length > 0 ? { asks: names.map((as) => inputs.get(as)!) } : {};

  const group = (one: Group, before: ReadonlySet<string>): Group => {
    const { members, ...rest } = one;
    const own = wanted(one.id, rest, before);
    const inside = new Set([...before, ...own]);
    return { ...one, ...asking(own), members: members.map((member) => node(member, inside)) };
  };
  const node = (one: Node, before: ReadonlySet<string>): Node =>
    one.kind === 'group' ? group(one, before) : { ...one, ...asking(wanted(one.id, one, before)) };
  const stage = (one: Stage): Stage => {
    const { root, ...rest } = one;
    const own = wanted(one.id, rest, new Set());
    return { ...one, ...asking(own), root: group(root, new Set(own)) };
  };
  return { ...plan, stages: plan.stages.map(stage) };
}

/** What a person is asked for. What is bound to values or a pattern cannot be nothing. */
function toInput(as: string, { name, notation, scalar }: LateInput, place: Place): ApprovalInput {
  const spot = { tree: scalar };
  const scope = scopeOf(place, spot);
  const text = (written: string): Text => tidy(toText(written, scope, tellAt(spot, place)));
  const { fallback, isMany } = notation;
  const allowed = notation.allowed?.map(text);
  const pattern = notation.pattern ?? (isMany && allowed ? someOf(allowed) : undefined);
  const isBound = (allowed !== undefined || pattern !== undefined) && fallback === undefined;
  return {
    name,
    as,
    ...(isBound && { required: true }),
    ...(fallback !== undefined && { fallback: text(fallback) }),
    ...(allowed && !isMany && { allowed }),
    ...(pattern !== undefined && { pattern }),
  };
}
