import { isTask, nodesOfPlan } from '../../plan/order.ts';
import { Losses } from './losses.ts';
import { identifiersOf } from './identifiers.ts';
import { toIdentifier, toName } from './names.ts';
import { Inputs } from './harness-writer.ts';
import { toHarnessMember } from './to-harness-members.ts';
import { tmp, usesTmp } from './cix-surroundings.ts';

import type { Node, Plan } from '../../plan/plan.ts';
import type { Source } from '../common/source.ts';
import type { HarnessWriter } from './harness-writer.ts';
import type { Part } from './losses.ts';
import type { Written } from './write-yaml.ts';

type Words = { readonly [key: string]: Written };

/** A pipeline in the words of Harness, what must be given to it, and what these words cannot say. */
export interface MadeHarness {
  readonly losses: Losses;
  readonly pipeline: Words;
  readonly inputs: readonly string[];
  readonly secrets: readonly string[];
}

/** A pipeline of CIX in the words of Harness. */
export function toHarness(plan: Plan, sources: readonly Source[]): MadeHarness {
  // What a variable comes to unless it is given, some later place may say.
  const draft = write(plan, new Losses(sources), new Map());
  return write(plan, new Losses(sources), draft.fallbacks);
}

function write(
  plan: Plan,
  losses: Losses,
  fallbacks: ReadonlyMap<string, string>,
): MadeHarness & { readonly fallbacks: ReadonlyMap<string, string> } {
  const inputs = new Inputs(losses);
  const nodes = nodesOfPlan(plan);
  const { own, needed } = identifiersOf(plan.stages[0]!.root);
  const writer: HarnessWriter = {
    losses,
    inputs,
    fallbacks,
    local: new Map(),
    copied: new Map(nodes.map((node) => [node.id, countOf(node)])),
    identifiers: own,
    needed,
  };
  const [stage] = plan.stages;
  const root = stage!.root;
  const whole: Part = { about: 'this pipeline', where: root.where };
  if (plan.registries)
    losses.tell(
      whole,
      ['registry'],
      'its registries are left out',
      'a file of connectors tells Harness of them: `--connectors`, and `connectorRef` of each step',
    );
  const shared = nodes.some((node) => isTask(node) && usesTmp(node)) ? [tmp] : [];
  const steps = root.members.map((member) => toHarnessMember(member, writer));
  const secrets = [...inputs.secrets];
  const identifier = toIdentifier(plan.name);
  const variables = inputs.written();
  return {
    losses,
    fallbacks: inputs.fallbacks,
    inputs: inputs.names,
    secrets,
    pipeline: {
      pipeline: {
        identifier,
        name: toName(plan.name) ?? identifier,
        projectIdentifier: 'default',
        orgIdentifier: 'default',
        ...(variables.length > 0 && { variables }),
        stages: [
          {
            stage: {
              identifier: 'main',
              name: 'main',
              type: 'CI',
              spec: {
                cloneCodebase: false,
                platform: { os: 'Linux', arch: 'Amd64' },
                runtime: { type: 'Docker', spec: {} },
                ...(shared.length > 0 && { sharedPaths: shared }),
                execution: { steps },
              },
            },
          },
        ],
      },
    },
  };
}

/** How many copies there are of what is repeated. */
function countOf({ repeat }: Node): number | 'unknown' | undefined {
  if (!repeat) return undefined;
  const { over } = repeat;
  if (over.kind === 'times') return typeof over.times === 'number' ? over.times : 'unknown';
  return 'commaSeparated' in over.items ? 'unknown' : over.items.length;
}
