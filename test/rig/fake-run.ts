import { startRun } from '../../src/engine/run.ts';
import { FakeExecutor } from '../../src/executor/fake/fake-executor.ts';
import { FakePerson } from './fake-person.ts';
import { HandClock, settle } from './hand-clock.ts';
import { MemoryRecorder } from './memory-recorder.ts';
import { plan } from './plans.ts';

import type { Ask } from '../../src/engine/ask-person.ts';
import type { Breaks } from '../../src/engine/gate.ts';
import type { ProbeAnswer } from '../../src/engine/dial.ts';
import type { Run } from '../../src/engine/run.ts';
import type { RunCommand } from '../../src/event/run-command.ts';
import type { ReadReports } from '../../src/event/tests.ts';
import type { Around, Command, Node, Plan, Registry } from '../../src/plan/plan.ts';

type Unsigned<T> = T extends unknown ? Omit<T, 'by'> : never;

/** A run on an executor, a clock and a network that a test holds in its hand. */
export class FakeRun {
  readonly executor = new FakeExecutor();
  readonly clock = new HandClock();
  readonly recorder = new MemoryRecorder(() => this.clock.now());
  readonly variables = new Map<string, string>();
  /** What a service answers at its ports, by its id. */
  readonly answers = new Map<string, ProbeAnswer>();
  /** Where a command runs. */
  executorFor: (command: Command) => FakeExecutor = () => this.executor;
  keep = false;
  /** Where the run is to pause of itself. */
  breaks: Breaks | undefined;
  /** Whom the run asks. */
  readonly person = new FakePerson();
  ask: Ask | undefined = this.person.ask;
  /** What reports of tasks there are. */
  readReports: ReadReports | undefined;
  registries: readonly Registry[] = [];
  around: Around | undefined;
  run!: Run;

  /** Starts a pipeline of these nodes and lets it go as far as it can without time. */
  static start(nodes: readonly Node[], prepare?: (run: FakeRun) => void): Promise<FakeRun> {
    return FakeRun.startPlan(plan(...nodes), prepare);
  }

  /** The same of a whole plan. */
  static async startPlan(whole: Plan, prepare?: (run: FakeRun) => void): Promise<FakeRun> {
    const fake = new FakeRun();
    prepare?.(fake);
    const { around, registries } = fake;
    fake.run = startRun(
      {
        ...whole,
        stages: whole.stages.map((stage) => ({ ...stage, ...(around && { around }) })),
        registries,
      },
      {
        runId: 'r1',
        owner: { pid: 1 },
        version: '0',
        workspace: '/work',
        recorder: fake.recorder,
        clock: fake.clock,
        variables: fake.variables,
        dial: {
          tcp: ({ host }) => Promise.resolve(fake.#answer(host)),
          http: (_, address) => Promise.resolve(fake.#answer(address?.host ?? '')),
          prepare: () => Promise.resolve(),
        },
        keep: fake.keep,
        ...(fake.breaks && { breaks: fake.breaks }),
        ...(fake.ask && { ask: fake.ask }),
        ...(fake.readReports && { readReports: fake.readReports }),
        executorFor: (command) => fake.executorFor(command),
      },
    );
    await settle();
    return fake;
  }

  /** Asks the run for something, which it does, and lets everything follow from it. */
  async take(command: Unsigned<RunCommand>): Promise<void> {
    const taken = this.run.take({ by: 'ann', ...command });
    if (!taken.ok) throw new Error(`the run refuses to ${command.do}: ${taken.failure.kind}`);
    await settle();
  }

  /** Lets a service's ports answer from now on. */
  open(service: string): void {
    this.answers.set(service, { passed: true, text: 'connected' });
  }

  /** Ends a task that runs, and lets everything follow from it. */
  async exit(name: string, code: number): Promise<void> {
    this.executor.task(name).exit(code);
    await settle();
  }

  get story(): string[] {
    return this.recorder.story;
  }

  #answer(host: string): ProbeAnswer {
    return this.answers.get(host) ?? { passed: false, text: 'connection refused' };
  }
}
