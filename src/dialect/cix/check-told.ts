import { child, keysOf, members, textOf, valueSpan } from '../common/tree.ts';
import { toText } from './text.ts';

import type { Findings } from '../common/diagnostic.ts';
import type { Spot } from '../common/tree.ts';

/** Warns of conditions about what only the copies know: they are asked once, before there are any. */
export function checkTold(spot: Spot, about: string, findings: Findings): void {
  for (const key of ['counter-variable', 'element-variable']) {
    const name = textOf(child(spot, key));
    const when = child(spot, 'when');
    if (name === undefined || !when) continue;
    for (const text of scalarsIn(when).filter((one) => names(one, name)))
      findings.warning(
        valueSpan(text),
        `${about}: \`$$${name}\` is that of the run here, not that of a copy: \`when\` is about all of them together`,
        {
          hint: 'to ask for each copy, repeat a group, and give the `when` to the step in it',
        },
      );
  }
}

const names = (spot: Spot, name: string): boolean =>
  toText(textOf(spot) ?? '').some((part) => typeof part !== 'string' && part.variable === name);

function scalarsIn(spot: Spot): readonly Spot[] {
  if (spot.tree.kind === 'scalar') return [spot];
  const inside =
    spot.tree.kind === 'list' ? members(spot) : keysOf(spot).map((key) => child(spot, key)!);
  return inside.flatMap(scalarsIn);
}
