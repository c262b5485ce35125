import { isAborted } from '../base/abort.ts';
import { formatDuration } from '../base/duration.ts';
import { fail, ok } from '../base/result.ts';
import { probeOnce } from './probe-once.ts';
import { localPort } from '../plan/order.ts';
import { Reports } from './probe-reports.ts';

import type { Clock } from '../base/clock.ts';
import type { Result } from '../base/result.ts';
import type { ProbeReport, ServiceEnd } from '../event/outcome.ts';
import type { Task } from '../executor/executor.ts';
import type { Probe } from '../plan/plan.ts';
import type { AskedProbe } from './probe-once.ts';
import type { ProbeAnswer, Dial } from './dial.ts';
import type { LineWatch } from './line-watch.ts';
import type { NotReady } from './probe-reports.ts';

/** What a readiness check works with. */
export interface ReadinessWorld {
  readonly clock: Clock;
  readonly dial: Dial;
  readonly task: Task;
  readonly lines: LineWatch;
  /** The service's own environment, for commands. */
  readonly environment: Readonly<Record<string, string>>;
  readonly startedAt: number;
  /** Hears how far each probe got, now and then while nothing is decided. */
  heard(asked: readonly ProbeReport[]): void;
}

/**
 * Asks until every probe has passed once, or until it is clear that one will not. Settles as well
 * when `signal` aborts; its value means nothing then.
 */
export async function becomeReady(
  probes: readonly Probe[],
  world: ReadinessWorld,
  signal: AbortSignal,
): Promise<Result<void, ServiceEnd>> {
  const reports = new Reports(probes, world);
  const undecided = new AbortController();
  const asking = AbortSignal.any([signal, undecided.signal]);
  if (probes.some(({ kind }) => kind === 'http')) void world.dial.prepare();
  let failure: ServiceEnd | undefined;
  await Promise.all(
    probes.map(async (probe, index) => {
      const end = await pass(probe, world, asking, (answer) => reports.take(index, answer));
      if (!end) return;
      failure ??= 'kind' in end ? end : reports.notReady(end.inVainMs);
      undecided.abort();
    }),
  );
  undecided.abort();
  if (!failure) return ok(undefined);
  return fail(
    failure.kind === 'not-ready' ? await withPorts(failure, probes, world.task) : failure,
  );
}

/** With where it listens, when that is none of the ports that it was asked at. */
async function withPorts(end: NotReady, probes: readonly Probe[], task: Task): Promise<ServiceEnd> {
  const asked = probes.map(localPort).filter((port) => port !== undefined);
  if (asked.length === 0) return end;
  const listensOn = await task.ports().catch(() => undefined);
  if (!listensOn || listensOn.some((port) => asked.includes(port))) return end;
  return { ...end, listensOn };
}

/** Asks one probe at its pace. Answers nothing once it passed or nobody wants to know any more. */
async function pass(
  probe: Probe,
  world: ReadinessWorld,
  signal: AbortSignal,
  take: (answer: ProbeAnswer) => void,
): Promise<InVain | ServiceEnd | undefined> {
  const { clock, startedAt } = world;
  const decided = new AbortController();
  const late = new AbortController();
  const asking = AbortSignal.any([signal, late.signal]);
  const deadline = AbortSignal.any([signal, decided.signal]);
  void untilLate(startedAt + probe.timeoutMs, clock, deadline).then(() => late.abort());
  try {
    const end =
      probe.kind === 'log'
        ? await listen(probe.pattern, world, asking, take)
        : await askAgainAndAgain(probe, world, asking, take);
    if (end === 'passed' || isAborted(signal)) return undefined;
    return end ?? { inVainMs: isAborted(late.signal) ? probe.timeoutMs : clock.now() - startedAt };
  } finally {
    decided.abort();
  }
}

/** So long a probe was asked, and did not pass. */
interface InVain {
  readonly inVainMs: number;
}

/**
 * Settles at this moment, or when `signal` aborts. What a busy machine made us oversleep is given once more:
 * answers that came meanwhile, or questions that could not be asked, are not the service's fault.
 */
