import { child, members, textOf, valueSpan } from '../common/tree.ts';

import type { Findings } from '../common/diagnostic.ts';
import type { Spot } from '../common/tree.ts';

/** In the form that CIX's example has it. */
const asked = /(?:^|[\s;&|(`])cix-env\s+--action\b/;

/** Warns of a step that calls `cix-env`, which only an image of its own could hold. */
export function checkEnvCommand(spot: Spot, about: string, findings: Findings): void {
  const line = members(child(spot, 'commands')).find((one) => asked.test(textOf(one) ?? ''));
  if (line)
    findings.warning(valueSpan(line), `${about}: there is no \`cix-env\` here`, {
      hint: 'hand a value over in a file of $CIX_TEMP, a folder that is kept from step to step',
    });
}
