import { formatDuration } from '../base/duration.ts';
import { fail, ok } from '../base/result.ts';
import { unreachable } from '../base/unreachable.ts';
import { localPort } from '../plan/order.ts';
import { toCommandSpec } from './script.ts';

import type { Clock } from '../base/clock.ts';
import type { Result } from '../base/result.ts';
import type { ProbeReport, ServiceEnd } from '../event/outcome.ts';
import type { Exit, Task } from '../executor/executor.ts';
import type { Probe } from '../plan/plan.ts';
import type { Answer, Dial } from './dial.ts';
import type { LineWatch } from './line-watch.ts';

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
  let failure: ServiceEnd | undefined;
  await Promise.all(
    probes.map(async (probe, index) => {
      const end = await pass(probe, world, asking, (answer) => reports.take(index, answer));
      if (!end) return;
      failure ??= end === 'late' ? reports.notReady() : end;
      undecided.abort();
    }),
  );
  undecided.abort();
  return failure ? fail(failure) : ok(undefined);
}

/** Asks one probe at its pace. Answers nothing once it passed or nobody wants to know any more. */
async function pass(
  probe: Probe,
  world: ReadinessWorld,
  signal: AbortSignal,
  take: (answer: Answer) => void,
): Promise<'late' | ServiceEnd | undefined> {
  const { clock, startedAt } = world;
  const decided = new AbortController();
  const late = new AbortController();
  const asking = AbortSignal.any([signal, late.signal]);
  const deadline = AbortSignal.any([signal, decided.signal]);
  void clock.sleep(startedAt + probe.timeoutMs - clock.now(), deadline).then(() => late.abort());
  try {
    const end =
      probe.kind === 'log'
        ? await listen(probe.pattern, world, asking, take)
        : await askAgainAndAgain(probe, world, asking, take);
    if (end === 'passed' || isAborted(signal)) return undefined;
    return end ?? 'late';
  } finally {
    decided.abort();
  }
}

