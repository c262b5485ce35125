import { rangeOf } from '../common/source.ts';

import type { Findings } from '../common/diagnostic.ts';
import type { Named, Outline, OutlineGroup } from '../common/outline.ts';
import type { Span } from '../common/source.ts';

/**
 * The outline without what is imported a second time, which is reported: it could only say again what
 * is wrong with the first.
 */
export function withoutTwins(root: OutlineGroup, findings: Findings): OutlineGroup {
  const first = new Map<string, Named>();
  const isTwin = ({ name }: Outline): boolean => {
    if (!name?.through) return false;
    const place = JSON.stringify(rangeOf(findings.source, name.span));
    const earlier = first.get(place);
    if (!earlier) first.set(place, name);
    else report(name, earlier, findings);
    return earlier !== undefined;
  };
  const pruned = (group: OutlineGroup): OutlineGroup => ({
    ...group,
    members: group.members
      .filter((member) => !isTwin(member))
      .map((member) => (member.kind === 'group' ? pruned(member) : member)),
  });
  return pruned(root);
}

function report(name: Named, earlier: Named, findings: Findings): void {
  const [second, one] = parting(name.through ?? [], earlier.through ?? []);
  if (!second) return;
  findings.error(second, 'what is imported here is already there, under the same names', {
    hint: 'every step, service and group has a name of its own: import it once',
    related: one ? [{ message: 'first imported here', span: one }] : [],
  });
}

/** The innermost places where two ways to the same thing differ. */
function parting(
  way: readonly Span[],
  other: readonly Span[],
): readonly [Span | undefined, Span | undefined] {
  const isEqual = (a: Span | undefined, b: Span | undefined): boolean =>
    a?.[0] === b?.[0] && a?.[2]?.file === b?.[2]?.file;
  let back = 1;
  while (back < Math.max(way.length, other.length) && isEqual(way.at(-back), other.at(-back)))
    back++;
  return [way.at(-back) ?? way[0], other.at(-back) ?? other[0]];
}
