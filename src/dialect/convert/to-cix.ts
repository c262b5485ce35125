import { nodesOfPlan } from '../../plan/order.ts';
import { Names, toStepName } from './names.ts';
import { toCixGroup } from './to-cix-members.ts';
import { cixText } from './cix-writer.ts';
import { cixDuration } from './durations.ts';
import { toCixConditions } from './to-cix-condition.ts';

import type { Plan, Registry, Stage } from '../../plan/plan.ts';
import type { CixWriter } from './cix-writer.ts';
import type { Losses, Part } from './losses.ts';
import type { Written } from './write-yaml.ts';

type Words = { readonly [key: string]: Written };

/** A pipeline of Harness in the words of CIX 2.1. What these cannot say is told. */
export function toCix(plan: Plan, losses: Losses, fallbacks: ReadonlyMap<string, string>): Words {
  const steps = new Names('-');
  const groups = new Names('-');
  const tasks = nodesOfPlan(plan).filter(({ kind }) => kind !== 'group');
  const names = new Map(tasks.map((node) => [node.id, steps.take(toStepName(node.name))]));
  const said = JSON.stringify(
    tasks.map((node) => ({
      ...node,
      id: '',
      name: '',
      where: 0,
      command: 'command' in node && { ...node.command, container: 0 },
    })),
  );
  const isStageGrouped = plan.stages.length > 1;
  const whole: Part = { about: 'this pipeline', where: plan.stages[0]!.root.where };
  const rows: Written[][] = [];
  for (const stage of plan.stages) {
    const writer = { losses, steps, groups, names, fallbacks, stage, isStageGrouped, said };
    const row = rows.at(-1);
    if (stage.beside && row) row.push(...toStage(stage, writer));
    else rows.push([...toStage(stage, writer)]);
  }
  if (isStageGrouped)
    losses.once(
      whole,
      [],
      'the stages become groups, which share one network and one set of folders',
    );
  const items = rows.flatMap((row) =>
    isStageGrouped && row.length > 1
      ? [{ steps: { name: groups.take('parallel'), parallel: true, pipeline: row } }]
      : row,
  );
  const timed: readonly Written[] =
    plan.timeoutMs === undefined
      ? items
      : [
          {
            steps: {
              name: groups.take(toStepName(plan.name)),
              timeout: cixDuration(plan.timeoutMs),
              pipeline: items,
            },
          },
        ];
  return { version: 2.1, ...registryWords(plan.registries ?? [], whole, losses), pipeline: timed };
}

function toStage(stage: Stage, writer: CixWriter): readonly Written[] {
  const { losses } = writer;
  const part: Part = { about: `stage '${stage.id}'`, where: stage.root.where };
  if (stage.after === 'failure') {
    losses.tell(
      part,
      ['when.pipelineStatus'],
      'it runs only when something has failed, which CIX cannot say: it is left out',
      'a pipeline file of its own runs after this one with `--teardown`',
    );
    return [];
  }
  if (stage.after === 'either')
    losses.tell(
      part,
      ['when.pipelineStatus'],
      'it does not run when something before it has failed',
    );
  if (stage.sharesLoopback)
    losses.tell(
      part,
      ['spec.infrastructure'],
      'its containers do not find each other at `localhost`',
      'by their names they do',
    );
  const conditions =
    stage.when?.kind === 'true' ? toCixConditions(stage.when.expression, part, writer) : [];
  if (!conditions)
    losses.tell(part, ['when.condition'], 'its condition is left out: it runs always');
  const { items, attempts } = toCixGroup(stage.root, writer, 0);
  if (items.length === 0) return [];
  const isPlain = !writer.isStageGrouped && stage.timeoutMs === undefined;
  if (isPlain && (conditions ?? []).length === 0 && Object.keys(attempts).length === 0)
    return items;
  return [
    {
      steps: {
        name: writer.groups.take(toStepName(stage.id)),
        ...(stage.timeoutMs !== undefined && { timeout: cixDuration(stage.timeoutMs) }),
        ...attempts,
        ...(conditions && conditions.length > 0 && { when: conditions }),
        pipeline: items,
      },
    },
  ];
}

function registryWords(registries: readonly Registry[], whole: Part, losses: Losses): Words {
  if (registries.length === 0) return {};
  const entries = registries.map(({ name, credentials }): [string, Written] => [
    name,
    credentials
      ? {
          username: cixText(credentials.username, whole, [], { losses }),
          password: cixText(credentials.password, whole, [], { losses }),
        }
      : {},
  ]);
  return { registry: Object.fromEntries(entries) };
}
