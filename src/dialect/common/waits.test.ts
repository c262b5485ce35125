import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { everything } from './outline.ts';
import { findCircles } from './waits.ts';

import type { Outline, OutlineGroup, OutlineTask } from './outline.ts';
import type { Need } from './waits.ts';

const group = (order: OutlineGroup['order'], members: readonly Outline[]): OutlineGroup => ({
  kind: 'group',
  name: undefined,
  order,
  members,
});

const task = (kind: OutlineTask['kind']): OutlineTask => ({
  kind,
  name: undefined,
  needs: [],
  ports: [],
  held: [],
  elsewhere: [],
  scope: 'stage',
  sleep: undefined,
});

const { node } = fc.letrec<{ node: Outline }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('step' as const, 'service' as const).map(task),
    fc
      .tuple(
        fc.constantFrom('serial' as const, 'parallel' as const),
        fc.array(tie('node'), { minLength: 1, maxLength: 4 }),
      )
      .map(([order, members]) => group(order, members)),
  ),
}));

/** A random file with random needs of services. */
const file = fc
  .tuple(
    fc.array(node, { minLength: 2, maxLength: 4 }),
    fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 5 }),
  )
  .map(([members, pairs]) => {
    const root = group('serial', members);
    const tasks = everything(root)
      .map(({ outline }) => outline)
      .filter((outline) => outline.kind !== 'group');
    const services = tasks.filter(({ kind }) => kind === 'service');
    const needs = pairs.flatMap(([a, b]): readonly Need[] => {
      const from = tasks[a % tasks.length];
      const to = services[b % services.length];
      return from && to ? [{ from, to, need: { text: '', span: [0, 0] } }] : [];
    });
    return { root, needs };
  });

/** Starts whatever can start until nothing moves, as a run would; tells whether all started. */
function comesToItsEnd(root: OutlineGroup, needs: readonly Need[]): boolean {
  const started = new Set<Outline>();
  const over = (one: Outline): boolean =>
    one.kind === 'group' ? started.has(one) && one.members.every(over) : started.has(one);
  const start = (one: Outline): boolean => {
    const waits = needs.some(({ from, to }) => from === one && !started.has(to));
    const isNew = !started.has(one) && !waits;
    if (isNew) started.add(one);
    if (one.kind !== 'group' || !started.has(one)) return isNew;
    const open =
      one.order === 'parallel'
        ? one.members
        : one.members.filter((_, at) => one.members.slice(0, at).every(over));
    return open.map(start).includes(true) || isNew;
  };
  while (start(root));
  return everything(root).every(({ outline }) => started.has(outline));
}

test('there is a circle exactly when a run of it would stand still', () => {
  let still = 0;
  fc.assert(
    fc.property(file, ({ root, needs }) => {
      const circles = findCircles(root, needs);
      assert.equal(circles.length === 0, comesToItsEnd(root, needs));
      if (circles.length > 0) still += 1;
      for (const [at, [first]] of circles.entries())
        assert.ok(first && !circles.slice(0, at).flat().includes(first), 'a circle is told twice');
    }),
    { numRuns: 500 },
  );
  assert.ok(still > 20, `only ${still} of the files stood still`);
});
