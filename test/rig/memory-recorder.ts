import type { OutputSink, Recorder, RunEvent, Recorded } from '../../src/event/event.ts';
import type { OutputStream } from '../../src/executor/executor.ts';

/** Keeps what the engine tells in memory, for a test to look at. */
export class MemoryRecorder implements Recorder {
  readonly events: Recorded<RunEvent>[] = [];
  /** What was said to be a secret. */
  readonly hidden: string[] = [];
  readonly printed = new Map<string, string>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  event(event: RunEvent): void {
    // Through JSON, as a journal would: what does not survive that must not be in an event.
    const kept = JSON.parse(JSON.stringify(event)) as RunEvent;
    this.events.push({ ...kept, seq: this.events.length, at: this.#now() });
  }

  hide(secrets: readonly string[]): void {
    this.hidden.push(...secrets);
  }

  output(task: string): OutputSink {
    const printed = (): string => this.printed.get(task) ?? '';
    return {
      write: (_: OutputStream, bytes: Buffer) => {
        this.printed.set(task, printed() + bytes.toString());
      },
      end: () => undefined,
      lastLines: () => printed().split('\n').filter(Boolean).slice(-10),
    };
  }

  /** `type about` of each event, as `step.started build`; of the one stage of most plans only the type. */
  get story(): string[] {
    return this.events.map((event) => {
      const about =
        'step' in event
          ? event.step
          : 'service' in event
            ? event.service
            : 'group' in event
              ? event.group
              : 'stage' in event
                ? event.stage.replace(/^main$/, '')
                : 'outcome' in event
                  ? event.outcome
                  : '';
      const outcome =
        event.type === 'step.ended' ||
        event.type === 'group.ended' ||
        (event.type === 'stage.ended' && about !== '')
          ? ` ${event.outcome}`
          : event.type === 'service.ended'
            ? ` ${event.end.kind}`
            : '';
      return `${event.type} ${about}${outcome}`.trim();
    });
  }

  all<T extends RunEvent['type']>(type: T): Recorded<Extract<RunEvent, { type: T }>>[] {
    return this.events.filter((event) => event.type === type) as Recorded<
      Extract<RunEvent, { type: T }>
    >[];
  }
}
