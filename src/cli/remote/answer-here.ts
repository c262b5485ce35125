import { nodesOfPlan } from '../../plan/order.ts';
import { complain, warn } from '../complain.ts';
import { nameOf } from '../world.ts';
import { describeFailure } from './describe-failure.ts';

import type { JournalRecord } from '../../event/event.ts';
import type { Answer } from '../../event/question.ts';
import type { RunCommand } from '../../event/run-command.ts';
import type { ColorFlags } from '../terminal/color.ts';
import type { Desk } from '../terminal/desk.ts';
import type { World } from '../world.ts';
import type { RemoteServer } from './remote-server.ts';

/** Where a run of a server is watched, and who watches it. */
export interface Watching {
  readonly server: RemoteServer;
  readonly run: string;
  readonly desk: Desk;
  readonly flags: ColorFlags;
  readonly world: World;
}

/**
 * Has whoever watches a run of a server on a terminal asked what the run asks: what shall become of a pause or of a
 * failure, approvals, inputs. Others are told how they answer, where the run is not on this machine.
 */
export class AnswerHere implements Disposable {
  readonly #in: Watching;
  /** What is asked now, by the id of what asks; a pause has none. */
  readonly #open = new Map<string, AbortController>();
  #pipeline = '';
  #names = new Map<string, string>();
  #isHinted = false;

  constructor(watching: Watching) {
    this.#in = watching;
  }

  hear(record: JournalRecord): void {
    switch (record.type) {
      case 'run.started':
        this.#pipeline = record.plan.name;
        this.#names = new Map(
          [...nodesOfPlan(record.plan), ...record.plan.stages].map(({ id, name }) => [id, name]),
        );
        break;
      case 'run.paused':
        // Its turn comes by itself.
        if (record.why.kind === 'loaded') break;
        this.#hint();
        this.#begin(pause, (signal) => this.#askPause(record.why, signal));
        break;
      case 'run.resumed':
        this.#close(pause);
        break;
      case 'step.asked':
      case 'group.asked':
      case 'input.asked':
        this.#hint();
        this.#begin(askerOf(record)!, (signal) => this.#ask(record, signal));
        break;
      case 'run.cancelling':
      case 'run.ended':
        this[Symbol.dispose]();
        break;
      default: {
        // Whatever happens to it next: the question is over.
        const asker = askerOf(record);
        if (asker !== undefined) this.#close(asker);
      }
    }
  }

  /** Nobody is asked any more. */
  [Symbol.dispose](): void {
    for (const key of this.#open.keys()) this.#close(key);
  }

  #begin(key: string, work: (signal: AbortSignal) => Promise<void>): void {
    this.#close(key);
    const life = new AbortController();
    this.#open.set(key, life);
    void work(life.signal);
  }

  #close(key: string): void {
    this.#open.get(key)?.abort();
    this.#open.delete(key);
  }

  async #askPause(
    why: Extract<JournalRecord, { type: 'run.paused' }>['why'],
    signal: AbortSignal,
  ): Promise<void> {
    const said = await this.#in.desk.askPause(this.#pipeline, why, signal);
    if (!said.ok || signal.aborted) return;
    const by = nameOf(this.#in.world);
    const { value: choice } = said;
    await this.#send(choice === 'kill' ? { do: 'kill', by } : { do: 'resume', by, to: choice });
  }

  async #ask(asked: AskedRecord, signal: AbortSignal): Promise<void> {
    const id = askerOf(asked)!;
    const question = { ...asked, id, name: this.#names.get(id) ?? id };
    const answered = await this.#in.desk.ask(question, signal);
    if (answered.ok && !signal.aborted)
      await this.#send({ do: 'answer', step: id, ...toPlain(answered.value) });
  }

  async #send(command: RunCommand): Promise<void> {
    const { server, run, flags, world } = this.#in;
    const path = `/api/v1/runs/${encodeURIComponent(run)}/commands`;
    const sent = await server.post(path, command);
    if (!sent.ok) complain(world, flags, describeFailure(sent.failure));
  }

  /** What the run says of commands is meant for its own machine. */
  #hint(): void {
    const { server, run, flags, world } = this.#in;
    if (this.#isHinted || server.place.isHere || world.stdin.isTTY === true) return;
    this.#isHinted = true;
    const how = `\`continuo resume ${run} --server ${server.place.url}\``;
    warn(world, flags, `from here, commands for this run are written with --server: ${how}`);
  }
}

const pause = '';

type AskedRecord = Extract<JournalRecord, { type: 'step.asked' | 'group.asked' | 'input.asked' }>;

/** The step, group, service or stage that a record is about, by its id. */
function askerOf(record: JournalRecord): string | undefined {
  if ('step' in record) return record.step;
  if ('group' in record) return record.group;
  if ('service' in record) return record.service;
  if ('node' in record) return record.node;
  return 'stage' in record ? record.stage : undefined;
}

const toPlain = ({ secrets, inputs, ...said }: Answer) => ({
  ...said,
  inputs: { ...inputs },
  ...(secrets && { secrets: [...secrets] }),
});
