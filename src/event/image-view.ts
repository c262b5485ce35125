import type { ImageProgress } from '../executor/executor.ts';

/** How far the pull of an image has come. */
export type PullProgress = Extract<ImageProgress, { kind: 'pulling' }>;

/** What is known of one image that tasks wait for, or waited for. */
export interface ImageView {
  /** What was told of it last, and when. */
  readonly progress: ImageProgress;
  readonly at: number;
  /** When its pull began, the first time if it was retried, or when there could be none. Absent: there was none. */
  readonly pullingSince?: number;
  /** What was told last of how far the pull had come. */
  readonly pull?: PullProgress;
}

/** Takes what is told of an image into the view of it; `before` is what was known. */
export function foldImage(
  before: ImageView | undefined,
  progress: ImageProgress,
  at: number,
): ImageView {
  // An image that was there may have to be pulled all the same, and then from the start; so may one that was missing.
  const isAnew = before && isSettled(before) && progress.kind !== 'there';
  const pulled = isAnew ? undefined : before;
  const pull = progress.kind === 'pulling' ? progress : pulled?.pull;
  const began = progress.kind === 'there' ? undefined : at;
  const pullingSince = pulled?.pullingSince ?? began;
  return {
    progress,
    at,
    ...(pullingSince !== undefined && { pullingSince }),
    ...(pull && { pull }),
  };
}

/** Whether it is known that the image is there, or that it cannot be had. */
export const isSettled = ({ progress: { kind } }: ImageView): boolean =>
  kind === 'there' || kind === 'missing';
