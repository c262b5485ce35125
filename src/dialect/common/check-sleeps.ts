import { everything, label } from './outline.ts';

import type { Findings } from './diagnostic.ts';
import type { OutlineGroup } from './outline.ts';

/** Warns of steps that give a service time to start where a `ready` check would wait for it. */
export function checkSleeps(root: OutlineGroup, findings: Findings): void {
  let service: string | undefined;
  for (const { outline } of everything(root)) {
    if (outline.kind === 'service') service = outline.name?.text;
    else if (outline.kind === 'step' && outline.sleep && service !== undefined)
      findings.warning(
        outline.sleep,
        `${label(outline)}: it only waits, after service '${service}'`,
        {
          hint: `if '${service}' has a \`ready\` check, steps wait for it as long as they must and no longer`,
        },
      );
  }
}
