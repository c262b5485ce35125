import type { NodeView } from '../event/view.ts';

/** What is said of something that was not done when its run was lost. `undefined`: it was, or had not begun. */
export const lostWhile = (state: NodeView['state']): string | undefined =>
  state === 'ended' || state === 'pending' ? undefined : `lost while ${state}`;
