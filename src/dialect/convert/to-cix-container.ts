import { plainText } from './plain-text.ts';
import { cixText } from './cix-writer.ts';

import type { Container, TaskNode, Text } from '../../plan/plan.ts';
import type { CixWriter } from './cix-writer.ts';
import type { Losses, Part } from './losses.ts';
import type { Written } from './write-yaml.ts';

type Words = { readonly [key: string]: Written };

const policies = { always: 'Always', missing: 'IfNotPresent', never: 'Never', 'by-tag': undefined };

/** What a step or a service of CIX says about its container. */
export function toCixContainer(
  container: Container,
  { name, command }: TaskNode,
  part: Part,
  writer: CixWriter,
): Words {
  const { stage, said, losses } = writer;
  const text = (one: Text): string =>
    cixText(one, part, ['spec.portBindings', 'spec.ports'], writer);
  const shared = (stage.around?.folders ?? []).filter(({ target }) => target !== '/cix/tmp');
  for (const { target } of shared)
    losses.once(
      part,
      [],
      `\`${target}\` is kept in a volume of the engine, which stays there after the run`,
    );
  const volumes = [
    ...(container.volumes ?? []).map(text),
    ...shared.map((one) => `${stage.id}-${one.name}:${one.target}`),
  ];
  const aliases = [...(container.aliases ?? [])].map(plainText);
  const [hostname, ...more] = aliases.filter((one) => isWordOf(said, one));
  if (more.length > 0)
    losses.tell(
      part,
      ['spec.networkAliases'],
      `it is found by \`${name}\` and \`${hostname}\` only, and not by \`${more.join('`, `')}\``,
    );
  const policy = policies[container.pull ?? 'by-tag'];
  const { memoryBytes, cpus } = container;
  const isNamed = JSON.stringify([command.run, command.environment]).includes('/harness');
  return {
    ...(hostname !== undefined && { hostname }),
    ...(container.ports && { ports: container.ports.map(text) }),
    ...(volumes.length > 0 && { volumes }),
    ...(container.privileged === true && { privileged: true }),
    ...(isNamed && { 'workspace-mount-point': '/harness' }),
    ...(policy && { 'pull-policy': policy }),
    ...memoryWords(memoryBytes, part, losses),
    ...(cpus !== undefined && { cpus }),
  };
}

/** Whether a text names a host. */
const isWordOf = (text: string, host: string): boolean =>
  new RegExp(`(?<![\\w-])${host.replaceAll(/[^\w-]/g, '\\$&')}(?![\\w-])`).test(text);

/** Docker takes no less. */
const leastBytes = 6 * 1024 ** 2;

function memoryWords(count: number | undefined, part: Part, losses: Losses): Words {
  if (count === undefined || count >= leastBytes)
    return count === undefined ? {} : { memory: bytes(count) };
  losses.tell(
    part,
    ['spec.resources.limits.memory'],
    'its limit of memory is left out: 6 MiB are the least',
  );
  return {};
}

const bytes = (count: number): string | number =>
  count % 1024 ** 3 === 0
    ? `${count / 1024 ** 3}Gi`
    : count % 1024 ** 2 === 0
      ? `${count / 1024 ** 2}Mi`
      : count;
