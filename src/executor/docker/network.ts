import { setTimeout as delay } from 'node:timers/promises';

import { fail, ok } from '../../base/result.ts';
import { askAgain, askToRemove, isTaken, messageOf, statusOf } from './asking.ts';

import type Docker from 'dockerode';
import type { Result } from '../../base/result.ts';

/** What the containers of a sandbox see one another by. */
export interface SandboxNetwork {
  readonly name: string;
  /** The address of this machine in it, where it has one. */
  readonly gateway?: string;
  /** Removes it if it was made for the sandbox. */
  close(): Promise<void>;
}

/** Makes a network of the sandbox's own. The failure is a sentence. */
export async function makeNetwork(
  docker: Docker,
  name: string,
  labels: Readonly<Record<string, string>>,
): Promise<Result<SandboxNetwork, string>> {
  try {
    const network = await askAgain(docker, async (late) => {
      try {
        const made = await docker.createNetwork({
          Name: name,
          Labels: { ...labels },
          CheckDuplicate: true,
          abortSignal: late,
        });
        return docker.getNetwork(made.id);
      } catch (error) {
        // The name is ours alone: it was made by a request whose answer was lost.
        if (!isTaken(error)) throw error;
        return docker.getNetwork(name);
      }
    });
    const gateway = await gatewayOf(docker, network);
    return ok({
      name,
      ...(gateway !== undefined && { gateway }),
      close: () => leave(docker, network),
    });
  } catch (error) {
    return fail(`no network can be made: ${messageOf(error)}`);
  }
}

/** A network that is there already: by its name, or the machine's own as `host`. The failure is a sentence. */
export async function useNetwork(
  docker: Docker,
  name: string,
): Promise<Result<SandboxNetwork, string>> {
  const close = (): Promise<void> => Promise.resolve();
  if (name === 'host') return ok({ name, close });
  try {
    const gateway = await gatewayOf(docker, docker.getNetwork(name));
    return ok({ name, ...(gateway !== undefined && { gateway }), close });
  } catch (error) {
    const isMissing = statusOf(error) === 404;
    const detail = isMissing ? 'there is none of that name' : messageOf(error);
    return fail(`the network '${name}' of DOCKER_NETWORK cannot be used: ${detail}`);
  }
}

/** A container that is gone may be counted as being in it for a moment. */
async function leave(docker: Docker, network: Docker.Network): Promise<void> {
  const until = performance.now() + countingMs;
  for (;;) {
    try {
      await askToRemove(docker, (late) => network.remove({ abortSignal: late }));
      return;
    } catch (error) {
      if (statusOf(error) !== 403 || performance.now() > until) throw error;
      await delay(100);
    }
  }
}

const countingMs = 5_000;

async function gatewayOf(docker: Docker, network: Docker.Network): Promise<string | undefined> {
  const { IPAM } = await askAgain(docker, () => network.inspect());
  const gateways = IPAM?.Config?.map(({ Gateway }) => Gateway) ?? [];
  const gateway = gateways.find((each) => each !== undefined && /^\d+(\.\d+){3}/.test(each));
  return gateway?.replace(/\/.*$/, '');
}
