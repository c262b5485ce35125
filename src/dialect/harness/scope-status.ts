import { brief } from '../common/brief.ts';
import { child } from '../common/tree.ts';
import { outcomeAs } from './outputs.ts';
import { nodeId } from './place.ts';
import { nothing } from './scope-values.ts';

import type { Expression } from '../../plan/expression.ts';
import type { Level, Place } from './place.ts';
import type { Asking } from './scope.ts';
import type { Found } from './scope-values.ts';

/** How what these levels lead to has ended; nothing before it has. */
export function status(levels: readonly Level[], { place, warn }: Asking): Found {
  const last = levels.at(-1)!;
  if (standsIn(place, last)) {
    warn(
      `${last.kind} '${brief(last.identifier)}' has no status before it ends, and this is part of it`,
      '`when.stageStatus` goes by what has come before',
    );
    return nothing;
  }
  const ids = copiesOf(levels, place).map(nodeId);
  for (const id of ids) place.reading.asked.add(id);
  const outcomes = ids.map((id): Expression => ({ kind: 'variable', name: outcomeAs(id) }));
  const outcome = outcomes.length === 1 ? outcomes[0]! : together(outcomes);
  return { kind: 'expression', expression: { kind: 'member', of: words, key: outcome } };
}

const standsIn = ({ levels }: Place, { body, id }: Level): boolean =>
  levels.some((one) => one.body.tree === body.tree && one.id === id);

/** One for each copy. The copies of a step or a group are a group that has an outcome of its own. */
function copiesOf(levels: readonly Level[], { reading }: Place): readonly (readonly Level[])[] {
  return levels.reduce<readonly (readonly Level[])[]>(
    (all, level, at) =>
      all.flatMap((before) => {
        const here = [...before, level];
        const isWhole = level.kind !== 'stage' && at === levels.length - 1;
        const isOne = level.id !== level.identifier || !child(level.body, 'strategy');
        const strategy =
          isWhole || isOne ? undefined : reading.loopsOf(level.body, { reading, levels: here });
        if (!strategy) return [here];
        return strategy.loops.map((loop) => [
          ...before,
          { ...level, id: `${level.identifier}_${loop.iteration}`, loop },
        ]);
      }),
    [[]],
  );
}

/** Harness's words for how something ended. */
const words: Expression = {
  kind: 'value',
  value: {
    succeeded: 'SUCCEEDED',
    failed: 'FAILED',
    ignored: 'IGNORE_FAILED',
    skipped: 'SKIPPED',
    'timed-out': 'EXPIRED',
    cancelled: 'ABORTED',
  },
};

/** Which outcome of copies is that of all of them, the first of these that one has. */
const order = ['failed', 'timed-out', 'cancelled', 'succeeded', 'ignored', 'skipped'] as const;

/** What outcomes come to together; nothing before all are there. */
const together = (outcomes: readonly Expression[]): Expression =>
  [null, ...order].reduceRight<Expression>(
    (otherwise, word) => ({
      kind: 'choice',
      condition: {
        kind: 'call',
        of: { kind: 'list', items: outcomes },
        method: 'contains',
        arguments: [{ kind: 'value', value: word }],
      },
      then: { kind: 'value', value: word },
      otherwise,
    }),
    { kind: 'value', value: null },
  );
