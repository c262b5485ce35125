import { addressPrefix } from '../../plan/order.ts';
import { everything, label, stillLives } from './outline.ts';

import type { Findings } from './diagnostic.ts';
import type { OutlineGroup, OutlineTask, Placed } from './outline.ts';

/** Reports services whose addresses steps would look for in the same variables. */
export function checkAddresses(root: OutlineGroup, findings: Findings): void {
  const earlier = new Map<string, Placed<OutlineTask>[]>();
  for (const { outline, groups } of everything(root)) {
    if (outline.kind !== 'service' || !outline.name || outline.ports.length === 0) continue;
    const { text, span } = outline.name;
    const prefix = addressPrefix(text);
    const owners = earlier.get(prefix) ?? [];
    const rival = owners.find((one) => one.outline.name?.text !== text && stillLives(one, groups));
    if (rival?.outline.name)
      findings.error(
        span,
        `${label(outline)}: \`${prefix}_HOST\` is already the address of ${label(rival.outline)}`,
        {
          hint: 'give them names that differ in more than upper and lower case and punctuation',
          related: [{ message: 'the other one', span: rival.outline.name.span }],
        },
      );
    earlier.set(prefix, [...owners, { outline, groups }]);
  }
}