async function untilLate(at: number, clock: Clock, signal: AbortSignal): Promise<void> {
  await clock.sleep(at - clock.now(), signal);
  const oversleptMs = clock.now() - at;
  if (oversleptMs >= noticeableMs)
    await clock.sleep(Math.min(oversleptMs, mostOversleptMs), signal);
}

/** A timer that is later than that had to wait for a turn. */
const noticeableMs = 20;

/** A machine that was asleep itself is another matter. */
const mostOversleptMs = 1_000;

/** Hears every line, so nothing has to be asked; tells now and then that there was nothing. */
async function listen(
  pattern: string,
  { lines, clock }: ReadinessWorld,
  signal: AbortSignal,
  take: (answer: ProbeAnswer) => void,
): Promise<'passed' | undefined> {
  const found = lines.find(pattern, signal);
  const pause = async (): Promise<ProbeAnswer> => {
    await clock.sleep(1_000, signal);
    return lines.progress;
  };
  while (!isAborted(signal)) {
    const answer = await Promise.race([found, pause()]);
    take(answer);
    if (answer.passed) return 'passed';
  }
  return undefined;
}

async function askAgainAndAgain(
  probe: AskedProbe,
  world: ReadinessWorld,
  signal: AbortSignal,
  take: (answer: ProbeAnswer) => void,
): Promise<'passed' | ServiceEnd | undefined> {
  const { clock } = world;
  let isHasty = false;
  let before: ProbeAnswer | undefined;
  while (!isAborted(signal)) {
    const askedAt = clock.now();
    const answer = await probeOnce(probe, world, isHasty, signal);
    const answeredAt = clock.now();
    if (isAborted(signal)) {
      const silentMs = answeredAt - askedAt;
      const silence = `no answer for ${formatDuration(silentMs)}`;
      // A question that was cut off at once says less than the answer before it.
      if (!before || silentMs >= silenceMs)
        take({ passed: false, text: before ? `${before.text}, then ${silence}` : silence });
      break;
    }
    if ('kind' in answer) return answer;
    before = answer;
    take(answer);
    if (answer.passed) return 'passed';
    if (answer.isLast === true) break;
    const asked = { askedAt, answeredAt, wasHasty: isHasty };
    isHasty = await pause(probe, asked, world, signal);
  }
  return undefined;
}

/**
 * Waits until it is time to ask again: at the probe's own interval, else at the usual pace, or as
 * soon as the service has said something, which is often that it is ready. Answers whether that was
 * so: the next time it is not, for a service may well say that it was asked.
 */
async function pause(
  { kind, intervalMs }: AskedProbe,
  { askedAt, answeredAt, wasHasty }: Asked,
  { clock, lines, startedAt }: ReadinessWorld,
  signal: AbortSignal,
): Promise<boolean> {
  const sleepUntil = (at: number, until: AbortSignal): Promise<void> =>
    clock.sleep(Math.max(at - clock.now(), 1), until);
  if (intervalMs !== undefined) {
    await sleepUntil(askedAt + intervalMs, signal);
    return false;
  }
  // A command is given as long a rest as it took: it costs the machine much more than a connection.
  const rested =
    answeredAt +
    (kind === 'exec' || kind === 'health' ? Math.max(hastyMs, answeredAt - askedAt) : hastyMs);
  const turn = Math.max(askedAt + paceMs(askedAt - startedAt), rested);
  if (wasHasty) {
    await sleepUntil(turn, signal);
    return false;
  }
  const over = new AbortController();
  await Promise.race([sleepUntil(turn, AbortSignal.any([signal, over.signal])), lines.spoken]);
  over.abort();
  if (clock.now() < rested) await sleepUntil(rested, signal);
  return clock.now() < turn;
}

interface Asked {
  readonly askedAt: number;
  readonly answeredAt: number;
  /** It was asked before its turn. */
  readonly wasHasty: boolean;
}

/** To say nothing for so long is an answer, too. */
const silenceMs = 1_000;

/** So long a service is let be between an answer and the next question, however talkative. */
const hastyMs = 1;

/** Often while a service is young: most are ready soon, and then every millisecond counts. */
const paceMs = (ageMs: number): number => (ageMs < 2_000 ? 20 : ageMs < 5_000 ? 50 : 250);
