import type {
  ApprovalStep,
  Command,
  Condition,
  Group,
  Node,
  Plan,
  RunStep,
  Service,
  Stage,
  WaitStep,
} from '../../src/plan/plan.ts';

/** Plans in a line each, for tests of what comes after the dialects. */

const where = { file: 'pipeline.yaml', line: 1, column: 1 };

export const command = (...lines: string[]): Command => ({
  run: { kind: 'script', shell: ['/bin/sh'], lines, announce: 'minimal' },
  environment: [],
});

export const step = (id: string, more: Partial<RunStep> = {}): RunStep => ({
  kind: 'run',
  id,
  name: id,
  where,
  command: command('true'),
  needs: [],
  continueOnFail: false,
  ...more,
});

export const wait = (id: string, durationMs: number, more: Partial<WaitStep> = {}): WaitStep => ({
  kind: 'wait',
  id,
  name: id,
  where,
  durationMs,
  ...more,
});

export const approval = (id: string, more: Partial<ApprovalStep> = {}): ApprovalStep => ({
  kind: 'approval',
  id,
  name: id,
  where,
  message: ['go on?'],
  inputs: [],
  ...more,
});

export const service = (id: string, more: Partial<Service> = {}): Service => ({
  kind: 'service',
  id,
  name: id,
  where,
  command: command('serve'),
  needs: [],
  ready: [],
  onExit: { kind: 'fail' },
  stop: { signal: 'TERM', graceMs: 10_000 },
  scope: 'stage',
  ...more,
});

export const group = (id: string, order: Group['order'], ...members: Node[]): Group => ({
  kind: 'group',
  id,
  name: id,
  where,
  order,
  members,
});

/** A condition that holds while the variable has this value. */
export const equal = (variable: string, other: string): Condition => ({
  kind: 'equal',
  value: { value: [{ variable }] },
  other: { value: [other] },
});

/** A stage with these members, in a plan of several. */
export const stageOf = (id: string, more: Partial<Stage>, ...members: Node[]): Stage => ({
  id,
  name: id,
  root: group(id, 'serial', ...members),
  ...more,
});

export const stage = (...members: Node[]): Stage => ({
  id: 'main',
  name: 'main',
  root: group('main', 'serial', ...members),
});

export const plan = (...members: Node[]): Plan => ({ name: 'test', stages: [stage(...members)] });
