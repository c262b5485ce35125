import { addressTexts } from './addresses.ts';
import { describeCause } from './describe-cause.ts';
import { nameOf } from './describe.ts';

import type { PauseReason } from '../event/pause.ts';
import type { RunView, ServiceView } from '../event/view.ts';

/** Why a run is paused, to follow its name or to stand alone. */
export function pauseWords(why: PauseReason, view: RunView): string {
  switch (why.kind) {
    case 'asked':
      return `paused by ${why.by}`;
    case 'loaded':
      return 'loaded: nothing has begun';
    case 'break':
      return `paused before '${nameOf(view, why.before)}'`;
    case 'failure':
      return `paused: ${describeCause({ ...view, cause: why.cause })?.sentence ?? 'it failed'}`;
    default:
      return why satisfies never;
  }
}

/** What can be done about a pause, by whom has no picture of the run: commands, and where services are reached. */
export function pauseHints(why: PauseReason, view: RunView): string {
  const run = shortOf(view.run);
  const reached = servicesUp(view).map(
    ({ name, addresses }) => `${name} at ${addressTexts(addresses).join(' and ')}`,
  );
  const up = reached.length === 0 ? '' : `; up are ${reached.join(', ')}`;
  const how =
    why.kind === 'failure'
      ? `look with \`continuo logs ${run}\`, end it with \`continuo resume ${run}\``
      : `go on with \`continuo resume ${run}\` (\`--next\`: by one), end it with \`continuo kill ${run}\``;
  return `${how}${up}`;
}

/** An id is found by what comes after its last hyphen, too. */
const shortOf = (run: string): string => run.slice(run.lastIndexOf('-') + 1);

const servicesUp = ({ nodes }: RunView): readonly ServiceView[] =>
  [...nodes.values()].filter(
    (node): node is ServiceView =>
      node.kind === 'service' && node.addresses.length > 0 && isUp(node.state),
  );

const isUp = (state: ServiceView['state']): boolean => state === 'running' || state === 'ready';
