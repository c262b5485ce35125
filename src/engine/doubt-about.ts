import { formatDuration } from '../base/duration.ts';
import { processNames } from '../event/process-names.ts';

import type { ServiceEnd } from '../event/outcome.ts';

/** A service that is done this soon was perhaps never meant to be one. */
const suspiciouslySoonMs = 5_000;

/** What is worth a word when a service ended by itself and well, if anything is. */
export function doubtAbout({
  afterMs,
  leftBehind,
}: Extract<ServiceEnd, { kind: 'completed' }>): string | undefined {
  const how = `ended by itself with exit code 0 after ${formatDuration(afterMs)}`;
  if (leftBehind) {
    return `${how}, and what it left behind was ended with it: ${processNames(leftBehind)}; run it in the foreground`;
  }
  return afterMs < suspiciouslySoonMs ? `${how}; a service is expected to stay` : undefined;
}
