import { setImmediate } from 'node:timers/promises';

import { Changes } from '../base/changes.ts';
import { fail, ok } from '../base/result.ts';
import { unreachable } from '../base/unreachable.ts';
import { describeLaunchFailure } from '../event/describe-end.ts';
import { doubtAbout } from './doubt-about.ts';
import { launchService, serviceAddresses } from './launch.ts';
import { leftoverWarnings } from './leftovers.ts';
import { LineWatch } from './line-watch.ts';
import { becomeReady } from './readiness.ts';
import { readTests } from './read-tests.ts';
import { timeMarkOf, toldLines } from './script.ts';
import { advance } from './service-state.ts';
import { tellState } from './tell-state.ts';
import { endTask, leftoverStop, pump } from './task-watch.ts';

import type { Result } from '../base/result.ts';
import type { OutputSink } from '../event/event.ts';
import type { Cause, ServiceEnd, SkipReason } from '../event/outcome.ts';
import type { Sandbox, StopHow, Task } from '../executor/executor.ts';
import type { Service as ServicePlan } from '../plan/plan.ts';
import type { Launched } from './launch.ts';
import type { Surroundings } from './attempt.ts';
import type { StageContext } from './run-context.ts';
import type {
  ServiceCommand,
  ServiceInput,
  ServiceRule,
  ServiceState,
  Verdict,
} from './service-state.ts';

/** So long what a service said last may take to get here once it has ended. */
const lastWordMs = 500;

/** One start of a service: what is thrown away when it starts again. */
interface Start {
  readonly launched: Launched;
  readonly at: number;
  readonly sink: OutputSink;
  readonly lines: LineWatch;
  /** Settles once everything it said is recorded. */
  readonly pumped: Promise<void>;
}

export type Ended = { readonly end: ServiceEnd; readonly verdict?: Verdict };

/** Runs one background service: carries out what `advance` decides, and tells what happened. */
export class Service {
  readonly spec: ServicePlan;
  readonly #context: StageContext;
  readonly #rule: ServiceRule;
  readonly #changes = new Changes();
  #ended = Promise.withResolvers<Ended>();
  #state: ServiceState = { kind: 'waiting' };
  /** What it was started or skipped in. */
  #around: Surroundings | undefined;
  #start: Start | undefined;
  /** When the first start of its life was. */
  #began: number | undefined;
  /** Ends every wait of the state it was made for. */
  #present = new AbortController();
  #isLeft = false;

