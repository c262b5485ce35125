import { child, members, ownerSpan, textOf, textsOf } from '../common/tree.ts';
import { secretFile } from './around.ts';
import { checkAlias } from './exports.ts';
import { checkSettings } from './check-settings.ts';
import { namedAt } from './named.ts';
import { withEntries } from './make-tree.ts';
import { checkOpenShape } from './open-shape.ts';
import { outputAs } from './outputs.ts';
import { aboutOf, nodeId } from './place.ts';
import { levels } from './schema.ts';
import { filledAt, filledText, toSpan } from './texts.ts';
import { toCommand } from './to-command.ts';
import { toFailureRules } from './to-failure-rules.ts';
import { toNeeds } from './to-needs.ts';
import { toTimeout } from './to-turn.ts';
import { wordOf } from './values.ts';

import type { Output, RunStep } from '../../plan/plan.ts';
import type { Spot } from '../common/tree.ts';
import type { Place } from './place.ts';
import type { Part } from './read-members.ts';
import type { StepSpots } from './read-step.ts';

/** Reads a step that runs a command to its end. */
export function readRun({ body, spec: written, common }: StepSpots, place: Place): Part {
  checkOpenShape(levels.run(), written, place.reading.findings, aboutOf(place));
  const spec = knownOf(written);
  checkSettings(spec, place);
  const { named, needs } = toNeeds(child(spec, 'needs'), place);
  const outputs = toOutputs(spec, place);
  checkAlias(spec, place);
  const node: RunStep = {
    kind: 'run',
    ...common,
    command: toCommand(spec, place),
    needs,
    ...(outputs.length > 0 && { outputs }),
    ...toReports(spec),
    ...toTimeout(body),
    ...toFailureRules(place),
  };
  return {
    node,
    outline: {
      kind: 'step',
      name: namedAt(place),
      needs: named,
      ports: [],
      held: [],
      elsewhere: [],
      scope: 'stage',
      sleep: sleepOf(child(spec, 'command')),
    },
  };
}

/** Without what is for services only, such as `entrypoint`: nothing comes of it, as is told. */
function knownOf(spec: Spot): Spot {
  const { tree } = spec;
  if (tree.kind !== 'map') return spec;
  const { shape } = levels.run();
  const entries = [...tree.entries].filter(([key]) => Object.hasOwn(shape, key));
  if (entries.length === tree.entries.size) return spec;
  return { ...spec, tree: withEntries(tree, new Map(entries)) };
}

function toOutputs(spec: Spot, place: Place): readonly Output[] {
  const declared = members(child(spec, 'outputVariables'));
  const [first] = declared;
  if (first && filledAt(spec, 'command') === undefined)
    place.reading.findings.error(
      ownerSpan(child(spec, 'outputVariables')!),
      `${aboutOf(place)}: it has outputs, but no \`command\` that could set them`,
    );
  const areSecret = textOf(child(spec, 'command'))?.includes(secretFile) === true;
  return declared.flatMap((one): readonly Output[] => {
    const name = textOf(child(one, 'name'));
    if (name === undefined || name === '') return [];
    const type = wordOf(['String', 'Secret', 'Number'] as const, filledAt(one, 'type'));
    return [
      {
        name: filledText(child(one, 'value')) ?? name,
        as: outputAs(nodeId(place.levels), name),
        ...((areSecret || type === 'Secret') && { isSecret: true }),
      },
    ];
  });
}

/** The patterns of the JUnit files that a step or a service writes. */
export function toReports(spec: Spot): { readonly reports?: readonly string[] } {
  const reports = child(spec, 'reports');
  const inside = reports && child(reports, 'spec');
  const paths = textsOf(inside && child(inside, 'paths')).filter((path) => path !== '');
  return paths.length > 0 ? { reports: paths } : {};
}

function sleepOf(command: Spot | undefined): ReturnType<typeof toSpan> | undefined {
  const isSleep = /^\s*sleep\s+[\d.]+[smh]?\s*$/.test(textOf(command) ?? '');
  return command && isSleep ? toSpan(command) : undefined;
}