/** Hears every line, so nothing has to be asked; tells now and then that there was nothing. */
async function listen(
  pattern: string,
  { lines, clock }: ReadinessWorld,
  signal: AbortSignal,
  take: (answer: Answer) => void,
): Promise<'passed' | undefined> {
  const found = lines.find(pattern, signal);
  const pause = async (): Promise<Answer> => {
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
  take: (answer: Answer) => void,
): Promise<'passed' | ServiceEnd | undefined> {
  const { clock } = world;
  while (!isAborted(signal)) {
    const askedAt = clock.now();
    const answer = await ask(probe, world, signal);
    const answeredAt = clock.now();
    if (isAborted(signal)) break;
    const verified = answer.passed ? await verify(probe, world.task, answer) : answer;
    if ('kind' in verified) return verified;
    take(verified);
    if (verified.passed) return 'passed';
    await pause(probe, { askedAt, answeredAt }, world, signal);
  }
  return undefined;
}

/**
 * Waits until it is time to ask again: at the probe's own interval, else at the usual pace, or as
 * soon as the service has said something, which is often that it is ready.
 */
async function pause(
  { intervalMs }: AskedProbe,
  { askedAt, answeredAt }: { readonly askedAt: number; readonly answeredAt: number },
  { clock, lines, startedAt }: ReadinessWorld,
  signal: AbortSignal,
): Promise<void> {
  const sleepUntil = (at: number, until: AbortSignal): Promise<void> =>
    clock.sleep(Math.max(at - clock.now(), 1), until);
  if (intervalMs !== undefined) {
    await sleepUntil(askedAt + intervalMs, signal);
    return;
  }
  const over = new AbortController();
  const waiting = AbortSignal.any([signal, over.signal]);
  const turn = askedAt + paceMs(askedAt - startedAt);
  // A command that takes long to answer is given as long a rest.
  const rested = answeredAt + Math.max(hastyMs, answeredAt - askedAt);
  await Promise.race([sleepUntil(Math.max(turn, rested), waiting), lines.spoken]);
  over.abort();
  if (clock.now() < rested) await sleepUntil(rested, signal);
}

/** So long a service is let be between an answer and the next question, however talkative. */
const hastyMs = 5;

/** Often while a service is young: most are ready soon, and then every millisecond counts. */
const paceMs = (ageMs: number): number => (ageMs < 2_000 ? 20 : ageMs < 5_000 ? 50 : 250);

/** A probe that is a question; a `log` probe only listens. */
type AskedProbe = Exclude<Probe, { kind: 'log' }>;

function ask(probe: AskedProbe, world: ReadinessWorld, signal: AbortSignal): Promise<Answer> {
  const { task, dial } = world;
  switch (probe.kind) {
    case 'tcp': {
      const own = localPort(probe);
      return dial.tcp(own === undefined ? probe : task.reach(own), signal);
    }
    case 'http': {
      const own = localPort(probe);
      return dial.http(probe, own === undefined ? undefined : task.reach(own), signal);
    }
    case 'exec':
      return askCommand(probe, world, signal);
    default:
      return unreachable(probe);
  }
}

async function askCommand(
  { run }: Extract<Probe, { kind: 'exec' }>,
  { task, environment }: ReadinessWorld,
  signal: AbortSignal,
): Promise<Answer> {
  const ended = await task.exec({ run: toCommandSpec(run, ''), environment }, signal);
  if (!ended.ok) {
    const { failure } = ended;
    return { passed: false, text: 'detail' in failure ? failure.detail : describeLaunch(failure) };
  }
  const { exit, output } = ended.value;
  const said = output.trim().split('\n').at(-1) ?? '';
  return {
    passed: exit.kind === 'code' && exit.code === 0,
    text: said === '' ? describeEnd(exit) : `${describeEnd(exit)}: ${said.slice(0, 200)}`,
  };
}

const describeLaunch = (failure: { kind: string; command?: string; directory?: string }): string =>
  failure.command !== undefined
    ? `command not found: ${failure.command}`
    : (failure.directory ?? failure.kind);

const describeEnd = (exit: Exit): string =>
  exit.kind === 'code'
    ? `exit code ${exit.code}`
    : exit.kind === 'signal'
      ? `signal ${exit.signal}`
      : exit.kind;

/** An answer on the service's port counts only if it is the service that gave it. */
async function verify(
  probe: Probe,
  task: Task,
  answer: Answer,
): Promise<Answer | Extract<ServiceEnd, { kind: 'port-taken' }>> {
  const port = localPort(probe);
  if (port === undefined) return answer;
  const listening = await task.listens(port);
  switch (listening.by) {
    case 'task':
    case 'unknown':
      return answer;
    case 'nobody':
      return { passed: false, text: `${answer.text}, then nobody listened` };
    case 'stranger':
      return { kind: 'port-taken', port, by: listening.stranger };
    default:
      return unreachable(listening);
  }
}

/** How far the probes got, told when an answer changes and every five seconds besides. */
class Reports {
  readonly #world: ReadinessWorld;
  readonly #reports: ProbeReport[];
  #toldAt: number;

  constructor(probes: readonly Probe[], world: ReadinessWorld) {
    this.#world = world;
    this.#toldAt = world.startedAt;
    this.#reports = probes.map((probe) => ({
      probe: describeProbe(probe),
      passed: false,
      times: 0,
      answer: 'not asked yet',
    }));
  }

  take(index: number, { passed, text }: Answer): void {
    const before = this.#reports[index]!;
    this.#reports[index] = { ...before, passed, times: before.times + 1, answer: text };
    const now = this.#world.clock.now();
    const quietMs = before.answer === text || passed ? 5_000 : 1_000;
    if (now - this.#toldAt < quietMs) return;
    this.#toldAt = now;
    this.#world.heard([...this.#reports]);
  }

  notReady(): ServiceEnd {
    const afterMs = this.#world.clock.now() - this.#world.startedAt;
    return { kind: 'not-ready', afterMs, asked: [...this.#reports] };
  }
}

/** A probe as a person would name it. */
export function describeProbe(probe: Probe): string {
  switch (probe.kind) {
    case 'tcp':
      return `tcp ${probe.host}:${probe.port}`;
    case 'http':
      return `GET ${probe.url}`;
    case 'exec':
      return `exec ${probe.run.kind === 'argv' ? probe.run.argv.join(' ') : probe.run.lines.join('; ')}`;
    case 'log':
      return `log /${probe.pattern}/ within ${formatDuration(probe.timeoutMs)}`;
    default:
      return unreachable(probe);
  }
}

/** `signal.aborted`, asked anew: the compiler believes it cannot change across an await. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;
