import type { Cause } from './outcome.ts';
import type { ResumeTo } from './run-command.ts';

/** Why a run is paused. */
export type PauseReason =
  /** Somebody asked for it. */
  | { readonly kind: 'asked'; readonly by: string }
  /** It was only to be loaded: nothing of it has begun. */
  | { readonly kind: 'loaded' }
  /** It was to stop here: this step, service or group would begin now. */
  | { readonly kind: 'break'; readonly before: string }
  /** Something failed, and nothing has followed from that yet. The run ends with it once it goes on. */
  | { readonly kind: 'failure'; readonly cause: Cause };

/** How far a run goes on that was paused. */
export type PauseEnd = { readonly by: string; readonly to: ResumeTo };
