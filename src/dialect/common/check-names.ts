import { everything, label } from './outline.ts';

import type { Findings } from './diagnostic.ts';
import type { Named, Outline, OutlineGroup } from './outline.ts';

/**
 * Reports names that stand for more than one thing. Steps and services share them; groups have names of
 * their own, since a group is often called by the step that matters in it.
 */
export function checkNames(root: OutlineGroup, findings: Findings): void {
  const first = new Map<string, { readonly outline: Outline; readonly name: Named }>();
  for (const { outline } of everything(root)) {
    const { name } = outline;
    if (!name) continue;
    const key = `${outline.kind === 'group' ? 'group' : 'task'} ${name.text}`;
    const earlier = first.get(key);
    if (!earlier) first.set(key, { outline, name });
    else
      findings.error(name.span, `${label(outline)}: this name is already taken`, {
        hint:
          outline.kind === 'group'
            ? 'every group has a name of its own'
            : 'every step and service has a name of its own',
        related: [
          { message: `first used by this ${earlier.outline.kind}`, span: earlier.name.span },
        ],
      });
  }
}
