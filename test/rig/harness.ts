import assert from 'node:assert/strict';

import { renderDiagnostics } from '../../src/dialect/common/render.ts';
import { toSource } from '../../src/dialect/common/source.ts';
import { readHarness } from '../../src/dialect/harness/read-pipeline.ts';
import { nodesOfPlan } from '../../src/plan/order.ts';
import { oneStage } from './harness-text.ts';

import type { HarnessOptions } from '../../src/dialect/harness/read-pipeline.ts';
import type { Group, Node, Plan, RunStep, Service, Text } from '../../src/plan/plan.ts';
import type { OneStage } from './harness-text.ts';

/** What was read of a Harness pipeline. */
export interface HarnessRead {
  /** Absent when there was a mistake. */
  readonly plan: Plan | undefined;
  /** What was told, as a person sees it; empty when nothing was. */
  readonly told: string;
}

/** Reads a pipeline of one stage; see `oneStage`. */
export const readSteps = (
  steps: string,
  { runs, pipeline, stage, spec, ...options }: HarnessOptions & OneStage = {},
): Promise<HarnessRead> => readText(oneStage(steps, { runs, pipeline, stage, spec }), options);

/** Reads a whole pipeline. */
export async function readText(text: string, options: HarnessOptions = {}): Promise<HarnessRead> {
  const source = toSource('p.yaml', text);
  const read = await readHarness(source, options);
  const { sources } = read.ok ? read.value : read.failure;
  const diagnostics = read.ok ? read.value.warnings : read.failure.diagnostics;
  const sourceOf = (file: string) => sources.find((one) => one.file === file);
  const told = renderDiagnostics(diagnostics, sourceOf, { color: false, width: 200 });
  return { plan: read.ok ? read.value.plan : undefined, told };
}

/** A node by its id or its name. */
export function nodeOf({ plan, told }: HarnessRead, name: string): Node {
  assert.ok(plan, told);
  const node = nodesOfPlan(plan).find((one) => one.id === name || one.name === name);
  assert.ok(node, `no node '${name}'`);
  return node;
}

export function serviceOf(read: HarnessRead, name: string): Service {
  const node = nodeOf(read, name);
  assert.equal(node.kind, 'service');
  return node;
}

export function stepOf(read: HarnessRead, name: string): RunStep {
  const node = nodeOf(read, name);
  assert.equal(node.kind, 'run');
  return node;
}

export function groupOf(read: HarnessRead, name: string): Group {
  const node = nodeOf(read, name);
  assert.equal(node.kind, 'group');
  return node;
}

/** A text that has no holes. */
export const plainly = (text: Text): string =>
  text
    .map((part) => {
      assert.equal(typeof part, 'string');
      return part as string;
    })
    .join('');