  constructor(spec: ServicePlan, context: StageContext) {
    this.spec = spec;
    this.#context = context;
    this.#rule = {
      onExit: spec.onExit,
      hasProbes: spec.ready.length > 0,
      graceMs: spec.stop.graceMs,
      needsImage: context.servicesNeedImages,
    };
    context.signal.addEventListener(
      'abort',
      () => {
        const { kind } = this.#state;
        if (kind === 'waiting' || kind === 'restarting') this.stop();
      },
      { once: true },
    );
  }

  /** Settles once nothing of it runs and it will not start again. */
  get ended(): Promise<Ended> {
    return this.#ended.promise;
  }

  /** Whether a step may rely on it at this moment. */
  get isReady(): boolean {
    return this.#state.kind === 'ready';
  }

  get #isUp(): boolean {
    return this.#state.kind === 'running' || this.#state.kind === 'ready';
  }

  /** Where it was last launched. */
  get sandbox(): Sandbox | undefined {
    return this.#start?.launched.sandbox;
  }

  /** Whether it runs on although its run has ended. */
  get isLeft(): boolean {
    return this.#isLeft;
  }

  /** Lets it be, whatever becomes of it: nobody looks after it any more. */
  leave(): void {
    if (!this.#isUp) return;
    this.#isLeft = true;
    this.#present.abort();
    this.#context.recorder.event({ type: 'service.left', service: this.spec.id });
  }

  /** Whether it will never be ready any more, and how it ended. */
  get end(): Ended | undefined {
    return this.#state.kind === 'ended' && !this.#around?.comesAgain ? this.#state : undefined;
  }

  /** Whether it is not there, since a condition does not hold or what came before went otherwise. */
  get isSkipped(): boolean {
    const { end } = this.end ?? {};
    if (end?.kind !== 'skipped') return false;
    const { kind } = end.because;
    return kind === 'condition' || kind === 'success' || kind === 'failure';
  }

  /** What is told of it by who needs it in vain. */
  get asUnmet(): { readonly service: string; readonly isSkipped?: true } {
    return { service: this.spec.id, ...(this.isSkipped && { isSkipped: true }) };
  }

  /** Settles when it is ready or has ended, at once if it is or has; or when `signal` aborts. */
  settled(signal: AbortSignal): Promise<void> {
    return this.#changes.until(() => this.isReady || this.end !== undefined, signal);
  }

  /** Settles once it runs or has ended; at once while it waits for what it needs. */
  begun(): Promise<void> {
    const never = new AbortController().signal;
    return this.#changes.until(() => this.#state.kind !== 'starting', never);
  }

  /** Settles when it has ended and does not come again, or when `signal` aborts. */
  gone(signal: AbortSignal): Promise<void> {
    return this.#changes.until(() => this.end !== undefined, signal);
  }

  /** Has everybody who waits for it look again, since what it runs in has changed. */
  lookAgain(): void {
    this.#changes.tell();
  }

  /** Says that it does not start, and why. */
  skip(because: SkipReason, around: Surroundings): void {
    this.#enter(around);
    this.#take({ kind: 'passedOver', end: { kind: 'skipped', because } });
  }

  /** Says that it cannot start. */
  refuse(detail: string, around: Surroundings): void {
    this.#enter(around);
    const failure = { kind: 'refused', detail } as const;
    this.#take({ kind: 'passedOver', end: { kind: 'start-error', failure } });
  }

  /** Begins a new life where its group is attempted again. */
  #enter(around: Surroundings): void {
    const isAgain = this.#around !== undefined && this.#around !== around;
    this.#around = around;
    if (!isAgain || this.#state.kind !== 'ended') return;
    this.#ended = Promise.withResolvers();
    this.#start = undefined;
    this.#began = undefined;
    this.#state = { kind: 'waiting' };
  }

  /** What has not come to run when its surroundings have lost their point never will. */
  #heed(around: Surroundings): void {
    around.over.addEventListener(
      'abort',
      () => {
        if (this.#around !== around) return;
        const { kind } = this.#state;
        if (kind === 'waiting') this.skip(around.skipReason, around);
        else if (kind === 'starting') this.stop();
      },
      { once: true },
    );
  }

  /** Starts it once what it needs is ready. Returns at once. */
  start(around: Surroundings): void {
    this.#enter(around);
    this.#heed(around);
    const { needs } = this.spec;
    if (needs.length === 0) this.#take({ kind: 'needsMet' });
    else void this.#awaitNeeds(needs);
  }

  /** Asks for its end, whatever it is doing. `ended` tells when that is done. */
  stop(): void {
    this.#take({ kind: 'stop' });
  }

  async #awaitNeeds(needs: readonly string[]): Promise<void> {
    const { recorder, services } = this.#context;
    const needed = needs.map((id) => services.get(id)!);
    if (!needed.every((service) => service.isReady)) {
      recorder.event({ type: 'service.waiting', service: this.spec.id, needs });
    }
    const met = await allReady(needed, this.#present.signal);
    if (this.#state.kind !== 'waiting') return;
    if (met.ok) this.#take({ kind: 'needsMet' });
    else {
      const because = { kind: 'needs', ...met.failure.asUnmet } as const;
      this.#take({ kind: 'passedOver', end: { kind: 'skipped', because } });
    }
  }

  #take(input: ServiceInput): void {
    if (this.#isLeft) return;
    const before = this.#state;
    let [state, ...commands] = advance(before, input, this.#rule);
    // Nothing begins any more once the run has lost its point.
    if (this.#context.signal.aborted && (state.kind === 'waiting' || state.kind === 'restarting')) {
      [state, ...commands] = advance(state, { kind: 'stop' }, this.#rule);
    }
    this.#state = state;
    if (state.kind !== before.kind) this.#arrived(state);
    for (const command of commands) void this.#perform(command);
  }

  #arrived(state: ServiceState): void {
    this.#present.abort();
    this.#present = new AbortController();
    tellState(state, this.spec, this.#start?.at, this.#context);
    this.lookAgain();
    if (state.kind === 'ended') this.#settle(state);
  }

  #settle({ end, verdict }: Extract<ServiceState, { kind: 'ended' }>): void {
    const { recorder } = this.#context;
    const service = this.spec.id;
    recorder.event({ type: 'service.ended', service, end, ...(verdict && { verdict }) });
    const text = end.kind === 'completed' ? doubtAbout(end) : undefined;
    if (text !== undefined) recorder.event({ type: 'warning', about: service, text });
    void this.#leaveReports({ end, ...(verdict && { verdict }) });
  }

  /** What it wrote at its very end is read, too, before anybody goes on. */
  async #leaveReports(ended: Ended): Promise<void> {
    const { resolve } = this.#ended;
    if (this.#start && this.spec.reports) await readTests(this.spec, this.#began!, this.#context);
    resolve(ended);
  }

  /** By what the run fails, with what is known by now. */
  #causeOf(end: ServiceEnd): Cause {
    const { id } = this.spec;
    if (end.kind === 'image') {
      const detail = describeLaunchFailure(end.failure);
      return { kind: 'environment', task: id, detail };
    }
    const lastLines = this.#start?.sink.lastLines() ?? [];
    return { kind: 'service', service: id, end, lastLines };
  }

  async #perform(command: ServiceCommand): Promise<void> {
    switch (command.do) {
      case 'launch':
        await this.#launch();
        return;
      case 'abandon':
        // Entering `cancelling` has aborted the launch's signal.
        return;
      case 'probe':
        await this.#probe(command.task);
        return;
      case 'stop':
        await this.#clear(command.task, this.spec.stop);
        return;
      case 'clear':
        await this.#clear(command.task, leftoverStop);
        return;
      case 'fail':
        this.#context.fail(this.#causeOf(command.end));
        return;
      case 'amend':
        this.#context.amend(this.#causeOf(command.end));
        return;
      case 'rest': {
        const { signal } = this.#present;
        await this.#context.clock.sleep(command.delayMs, signal);
        if (!signal.aborted) this.#take({ kind: 'rested' });
        return;
      }
      default:
        unreachable(command);
    }
  }

  async #launch(): Promise<void> {
    const { recorder, clock, timeMark, variables } = this.#context;
    const { id: service } = this.spec;
    const { run } = this.spec.command;
    this.#began ??= clock.now();
    const launched = await launchService(this.spec, this.#context, this.#present.signal);
    if (!launched.ok) {
      this.#take({ kind: 'launchFailed', end: launched.failure });
      return;
    }
    const { task, sandbox } = launched.value;
    const sink = recorder.output(service, timeMarkOf(run, timeMark));
    const lines = new LineWatch(toldLines(run, timeMark, variables));
    const at = clock.now();
    const start: Start = {
      launched: launched.value,
      at,
      sink,
      lines,
      pumped: pump(task, sink, lines),
    };
    this.#start = start;
    recorder.event({ type: 'service.running', service, label: task.label });
    const addresses = serviceAddresses(this.spec, sandbox, this.#context);
    if (addresses.length > 0) recorder.event({ type: 'service.address', service, addresses });
    this.#take({ kind: 'launched', task });
    const exit = await task.exited;
    const afterMs = clock.now() - at;
    await this.#hearOut(start.pumped);
    // It may have been stopped meanwhile, and that may be over by now.
    if (this.#start === start && this.#isUp) this.#take({ kind: 'exited', exit, afterMs });
  }

  /** Its last word may be that it is ready: that comes before its end, however it gets here. */
  async #hearOut(pumped: Promise<void>): Promise<void> {
    if (this.#state.kind !== 'running' || !this.spec.ready.some(({ kind }) => kind === 'log'))
      return;
    // Something that it left behind may hold its output open.
    await Promise.race([pumped, this.#context.clock.sleep(lastWordMs, this.#present.signal)]);
    // Whoever waits for a line goes on first.
    await setImmediate();
  }

  async #probe(task: Task): Promise<void> {
    const { signal } = this.#present;
    const { recorder, clock, dial } = this.#context;
    const { launched, lines, at } = this.#start!;
    const ready = await becomeReady(
      this.spec.ready,
      {
        clock,
        dial,
        task,
        lines,
        environment: launched.environment,
        startedAt: at,
        heard: (asked) => recorder.event({ type: 'service.asked', service: this.spec.id, asked }),
      },
      signal,
    );
    if (signal.aborted) return;
    this.#take(ready.ok ? { kind: 'probesPassed' } : { kind: 'probesFailed', end: ready.failure });
  }

  /** Ends what there is of the task, and hears it out to its last word. */
  async #clear(task: Task, how: StopHow): Promise<void> {
    const { pumped } = this.#start!;
    const stopped = await endTask(task, how, this.#context.forced);
    // What it left behind goes with its end; see `completion` and the hint of `exited-early`.
    for (const text of leftoverWarnings({ ...stopped, leftBehind: [] })) {
      this.#context.recorder.event({ type: 'warning', about: this.spec.id, text });
    }
    const exit = await task.exited;
    await pumped;
    this.#take({ kind: 'cleared', exit, stopped });
  }
}

/**
 * Settles once all of them are ready at one moment, or one of them ended other than by itself and
 * well. Settles as well when `signal` aborts; its value means nothing then.
 */
async function allReady(
  services: readonly Service[],
  signal: AbortSignal,
): Promise<Result<void, Service>> {
  while (!signal.aborted) {
    await Promise.all(services.map((service) => service.settled(signal)));
    const failed = services.find(({ end }) => end && end.end.kind !== 'completed');
    if (failed) return fail(failed);
    if (services.every((service) => service.isReady || service.end)) break;
  }
  return ok(undefined);
}
