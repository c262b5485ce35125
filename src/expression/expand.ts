import { fail, ok } from '../base/result.ts';
import { maxNodes } from '../plan/copies.ts';
import { isTask, nodesOfPlan } from '../plan/order.ts';
import { bind } from './bind.ts';
import { checkCopies } from './check-copies.ts';
import { holds, waitsForRun } from './condition.ts';
import { Mistakes, nameOf } from './mistakes.ts';
import { resolveNeeds } from './resolve-needs.ts';
import { settle } from './settle.ts';
import { turnsOf } from './turns.ts';

import type { Result } from '../base/result.ts';
import type { Command, Group, Node, Plan, Repeat } from '../plan/plan.ts';
import type { Copy, Turn } from './copy.ts';
import type { Variables } from './fill.ts';
import type { PlanMistake } from './mistakes.ts';

/**
 * The plan with its repetitions written out, and numbers for its quantities. What repeats becomes a group
 * of copies, `name-1` to `name-n`, and whatever stands in a copied group gets the same number. A need for
 * what repeats becomes one for all its copies, but within a copy of a group only for those of that copy.
 * The failure tells everything that cannot be done with these variables.
 */
export function expandPlan(plan: Plan, variables: Variables): Result<Plan, readonly PlanMistake[]> {
  const expansion = new Expansion(variables);
  const { copies, mistakes } = expansion;
  const roots = plan.stages.map(({ root }) => expansion.root(root));
  const registries = plan.registries?.map((registry) =>
    settle(registry, { name: `registry '${registry.name}'`, variables, mistakes }),
  );
  checkCopies(copies, mistakes);
  if (mistakes.all.length > 0) return fail(mistakes.all);
  const withNeeds = resolveNeeds(copies, new Set(nodesOfPlan(plan).map(({ id }) => id)));
  return ok({
    ...plan,
    stages: plan.stages.map((stage, at) => ({ ...stage, root: withNeeds(roots[at]!) })),
    ...(registries && { registries }),
  });
}

/** What is known of the surroundings of a node. */
interface Scope {
  /** What every name in a copy gets: `-2-1`. */
  readonly suffix: string;
  /** The counters and elements of the copies around. */
  readonly told: Variables;
  readonly turns: readonly Turn[];
  /** A condition does not hold, so that nothing here is ever asked for. */
  readonly isSkipped: boolean;
}

/** Writes out a plan node by node, and keeps what it made and what it found. */
class Expansion {
  readonly copies: Copy[] = [];
  readonly mistakes = new Mistakes();
  readonly #variables: Variables;

  constructor(variables: Variables) {
    this.#variables = variables;
  }

  root(root: Group): Group {
    const scope: Scope = { suffix: '', told: new Map(), turns: [], isSkipped: false };
    return { ...root, members: root.members.map((member) => this.#node(member, scope)) };
  }

  #node(node: Node, around: Scope): Node {
    const held = node.when && holds(bind(node.when, around.told), this.#variables);
    const isDecided = held?.ok === true && !waitsForRun(node.when!);
    const isSkipped = around.isSkipped || (isDecided && !held.value);
    const scope = { ...around, isSkipped };
    const { repeat } = node;
    return repeat ? this.#repeated({ ...node, repeat }, scope) : this.#plain(node, scope);
  }

  #plain(written: Node, scope: Scope): Node {
    const { told, turns, suffix } = scope;
    const settled = this.#settled(withOwn(written, told), scope);
    const named = { ...settled, id: written.id + suffix, name: written.name + suffix };
    const node =
      named.kind === 'group'
        ? { ...named, members: named.members.map((member) => this.#node(member, scope)) }
        : isTask(named)
          ? { ...named, command: tell(named.command, told) }
          : named;
    this.copies.push({ node, written, turns });
    return node;
  }

  #settled(node: Node, { isSkipped }: Scope): Node {
    if (node.kind === 'service') return node;
    const mistakes = isSkipped ? new Mistakes() : this.mistakes;
    return settle(node, { name: nameOf(node), variables: this.#variables, mistakes });
  }

  #repeated(written: Node & { readonly repeat: Repeat }, scope: Scope): Group {
    const { repeat, when, ...one } = written;
    const { suffix, told, turns } = scope;
    const node: Group = {
      kind: 'group',
      id: written.id + suffix,
      name: written.name + suffix,
      where: written.where,
      ...(when && { when: bind(when, told) }),
      order: repeat.order,
      members: this.#copiesOf(one, bind(repeat, told), scope),
    };
    this.copies.push({ node, written, turns });
    return node;
  }

  #copiesOf(node: Node, repeat: Repeat, scope: Scope): readonly Node[] {
    const turns = turnsOf(repeat, this.#variables);
    if (!turns.ok) {
      const { problem, where = node.where } = turns.failure;
      if (!scope.isSkipped) this.mistakes.tell({ where, message: `${nameOf(node)}: ${problem}` });
      return [];
    }
    const copies: Node[] = [];
    for (const [at, more] of turns.value.entries()) {
      if (this.copies.length >= maxNodes) {
        const message = `its copies are too many: a run has ${maxNodes} steps, services and groups at most`;
        this.mistakes.tell({ where: node.where, message: `${nameOf(node)}: ${message}` });
        break;
      }
      copies.push(
        this.#plain(node, {
          ...scope,
          suffix: `${scope.suffix}-${at + 1}`,
          told: new Map([...scope.told, ...more]),
          turns: [...scope.turns, { of: node.id, index: at + 1, order: repeat.order }],
        }),
      );
    }
    return copies;
  }
}

/** A node with what it is told in its own texts, and its members as they are. */
function withOwn(node: Node, told: Variables): Node {
  if (node.kind !== 'group') return bind(node, told);
  return { ...bind({ ...node, members: [] }, told), members: node.members };
}

/** What a command is told stands in its environment as well, unless it gives the name a value of its own. */
function tell(command: Command, told: Variables): Command {
  const own = new Set(command.environment.map(({ name }) => name));
  const more = [...told].filter(([name]) => !own.has(name));
  return {
    ...command,
    environment: [
      ...command.environment,
      ...more.map(([name, value]) => ({ name, value: [value] })),
    ],
  };
}
