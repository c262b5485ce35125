import { isTask } from '../../plan/order.ts';

import type { Command, Node, Variable } from '../../plan/plan.ts';
import type { Named, Outline } from '../common/outline.ts';
import type { Span } from '../common/source.ts';

/** The outline of what is imported at `span`. */
export function importedOutline(outline: Outline, span: Span): Outline {
  const name = outline.name && throughImport(outline.name, span);
  if (outline.kind !== 'group') return { ...outline, name };
  return {
    ...outline,
    name,
    members: outline.members.map((member) => importedOutline(member, span)),
  };
}

const throughImport = (name: Named, span: Span): Named => ({
  ...name,
  through: [span, ...(name.through ?? [])],
});

/** The same with these variables in all of its steps and services, in place of those of the same name. */
export function withVariables<N extends Node>(node: N, variables: readonly Variable[]): N {
  if (variables.length === 0) return node;
  if (node.kind === 'group')
    return { ...node, members: node.members.map((member) => withVariables(member, variables)) };
  return isTask(node) ? { ...node, command: changed(node.command, variables) } : node;
}

function changed(command: Command, variables: readonly Variable[]): Command {
  const byName = new Map(variables.map((variable) => [variable.name, variable]));
  const own = command.environment.map((variable) => byName.get(variable.name) ?? variable);
  const names = new Set(own.map(({ name }) => name));
  const added = [...byName.values()].filter(({ name }) => !names.has(name));
  return { ...command, environment: [...own, ...added] };
}
