import type { RunEvent } from '../event/event.ts';
import type { Masker } from './masker.ts';

/** The event with its free text masked. Its shape, our words and the ids in it stay. */
export function maskEvent(event: RunEvent, masker: Masker): RunEvent {
  const words = { type: true, ...wordsOf[event.type] };
  return masked(event, words, (text) => masker.text(text)) as RunEvent;
}

/** Where the words of ours and the ids stand, which readers compare; lists are passed through. */
type Words<T> =
  Exclude<T, undefined> extends infer V
    ? [V] extends [string | readonly string[]]
      ? true
      : { readonly [K in KeysOf<Items<V>>]?: Words<At<Items<V>, K>> }
    : never;
type Items<T> = T extends readonly (infer I)[] ? I : T;
type KeysOf<T> = T extends unknown ? keyof T : never;
type At<T, K> = T extends unknown ? (K extends keyof T ? T[K] : never) : never;

type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;
type Plan = EventOf<'run.started'>['plan'];
type Cause = NonNullable<EventOf<'run.ended'>['cause']>;
type StepEnd = EventOf<'step.retrying'>['end'];
type ServiceEnd = EventOf<'service.ended'>['end'];
type GroupEnd = EventOf<'group.retrying'>['end'];

const exit = { kind: true, signal: true, by: true } as const;
const failure = { kind: true } as const;
const command = { kind: true, announce: true } as const;
const quantity = { unit: true } as const;
type Node = Plan['stages'][number]['root']['members'][number];
const condition: Words<NonNullable<Node['when']>> = {
  kind: true,
  get of() {
    return condition;
  },
  get condition() {
    return condition;
  },
};
type FailureRules = NonNullable<Extract<Node, { kind: 'run' }>['onFailure']>;
const action: Words<FailureRules[number]['action']> = {
  kind: true,
  get then() {
    return action;
  },
};
const node: Words<Node> = {
  kind: true,
  id: true,
  after: true,
  when: condition,
  repeat: { over: { kind: true, times: quantity }, order: true },
  timeoutMs: quantity,
  retry: { attempts: quantity, backoffMs: quantity },
  onFailure: { on: true, action },
  needs: true,
  order: true,
  get members() {
    return node;
  },
  command: { run: command, container: { pull: true } },
  ready: { kind: true, run: command },
  onExit: { kind: true },
  stop: { signal: true },
  scope: true,
};
const stepEnd = { kind: true, exit, failure, service: true } as const satisfies Words<StepEnd>;
const because = { kind: true, service: true, group: true, stage: true } as const;
const serviceEnd: Words<ServiceEnd> = { kind: true, exit, failure, because };
const cause: Words<Cause> = {
  kind: true,
  step: true,
  group: true,
  stage: true,
  service: true,
  task: true,
  end: { ...stepEnd, ...serviceEnd },
};
const groupEnd: Words<GroupEnd> = { kind: true, cause };

const wordsOf: { readonly [T in RunEvent['type']]: Words<EventOf<T>> } = {
  'run.started': {
    run: true,
    pidStart: true,
    version: true,
    plan: { stages: { id: true, after: true, when: condition, failing: true, root: node } },
  },
  'run.cancelling': { by: true },
  'run.paused': { why: { kind: true, before: true, cause } },
  'run.resumed': { to: { step: true } },
  'run.variable': { name: true },
  'run.ended': { outcome: true, cause },
  'service.left': { service: true },
  'image.progress': { progress: { kind: true } },
  'stage.started': { stage: true },
  'stage.ended': { stage: true, outcome: true, cause, because },
  'group.started': { group: true },
  'group.retrying': { group: true, end: groupEnd },
  'group.asked': { group: true, end: groupEnd, choices: true },
  'group.answered': { group: true, answer: true },
  'group.ended': { group: true, outcome: true, end: groupEnd, because },
  'input.asked': { node: true, choices: true },
  'input.answered': { node: true, answer: true },
  'step.waiting': { step: true, services: true },
  'step.started': { step: true },
  'step.retrying': { step: true, end: stepEnd },
  'step.asked': { step: true, end: stepEnd, choices: true },
  'step.answered': { step: true, answer: true },
  'step.ended': { step: true, outcome: true, end: stepEnd, because },
  'step.outputs': { step: true },
  'service.waiting': { service: true, needs: true },
  'service.starting': { service: true },
  'service.running': { service: true },
  'service.asked': { service: true },
  'service.ready': { service: true },
  'service.address': { service: true, addresses: { from: true } },
  'service.stopping': { service: true, signal: true },
  'service.restarting': { service: true, end: serviceEnd },
  'service.ended': { service: true, end: serviceEnd, verdict: true },
  'tests.read': { task: true, cases: { outcome: true } },
  warning: { about: true },
  'run.kept': {},
};

/** The names of keys are ours, but for those of headers. */
function masked(value: unknown, words: unknown, mask: (text: string) => string, key = ''): unknown {
  if (typeof value === 'string') return words === true ? value : mask(value);
  if (Array.isArray(value)) return value.map((item) => masked(item, words, mask));
  if (typeof value !== 'object' || value === null) return value;
  const inner = (typeof words === 'object' ? words : {}) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      key === 'headers' ? mask(name) : name,
      masked(item, inner[name], mask, name),
    ]),
  );
}
