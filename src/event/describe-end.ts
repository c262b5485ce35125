import { unreachable } from '../base/unreachable.ts';
import { processNames } from './process-names.ts';

import type { Exit, LaunchFailure, ProcessRef } from '../executor/executor.ts';

/** How a command ended, as a noun: `exit code 1`, `signal KILL`. */
export function describeExit(exit: Exit): string {
  switch (exit.kind) {
    case 'code':
      return `exit code ${exit.code}`;
    case 'signal':
      return exit.by === 'engine'
        ? `signal ${exit.signal} from somebody else, through the container engine`
        : `signal ${exit.signal}`;
    case 'outOfMemory':
      return 'out of memory';
    case 'lost':
      return `lost: ${exit.detail}`;
    default:
      return unreachable(exit);
  }
}

/** Who took a port, where that is known, to follow `is taken`. */
export const takenBy = ({ by }: { readonly by?: ProcessRef }): string =>
  by ? ` by ${processNames([by])}` : '';

/** Why a command could not be started, as what follows a colon. */
export function describeLaunchFailure(failure: LaunchFailure): string {
  switch (failure.kind) {
    case 'commandNotFound':
      return `command '${failure.command}' was not found`;
    case 'directoryMissing':
      return `there is no directory ${failure.directory}`;
    case 'volumeMissing':
      return failure.isHere === true
        ? `its volume ${failure.source} names ${failure.path}, which the container engine does not see`
        : `its volume ${failure.source} names ${failure.path}, which is not there`;
    case 'imageUnavailable':
      return `image ${failure.image} cannot be had: ${failure.detail}`;
    case 'portTaken':
      return `port ${failure.port} of this machine is taken${takenBy(failure)}`;
    case 'refused':
    case 'environment':
      return failure.detail;
    case 'abandoned':
      return 'it was no longer wanted';
    default:
      return unreachable(failure);
  }
}
