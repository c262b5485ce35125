import assert from 'node:assert/strict';

import { renderDiagnostics } from '../../src/dialect/common/render.ts';
import { toSource } from '../../src/dialect/common/source.ts';
import { readHarness } from '../../src/dialect/harness/read-pipeline.ts';
import { nodesOfPlan } from '../../src/plan/order.ts';

import type { HarnessOptions } from '../../src/dialect/harness/read-pipeline.ts';
import type { Group, Node, Plan, RunStep, Service, Text } from '../../src/plan/plan.ts';

/** What was read of a Harness pipeline. */
export interface HarnessRead {
  /** Absent when there was a mistake. */
  readonly plan: Plan | undefined;
  /** What was told, as a person sees it; empty when nothing was. */
  readonly told: string;
}

/** Where a stage of the tests runs. */
export const cloud = 'platform: { os: Linux, arch: Amd64 }, runtime: { type: Cloud, spec: {} }';
export const pod =
  'infrastructure: { type: KubernetesDirect, spec: { connectorRef: k8s, namespace: ci } }';

/** Reads a pipeline of one stage, `build`, whose steps are given as YAML in flow style or as a list. */
export function readSteps(
  steps: string,
  {
    runs = cloud,
    stage = '',
    pipeline = '',
    ...options
  }: HarnessOptions & {
    readonly runs?: string;
    readonly stage?: string;
    readonly pipeline?: string;
  } = {},
): Promise<HarnessRead> {
  const indented = steps
    .replace(/^\n+|\s+$/g, '')
    .split('\n')
    .map((line) => ' '.repeat(14) + line)
    .join('\n');
  const extra = stage === '' ? '' : `        ${stage}\n`;
  return readText(
    `pipeline:
  identifier: p
  name: p
${pipeline === '' ? '' : `  ${pipeline}\n`}  stages:
    - stage:
        identifier: build
        name: build
        type: CI
${extra}        spec:
          ${runs.replace(/, (runtime|infrastructure):/, '\n          $1:')}
          execution:
            steps:
${indented}
`,
    options,
  );
}

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
