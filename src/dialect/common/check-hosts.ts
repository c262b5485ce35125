import { brief } from './brief.ts';
import { everything, label } from './outline.ts';

import type { Findings } from './diagnostic.ts';
import type { OutlineGroup } from './outline.ts';

/** Warns of probes that ask another machine: whose the answer is cannot be found out there. */
export function checkHosts(root: OutlineGroup, findings: Findings): void {
  for (const { outline } of everything(root)) {
    if (outline.kind !== 'service') continue;
    for (const { text, span } of outline.elsewhere)
      findings.warning(
        span,
        `${label(outline)}: its probe asks \`${brief(text)}\`, not the service`,
        {
          hint: 'whoever answers there makes it ready; to ask the service itself, name `localhost`',
        },
      );
  }
}
