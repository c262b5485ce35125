import { isBare } from './identifiers.ts';
import { toName } from './names.ts';
import { onExitWords, serviceWords } from './service-words.ts';
import { toHarnessCommand } from './to-harness-command.ts';
import { localOf, turnWords } from './to-harness-turn.ts';

import type { Group, Node, RunStep, Service } from '../../plan/plan.ts';
import type { HarnessWriter } from './harness-writer.ts';
import type { Part } from './losses.ts';
import type { Written } from './write-yaml.ts';

type Words = { readonly [key: string]: Written };

const kinds = { run: 'step', wait: 'step', approval: 'step', service: 'service', group: 'group' };

/** A step, a service or a group as an item of Harness. */
export function toHarnessMember(node: Node, writer: HarnessWriter): Words {
  const part: Part = { about: `${kinds[node.kind]} '${node.name}'`, where: node.where };
  const inside = localOf(node, writer, part);
  if (node.kind === 'group') return toGroup(node, { part, writer, inside });
  const spec =
    node.kind === 'service' ? toService(node, part, inside) : toRun(node as RunStep, part, inside);
  if (node.kind === 'service' && node.repeat)
    writer.losses.tell(
      part,
      ['loop', 'for-each'],
      `its copies are called \`${writer.identifiers.get(node.id)!}_0\`, \`_1\` and so on`,
    );
  return {
    step: {
      ...called(node, writer),
      type: node.kind === 'service' ? 'Background' : 'Run',
      ...turnWords(node, part, writer),
      spec,
    },
  };
}

interface Writing {
  readonly part: Part;
  readonly writer: HarnessWriter;
  readonly inside: HarnessWriter;
}

function toGroup(node: Group, { part, writer, inside }: Writing): Words {
  const members = node.members.map((member) => toHarnessMember(member, inside));
  const isParallel = node.order === 'parallel' && node.members.length > 1;
  if (isParallel)
    writer.losses.once(
      part,
      ['parallel'],
      'in Harness, what runs beside a step that fails runs to its end',
    );
  const words = turnWords(node, part, writer);
  if (isBare(node)) return { parallel: members };
  return {
    stepGroup: {
      ...called(node, writer),
      ...words,
      steps: isParallel ? [{ parallel: members }] : members,
    },
  };
}

function called({ id, name }: Node, { identifiers }: HarnessWriter): Words {
  const identifier = identifiers.get(id)!;
  return { identifier, name: toName(name) ?? identifier };
}

const toRun = (node: RunStep, part: Part, writer: HarnessWriter): Words => ({
  ...toHarnessCommand(node, part, writer),
  ...needsOf(node, writer),
});

function toService(node: Service, part: Part, writer: HarnessWriter): Words {
  const onExit = onExitWords(node.onExit);
  return {
    ...toHarnessCommand(node, part, writer),
    ...serviceWords(node),
    ...(onExit !== 'ignore' && { onExit }),
    ...needsOf(node, writer),
  };
}

function needsOf({ needs, name, where, kind }: RunStep | Service, writer: HarnessWriter): Words {
  const { needed, copied, losses } = writer;
  const part: Part = { about: `${kinds[kind]} '${name}'`, where };
  const named = needs.flatMap((id): readonly string[] => {
    const identifier = needed.get(id) ?? id;
    const count = copied.get(id);
    if (count === undefined) return [identifier];
    if (typeof count === 'number')
      return Array.from({ length: count }, (_, at) => `${identifier}_${at}`);
    losses.tell(
      part,
      ['needs'],
      `it does not wait for the copies of '${identifier}', whose number is not known yet`,
    );
    return [];
  });
  return named.length > 0 ? { needs: named } : {};
}
