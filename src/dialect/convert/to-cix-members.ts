import { runsBeside } from '../../plan/order.ts';
import { cixDuration } from './durations.ts';
import { toCixConditions } from './to-cix-condition.ts';
import { toCixFailures } from './to-cix-failures.ts';
import { toCixRun, toCixService, toCixWait } from './to-cix-step.ts';
import { toStepName } from './names.ts';

import type { Group, Node } from '../../plan/plan.ts';
import type { CixWriter } from './cix-writer.ts';
import type { Part } from './losses.ts';
import type { Written } from './write-yaml.ts';

type Words = { readonly [key: string]: Written };

interface Items {
  readonly items: readonly Written[];
  /** What members of it want the group around them to do about their failures. */
  readonly attempts: Words;
}

const kinds = { run: 'step', wait: 'step', approval: 'step', service: 'service', group: 'group' };

const partOf = ({ kind, name, where }: Node): Part => ({
  about: `${kinds[kind]} '${name}'`,
  where,
});

/** The members of a group as items of CIX. `depth` counts the groups around, those of stages left out. */
export function toCixGroup(group: Group, writer: CixWriter, depth: number): Items {
  const made = group.members.map((member) => toItem(member, writer, depth));
  const attempts = Object.assign({}, ...made.map((one) => one.attempts)) as Words;
  const wanted = made.filter((one, at) => {
    const kind = group.members[at]!.kind;
    return (
      one.items.length > 0 &&
      (kind === 'run' || kind === 'wait') &&
      Object.keys(one.attempts).length > 0
    );
  });
  const steps = group.members.filter(({ kind }) => kind === 'run' || kind === 'wait');
  if (wanted.length > 0 && wanted.length < steps.length)
    writer.losses.tell(partOf(group), [], 'it is tried again whichever of its steps fails');
  return { items: made.flatMap(({ items }) => items), attempts };
}

function toItem(node: Node, writer: CixWriter, depth: number): Items {
  const part = partOf(node);
  const { losses } = writer;
  const left = (message: string, hint?: string): Items => {
    losses.tell(part, ['when.stageStatus', 'type'], message, hint);
    return { items: [], attempts: {} };
  };
  if (node.after === 'failure')
    return left(
      'it runs only when something has failed, which CIX cannot say: it is left out',
      'a pipeline file of its own runs after this one with `--teardown`',
    );
  // A step that cannot run here, which is told of already.
  if (node.kind === 'wait' && node.durationMs === 0) return { items: [], attempts: {} };
  if (node.kind === 'approval')
    return left(
      'nobody can be asked in CIX: it is left out, and the run goes on without an answer',
    );
  if (node.after === 'either')
    losses.tell(part, ['when.stageStatus'], 'it does not run when something before it has failed');
  const when = whenOf(node, part, writer);
  if (node.kind === 'group') return toGroup(node, when, { part, writer, depth });
  const name = writer.names.get(node.id)!;
  if (node.kind === 'service') {
    if (name !== node.name)
      losses.tell(part, ['identifier'], `it is called \`${name}\`, as its name is taken`);
    return {
      items: [{ step: { name, ...toCixService(node, when, { part, writer, depth }) } }],
      attempts: {},
    };
  }
  const failures = toCixFailures(node.onFailure ?? [], part, losses);
  const body = node.kind === 'wait' ? toCixWait(node) : toCixRun(node, part, writer);
  return {
    items: [{ step: { name, ...body, ...failures.step, ...when } }],
    attempts: failures.group,
  };
}

interface Writing {
  readonly part: Part;
  readonly writer: CixWriter;
  readonly depth: number;
}

function toGroup(node: Group, when: Words, { part, writer, depth }: Writing): Items {
  const { losses } = writer;
  const isParallel = runsBeside(node);
  const inside = toCixGroup(node, writer, depth + 1);
  if (inside.items.length === 0) return { items: [], attempts: {} };
  if (isParallel) {
    losses.once(part, [], 'in CIX, the first failure in a parallel group ends what runs beside it');
    if (node.atOnce !== undefined && node.atOnce < node.members.length)
      losses.tell(
        part,
        ['strategy'],
        `all ${node.members.length} of it run at the same time, and not ${node.atOnce} at once`,
      );
  }
  // What runs at the same time is no group to Harness: one around it does again what there is to do again.
  const isBare = node.order === 'parallel';
  const name = writer.groups.take(toStepName(node.name));
  const timeout = node.timeoutMs;
  return {
    items: [
      {
        steps: {
          name,
          ...(isParallel && { parallel: true }),
          ...(typeof timeout === 'number' && { timeout: cixDuration(timeout) }),
          ...(!isBare && inside.attempts),
          ...when,
          pipeline: inside.items,
        },
      },
    ],
    attempts: isBare ? inside.attempts : {},
  };
}

function whenOf({ when }: Node, part: Part, writer: CixWriter): Words {
  if (when?.kind !== 'true') return {};
  const conditions = toCixConditions(when.expression, part, writer);
  if (!conditions)
    writer.losses.tell(part, ['when.condition'], 'its condition is left out: it runs always');
  return conditions && conditions.length > 0 ? { when: conditions } : {};
}
