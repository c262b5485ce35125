import { parsePort } from '../plan/container-text.ts';
import { addressPrefix, isTask, localPort, portsOf } from '../plan/order.ts';
import { nameOf } from './mistakes.ts';

import type { Node } from '../plan/plan.ts';
import type { Copy } from './copy.ts';
import type { Mistakes } from './mistakes.ts';

/** Tells of copies that have the name of something else, or would hold one port at the same time. */
export function checkCopies(copies: readonly Copy[], mistakes: Mistakes): void {
  checkNames(copies, mistakes);
  checkAddresses(copies, mistakes);
  checkPorts(copies, mistakes);
}

function checkNames(copies: readonly Copy[], mistakes: Mistakes): void {
  const first = new Map<string, Copy>();
  for (const copy of copies) {
    const earlier = first.get(copy.node.id);
    if (!earlier) {
      first.set(copy.node.id, copy);
      continue;
    }
    // What is written twice is told by the dialect.
    if (copy.turns.length + earlier.turns.length === 0) continue;
    const [one, other] = copy.turns.length > 0 ? [copy, earlier] : [earlier, copy];
    const { written } = one;
    const whose = `${other.turns.length > 0 ? 'a copy of ' : ''}${nameOf(other.written)}`;
    mistakes.tell({
      where: written.where,
      message: `${nameOf(written)}: its copy '${one.node.name}' has the name of ${whose}`,
      hint: 'copies are called by the name of what they are copies of and their number: give one of the two another name',
    });
  }
}

/** Steps look for the address of a service in variables that only some of its letters name. */
function checkAddresses(copies: readonly Copy[], mistakes: Mistakes): void {
  const first = new Map<string, Copy>();
  for (const copy of copies) {
    const { node, written } = copy;
    if (node.kind !== 'service' || portsOf(node).length === 0) continue;
    const prefix = addressPrefix(node.name);
    const earlier = first.get(prefix);
    if (!earlier) first.set(prefix, copy);
    else if (earlier.node.name !== node.name && copy.turns.length + earlier.turns.length > 0)
      mistakes.tell({
        where: written.where,
        message: `${nameOf(node)}: \`${prefix}_HOST\` is already the address of ${nameOf(earlier.node)}`,
        hint: 'give them names that differ in more than upper and lower case and punctuation',
      });
  }
}

function checkPorts(copies: readonly Copy[], mistakes: Mistakes): void {
  const holders = new Map<string, Copy>();
  for (const copy of copies) {
    if (copy.turns.length === 0) continue;
    for (const port of heldBy(copy.node)) {
      const key = `${copy.written.id} ${port}`;
      const earlier = holders.get(key);
      holders.set(key, copy);
      if (!earlier || !liveTogether(earlier, copy)) continue;
      const { written } = copy;
      const [number] = port.split('/');
      mistakes.tell({
        where: written.where,
        message: `${nameOf(written)}: its copies would hold port ${number} of this machine at the same time`,
        hint:
          'command' in written && written.command.image
            ? 'let the number of the copy be a part of the port, or publish at any that is free (`0:…`)'
            : 'what its probe asks is the same port for each of them; a container has ports of its own',
      });
    }
  }
}

/** The ports of this machine that a node takes, as `8080/tcp`. */
function heldBy(node: Node): ReadonlySet<string> {
  if (!isTask(node)) return new Set();
  const { image, container } = node.command;
  if (!image) {
    const probes = node.kind === 'service' ? node.ready : [];
    const asked = probes.map(localPort).filter((port) => port !== undefined);
    return new Set(asked.map((port) => `${port}/tcp`));
  }
  return new Set(
    (container?.ports ?? []).flatMap(([word, ...more]) => {
      const port = typeof word === 'string' && more.length === 0 ? parsePort(word) : undefined;
      return port?.ok === true && port.value.outside !== 0
        ? [`${port.value.outside}/${port.value.protocol}`]
        : [];
    }),
  );
}

/** Whether two copies of one node, of which the second begins later, may be there at the same time. */
function liveTogether(earlier: Copy, { node, written, turns }: Copy): boolean {
  const turn = turns.find(({ index }, at) => earlier.turns[at]?.index !== index);
  if (turn?.order === 'parallel') return true;
  if (node.kind !== 'service') return false;
  // The copies of the service itself stand in one group.
  return node.scope === 'stage' || turn?.of === written.id;
}
