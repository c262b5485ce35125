import { isSettled } from '../../event/image-view.ts';
import { cleanLine } from '../../report/clean.ts';
import { paint, signsOf } from '../../report/look.ts';
import { formatShare } from '../../report/size.ts';
import { pad, widthOf } from '../../report/width.ts';
import { ticking } from '../../report/node-line.ts';

import type { ImageView } from '../../event/image-view.ts';
import type { RunView } from '../../event/view.ts';
import type { Look } from '../../report/look.ts';

/** Longer names of images are cut when there is more than one. */
const widestName = 40;

/** A line for each image that is being pulled; in the last one of `most`, how many more there are. */
export function imageRows(view: RunView, now: number, look: Look, most: number): string[] {
  if (hasLostItsPoint(view)) return [];
  const pulls = [...view.images.values()].filter(
    (image) => image.pullingSince !== undefined && !isSettled(image),
  );
  const shown = pulls.length > most ? pulls.slice(0, most - 1) : pulls;
  const names = shown.map(({ progress }) => cleanLine(progress.image));
  const columns = Math.min(widestName, Math.max(0, ...names.map(widthOf)));
  const { waiting, ellipsis } = signsOf(look);
  const sign = paint(look, 'warn', waiting);
  const rows = shown.map((image, index) => {
    const name = pad(names[index]!, columns, ellipsis);
    return `${sign} pulling ${name}  ${howFar(image, now)}`;
  });
  const more = pulls.length - shown.length;
  return more === 0 ? rows : [...rows, paint(look, 'dim', `${ellipsis} pulling ${more} more`)];
}

function howFar({ progress, at, pullingSince }: ImageView, now: number): string {
  if (progress.kind === 'retrying') {
    const left = ticking(at + progress.delayMs - now);
    return `again in ${left}: ${cleanLine(progress.detail)}`;
  }
  const time = ticking(now - (pullingSince ?? now));
  if (progress.kind !== 'pulling') return time;
  const { doneBytes, totalBytes, doneLayers, totalLayers } = progress;
  return [
    ...(totalBytes > 0 ? [formatShare(doneBytes, totalBytes)] : []),
    ...(totalLayers > 0 ? [`${doneLayers}/${totalLayers} layers`] : []),
    time,
  ].join('  ');
}

/** Nothing is pulled any more for a run that was cancelled or has failed, whatever was told last. */
const hasLostItsPoint = ({ cancelledBy, cause, nodes }: RunView): boolean =>
  cancelledBy !== undefined ||
  cause !== undefined ||
  [...nodes.values()].some((node) =>
    node.kind === 'step'
      ? node.outcome === 'failed' || node.outcome === 'timed-out'
      : node.kind === 'service' && node.verdict === 'fail',
  );
