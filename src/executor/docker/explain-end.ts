import { isForeign, signalOf, toExit } from './exit.ts';

import type { Exit } from '../executor.ts';
import type { ContainerEnd } from './container-end.ts';
import type { Container } from './container.ts';
import type { EngineEvents } from './engine-events.ts';

/** What an end is looked at with. */
export interface Asked {
  readonly container: Container;
  readonly events: EngineEvents;
  /** The signals that we had the engine send, without the `SIG`. */
  readonly ours: readonly string[];
  /** Whether there is memory that it may have no more than. */
  readonly hasLimit?: boolean;
  /** The engine says 0 of a container that it has removed in the meantime. */
  readonly forgetsCodes: boolean;
}

/** So long the engine may take to tell of an end that it has answered with. */
const newsMs = 1_000;

/** How a task ended whose container ended so. More is found out where the end alone leaves it open whose doing it was. */
export async function explainEnd(
  end: ContainerEnd,
  { container, events, ours, hasLimit, forgetsCodes }: Asked,
): Promise<Exit> {
  const isOdd = end.kind === 'exited' && (signalOf(end.code) !== undefined || end.wasUnwatched);
  const heard = isOdd ? await events.ofDead(container.id, newsMs) : events.of(container.id);
  const witness = {
    heard,
    ours,
    outOfMemory: false,
    engineWasGone: heard.signals.some(isForeign(ours)) && (await events.engineIsGone()),
  };
  const wasKilled = end.kind === 'exited' && signalOf(end.code) === 'KILL';
  const isDoubtful = wasKilled || (end.kind === 'exited' && end.code === 0 && forgetsCodes);
  if (!isDoubtful || ours.includes('KILL')) return toExit(end, witness);
  const { isGone, outOfMemory } = await container.fate();
  const removed = heard.removed || isGone;
  const isTold = outOfMemory || removed || heard.signals.length > 0 || heard.stopped === true;
  // It may tell that memory ran out after it has told of the death.
  if (wasKilled && !isTold && hasLimit === true)
    return toExit(end, { ...witness, heard: await events.ofStarved(container.id, newsMs) });
  return toExit(end, { ...witness, heard: { ...heard, removed }, outOfMemory });
}
