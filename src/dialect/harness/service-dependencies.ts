import { child, members } from '../common/tree.ts';

import type { Entry, Spot, Tree } from '../common/tree.ts';

/**
 * The steps of a stage with its `serviceDependencies` before them, all of which start at once: the older
 * way to say what Background steps say.
 */
export function withServices(steps: Spot | undefined, spec: Spot | undefined): Spot | undefined {
  const services = spec && child(spec, 'serviceDependencies');
  if (!services || members(services).length === 0) return steps;
  const { span } = services.tree;
  const items = members(services).map((one) => ({ tree: mapOf({ step: asStep(one) }, span) }));
  const list: Tree = { kind: 'list', span, size: services.tree.size, flow: false, items };
  const first = { tree: mapOf({ parallel: list }, span) };
  const rest = steps?.tree.kind === 'list' ? steps.tree.items : [];
  const whole: Tree = {
    kind: 'list',
    span,
    size: 1 + rest.length,
    flow: false,
    items: [first, ...rest],
  };
  return { ...(steps ?? services), tree: whole };
}

/** The same service as a Background step. */
function asStep({ tree }: Spot): Tree {
  if (tree.kind !== 'map') return tree;
  const type = tree.entries.get('type');
  const span = type?.tree.span ?? tree.span;
  const word: Tree = { kind: 'scalar', span, size: 1, value: 'Background', text: 'Background' };
  const isService = !type || (type.tree.kind === 'scalar' && type.tree.text === 'Service');
  return isService
    ? {
        ...tree,
        entries: new Map([...tree.entries, ['type', { tree: word, key: type?.key ?? span }]]),
      }
    : tree;
}

const mapOf = (values: Readonly<Record<string, Tree>>, span: Tree['span']): Tree => ({
  kind: 'map',
  span,
  size: 1,
  flow: false,
  entries: new Map(
    Object.entries(values).map(([key, tree]): [string, Entry] => [key, { tree, key: span }]),
  ),
});
