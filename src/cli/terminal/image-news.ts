import { formatDuration } from '../../base/duration.ts';
import { unreachable } from '../../base/unreachable.ts';
import { count, roundly } from '../../report/describe.ts';
import { formatShare, formatSize } from '../../report/size.ts';

import type { Recorded, RunEvent } from '../../event/event.ts';
import type { ImageView } from '../../event/image-view.ts';
import type { RunView } from '../../event/view.ts';
import type { Milestone } from './milestones.ts';

/**
 * What is worth a line of how an image is had. `undefined` for one that was there already. That a
 * pull goes on is told every time; whoever prints it chooses how often.
 */
export function imageNews(
  { progress }: Recorded<Extract<RunEvent, { type: 'image.progress' }>>,
  view: RunView,
): Milestone | undefined {
  const { image } = progress;
  switch (progress.kind) {
    case 'pulling': {
      const { doneBytes, totalBytes, doneLayers, totalLayers } = progress;
      const layers = totalLayers === 0 ? '' : `, ${doneLayers} of ${count(totalLayers, 'layer')}`;
      const far = totalBytes === 0 ? '' : `: ${formatShare(doneBytes, totalBytes)}${layers}`;
      return { kind: 'event', text: `pulling ${image}${far}` };
    }
    case 'retrying': {
      const again = `trying again in ${roundly(progress.delayMs)}`;
      return { kind: 'warning', text: `image ${image}: ${progress.detail}; ${again}` };
    }
    case 'there': {
      const known = view.images.get(image);
      if (progress.pulled) return { kind: 'good', text: `pulled ${image}${bill(known)}` };
      if (known?.pullingSince === undefined) return undefined;
      return { kind: 'event', text: `${image} is there, and nothing had to be pulled` };
    }
    case 'missing':
      return { kind: 'bad', text: `image ${image} cannot be had: ${progress.detail}` };
    default:
      return unreachable(progress);
  }
}

/** How long a pull took, and how much it brought. */
function bill(image: ImageView | undefined): string {
  if (image?.pullingSince === undefined) return '';
  const time = ` in ${formatDuration(image.at - image.pullingSince)}`;
  const { doneBytes = 0, totalLayers = 0 } = image.pull ?? {};
  return doneBytes === 0
    ? time
    : `${time}, ${formatSize(doneBytes)} in ${count(totalLayers, 'layer')}`;
}
