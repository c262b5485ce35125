import { describe, it } from 'node:test';

import { docker, missing } from '../rig/docker.ts';
import { closedTo, rootlessMissing, withRootlessPodman } from '../rig/rootless-podman.ts';
import { containerNetworkContract } from './container-network.ts';
import { dockerSubject } from './docker-subject.ts';

/** Set where this file is run a second time, by a user without rights who has a Podman. */
const isInside = process.env['CONTINUO_TEST_ROOTLESS'] !== undefined;
/** A checkout in somebody's home, say: nothing is wrong with that. */
const closed = isInside ? undefined : closedTo([import.meta.filename, process.execPath]);
/** Its storage copies an image whole for each container: too slow for every run of the suite. */
const isWanted = process.env['CONTINUO_ROOTLESS'] !== undefined;
const lacking = isInside
  ? undefined
  : isWanted
    ? (rootlessMissing() ?? missing)
    : '`npm run soak` has it';

if (isInside) {
  // What differs from an engine with root is how its containers are reached.
  describe('Podman without root', () => containerNetworkContract(() => dockerSubject(process.env)));
} else if (lacking === undefined && closed === undefined) {
  const words = [process.execPath, ...process.execArgv, import.meta.filename];
  const code = await withRootlessPodman(docker, ['node'], words, {
    CONTINUO_TEST_ROOTLESS: 'inside',
  });
  process.exitCode = code;
} else {
  const why = `podman (rootless) was not exercised: ${lacking ?? `others may not pass through ${closed}`}`;
  void it('containers are reached on Podman without root', { skip: why });
}
