import { everything, label } from './outline.ts';

import type { Findings } from './diagnostic.ts';
import type { Named, Outline, OutlineGroup } from './outline.ts';

/** Reports names that stand for more than one thing. Steps, services and groups share them. */
export function checkNames(root: OutlineGroup, findings: Findings): void {
  const first = new Map<string, { readonly outline: Outline; readonly name: Named }>();
  for (const { outline } of everything(root)) {
    const { name } = outline;
    if (!name) continue;
    const earlier = first.get(name.text);
    if (!earlier) first.set(name.text, { outline, name });
    else
      findings.error(name.span, `${label(outline)}: this name is already taken`, {
        hint: 'every step, service and group has a name of its own',
        related: [
          { message: `first used by this ${earlier.outline.kind}`, span: earlier.name.span },
        ],
      });
  }
}
