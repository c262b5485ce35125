import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { toPlan } from '../dialect/cix/read-pipeline.ts';
import { toSource } from '../dialect/common/source.ts';
import { isTask, nodesOfPlan } from '../plan/order.ts';
import { preparePlan } from './prepare-plan.ts';

import type { PlanWishes } from './prepare-plan.ts';

const yaml = `version: 2.1
pipeline:
  - step: {name: plain, image: a}
  - step: {name: own, image: a, pull-policy: Never}
  - step: {name: usual, image: a, pull-policy: Default}
  - steps:
      name: group
      pipeline:
        - step: {name: inner, image: a, privileged: true}
        - step: {name: host, commands: ["true"]}
`;

function prepared(wishes: PlanWishes) {
  const read = toPlan(toSource('p.yaml', yaml));
  assert.ok(read.ok);
  const plan = preparePlan(read.value.plan, new Map(), () => undefined, wishes);
  assert.ok(plan.ok);
  return plan.value;
}

const pulls = (wishes: PlanWishes) =>
  Object.fromEntries(
    nodesOfPlan(prepared(wishes)).flatMap((node) =>
      isTask(node) ? [[node.name, node.command.container?.pull]] : [],
    ),
  );

describe('the plan that is run', () => {
  it('pulls images as the command line says, where the step does not', () => {
    for (const [pullPolicy, pull] of [
      ['Default', undefined],
      ['Always', 'always'],
      ['IfNotPresent', 'missing'],
      ['Never', 'never'],
    ] as const)
      assert.deepEqual(pulls({ pullPolicy }), {
        ...{ plain: pull, own: 'never', usual: 'by-tag', inner: pull, host: undefined },
      });
  });

  it('keeps whatever else is said of a container', () => {
    const plan = prepared({ pullPolicy: 'Always' });
    const inner = nodesOfPlan(plan).find(({ name }) => name === 'inner');
    assert.ok(inner?.kind === 'run');
    const { privileged, pull } = inner.command.container ?? {};
    assert.deepEqual({ privileged, pull }, { privileged: true, pull: 'always' });
  });

  it('is called as somebody wishes', () => {
    assert.equal(prepared({}).name, 'p');
    assert.equal(prepared({ name: 'nightly' }).name, 'nightly');
  });
});
