import { parseImage } from '../../plan/container-text.ts';
import { brief } from '../common/brief.ts';
import { child, valueSpan } from '../common/tree.ts';
import { known } from './expression/text.ts';
import { aboutOf } from './place.ts';
import { filledAt, filledText, textAt } from './texts.ts';
import { useConnector } from './connectors.ts';

import type { Text } from '../../plan/plan.ts';
import type { Spot } from '../common/tree.ts';
import type { Place } from './place.ts';

/** Whether settings name an image: Harness takes `null`, as a text too, for none. */
export function hasImage(spec: Spot): boolean {
  const image = filledAt(spec, 'image');
  return image !== undefined && image !== 'null';
}

/** The image that settings name, by the name that is asked for. */
export function toImage(spec: Spot, place: Place): Text | undefined {
  if (!hasImage(spec)) return undefined;
  const spot = child(spec, 'image')!;
  const text = textAt(spot, place);
  const name = known(text);
  if (name !== undefined) checkImage(name, spot, place);
  const connector = filledText(child(spec, 'connectorRef'));
  return useConnector(connector, text, child(spec, 'connectorRef'), place);
}

function checkImage(name: string, spot: Spot, place: Place): void {
  const { findings } = place.reading;
  if (name.includes('*')) {
    findings.error(valueSpan(spot), `${aboutOf(place)}: \`${brief(name)}\` has a \`*\``, {
      hint: 'an image is named whole, such as `redis:7-alpine`',
    });
    return;
  }
  const parsed = parseImage(name);
  if (!parsed.ok)
    findings.error(valueSpan(spot), `${aboutOf(place)}: \`${brief(name)}\` ${parsed.failure}`);
}
