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
  const rows = rowsOf(plan.stages).map((lanes) =>
    lanes.map((lane) =>
      lane.flatMap((stage) => {
        const writer = { losses, steps, groups, names, fallbacks, stage, isStageGrouped, said };
        return toStage(stage, writer);
      }),
    ),
  );
  if (isStageGrouped)
    losses.once(
      whole,
      [],
      'the stages become groups, which share one network and one set of folders',
    );
  const items = rows.flatMap((lanes) => {
    const row = lanes.filter(({ length }) => length > 0);
    if (row.length < 2) return row.flat();
    const pipeline = row.flatMap((lane): readonly Written[] =>
      lane.length === 1 ? lane : [{ steps: { name: groups.take('copies'), pipeline: lane } }],
    );
    return [{ steps: { name: groups.take('parallel'), parallel: true, pipeline } }];
  });
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

/** Stages by turns: in each what begins together, each a stage or copies of one that run one after the other. */
function rowsOf(stages: readonly Stage[]): readonly (readonly (readonly Stage[])[])[] {
  const rows: Stage[][][] = [];
  for (const stage of stages) {
    const { beside, atOnce } = stage;
    const row = rows.at(-1);
    const lane = row?.at(-1);
    if (beside !== true || !row) rows.push([[stage]]);
    else if (atOnce?.most === 1 && lane?.[0]?.atOnce?.of === atOnce.of) lane.push(stage);
    else row.push([stage]);
  }
  return rows;
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
  if (stage.atOnce && stage.atOnce.most > 1)
    losses.tell(
      { ...part, about: `stage '${stage.atOnce.of}'` },
      ['strategy'],
      `all of its copies run at the same time, and not ${stage.atOnce.most} at once`,
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
