import { formatDuration } from '../base/duration.ts';
import { unreachable } from '../base/unreachable.ts';
import { fill } from '../expression/fill.ts';

import type { ProbeReport, ServiceEnd } from '../event/outcome.ts';
import type { Argv, Probe, Script, Text } from '../plan/plan.ts';
import type { ProbeAnswer } from './dial.ts';
import type { ReadinessWorld } from './readiness.ts';

/** A service that was asked in vain until its time was up. */
export type NotReady = Extract<ServiceEnd, { kind: 'not-ready' }>;

/** How far the probes got, told when an answer changes and every five seconds besides. */
export class Reports {
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

  take(index: number, { passed, text }: ProbeAnswer): void {
    const before = this.#reports[index]!;
    this.#reports[index] = { ...before, passed, times: before.times + 1, answer: text };
    const now = this.#world.clock.now();
    const quietMs = before.answer === text || passed ? 5_000 : 1_000;
    if (now - this.#toldAt < quietMs) return;
    this.#toldAt = now;
    this.#world.heard([...this.#reports]);
  }

  notReady(afterMs: number): NotReady {
    return { kind: 'not-ready', afterMs, asked: [...this.#reports] };
  }
}

/** The words of a probe's command, or its lines. They have no holes. */
const commandOf = (run: Script | Argv): string =>
  run.kind === 'argv' ? run.argv.map(plainly).join(' ') : run.lines.map(plainly).join('; ');

const plainly = (words: string | Text): string =>
  typeof words === 'string' ? words : fill(words, new Map()).value;

/** A probe as a person would name it. */
function describeProbe(probe: Probe): string {
  switch (probe.kind) {
    case 'tcp':
      return `tcp ${probe.host}:${probe.port}`;
    case 'http':
      return `GET ${probe.url}`;
    case 'exec':
      return `exec ${commandOf(probe.run)}`;
    case 'health':
      return 'the health check of its image';
    case 'log':
      return `log /${probe.pattern}/ within ${formatDuration(probe.timeoutMs)}`;
    default:
      return unreachable(probe);
  }
}
