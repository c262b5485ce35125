import { harnessText } from './harness-writer.ts';
import { isPlain } from './plain-text.ts';

import type { Container, RunStep, Service } from '../../plan/plan.ts';
import type { HarnessWriter } from './harness-writer.ts';
import type { Part } from './losses.ts';
import type { Written } from './write-yaml.ts';

type Words = { readonly [key: string]: Written };

const policies: Readonly<Record<string, string>> = {
  always: 'Always',
  missing: 'IfNotPresent',
  never: 'Never',
};

/** What a step or a service of Harness says in its `spec` about its container. */
export function toHarnessContainer(
  node: RunStep | Service,
  container: Container,
  part: Part,
  writer: HarnessWriter,
): Words {
  const { losses } = writer;
  const { hostname, volumes, privileged, mountPoint, pull, memoryBytes, cpus } = container;
  if (volumes)
    losses.tell(
      part,
      ['volumes'],
      'its volumes are left out',
      'steps of Harness have none; `sharedPaths` of a stage are folders that all its containers share',
    );
  if (mountPoint !== undefined && mountPoint !== '/cix/src')
    losses.tell(part, ['workspace-mount-point'], 'it finds the workspace at `/harness`');
  const policy = policies[pull ?? ''];
  const limits = {
    ...(memoryBytes !== undefined && { memory: memoryWords(memoryBytes) }),
    ...(cpus !== undefined && { cpu: String(cpus) }),
  };
  const aliases = [
    ...(hostname ? [harnessText(hostname, part, ['hostname'], writer)] : []),
    ...(node.kind === 'service' ? aliasesOf(node, writer) : []),
  ];
  return {
    ...portWords(node, container, part, writer),
    ...(aliases.length > 0 && { networkAliases: aliases }),
    ...(privileged === true && { privileged }),
    ...(policy !== undefined && { imagePullPolicy: policy }),
    ...(Object.keys(limits).length > 0 && { resources: { limits } }),
  };
}

/** What finds a service whose name is no identifier, where `-` for `_` is not enough. */
function aliasesOf({ id, name }: Service, { identifiers }: HarnessWriter): readonly string[] {
  const identifier = identifiers.get(id)!;
  return name === identifier || name === identifier.replaceAll('_', '-') ? [] : [name];
}

const memoryWords = (bytes: number): string =>
  bytes % 1024 ** 3 === 0
    ? `${bytes / 1024 ** 3}Gi`
    : bytes % 1024 ** 2 === 0
      ? `${bytes / 1024 ** 2}Mi`
      : String(bytes);

function portWords(
  node: RunStep | Service,
  { ports }: Container,
  part: Part,
  writer: HarnessWriter,
): Words {
  if (!ports) return {};
  if (node.kind === 'run') {
    writer.losses.tell(
      part,
      ['ports'],
      'its ports are not published: only those of a Background step are',
    );
    return {};
  }
  const pairs = ports.map((port) => {
    const text = harnessText(port, part, ['ports'], writer);
    const colon = text.indexOf(':');
    return colon === -1
      ? ([text.replace(/\/\w+$/, ''), text] as const)
      : ([text.slice(0, colon), text.slice(colon + 1)] as const);
  });
  const outside = new Set(pairs.map(([port]) => port));
  const areKnown = ports.every(isPlain);
  return areKnown && outside.size === pairs.length
    ? { portBindings: Object.fromEntries(pairs) }
    : { ports: pairs.map((pair) => pair.join(':')) };
}
