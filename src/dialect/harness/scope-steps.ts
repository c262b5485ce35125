import { child, members, textOf } from '../common/tree.ts';
import { identityOf } from './identify.ts';
import { approvedAs, outputOf } from './outputs.ts';
import { nodeId } from './place.ts';
import { status } from './scope-status.ts';
import { found, loopValue, noneOf, nothing, unknown, walked, worthOf } from './scope-values.ts';

import type { Expression } from '../../plan/expression.ts';
import type { Spot, Tree } from '../common/tree.ts';
import type { Level } from './place.ts';
import type { Asking } from './scope.ts';
import type { Found, Path } from './scope-values.ts';

/** What stands in a list of stages or steps, by its identifier: `parallel` makes no level of its own. */
const indexes = new WeakMap<Tree, ReadonlyMap<string, Body>>();

interface Body {
  readonly kind: Level['kind'];
  readonly body: Spot;
}

export function bodiesIn(list: Spot | undefined): ReadonlyMap<string, Body> {
  if (!list) return new Map();
  const made = indexes.get(list.tree) ?? new Map(listed(list));
  indexes.set(list.tree, made);
  return made;
}

function listed(list: Spot): readonly (readonly [string, Body])[] {
  return members(list).flatMap((item) => {
    const beside = child(item, 'parallel');
    const own = kinds.flatMap(([key, kind]) => {
      const body = child(item, key);
      return body ? [[identityOf(body).identifier, { kind, body }] as const] : [];
    });
    return beside ? [...own, ...listed(beside)] : own;
  });
}

const kinds = [
  ['stage', 'stage'],
  ['step', 'step'],
  ['stepGroup', 'group'],
] as const;

/** The one of a list that is called so: in a copy its own one, or `x_0` the first copy of `x`. */
function levelIn(list: Spot | undefined, id: string, { place }: Asking): Level | undefined {
  const bodies = bodiesIn(list);
  const own = bodies.get(id);
  if (own) {
    const around = place.levels.find(({ body }) => body.tree === own.body.tree);
    return around ?? { ...own, ...identityOf(own.body), id };
  }
  const base = bodies.get(id.replace(/_\d+$/, ''));
  return base && child(base.body, 'strategy')
    ? { ...base, ...identityOf(base.body), id }
    : undefined;
}

export function stagesPath(whole: Path, asking: Asking): Found {
  const id = whole[0];
  const path = whole.slice(1);
  const stages = child(asking.place.reading.pipeline, 'stages');
  const level = levelIn(stages, String(id), asking);
  return level
    ? stagePath(level, path, asking)
    : noneOf('stage', String(id), [...bodiesIn(stages).keys()]);
}

const stepsOfStage = (body: Spot): Spot | undefined => {
  const execution = child(child(body, 'spec') ?? body, 'execution');
  return execution && child(execution, 'steps');
};

export function stagePath(level: Level, path: Path, asking: Asking): Found {
  const head = path[0];
  const second = path[1];
  if (head === 'spec' && second === 'execution') return stagePath(level, path.slice(1), asking);
  if (head === 'execution' && second === 'steps')
    return stepsIn([level], stepsOfStage(level.body), path.slice(2), asking);
  return own([level], path, asking);
}

/** `steps.x` is the nearest one of that name. */
export function stepsPath(path: Path, asking: Asking): Found {
  const { levels } = asking.place;
  const id = String(path[0]);
  for (let at = levels.length - 1; at >= 0; at--) {
    const level = levels[at]!;
    if (level.kind === 'step') continue;
    const list = level.kind === 'stage' ? stepsOfStage(level.body) : child(level.body, 'steps');
    const found = levelIn(list, id, asking);
    if (found) return stepPath([...levels.slice(0, at + 1), found], path.slice(1), asking);
  }
  const stage = levels[0] && stepsOfStage(levels[0].body);
  return stepsIn(levels.slice(0, 1), stage, path, asking);
}

function stepsIn(
  levels: readonly Level[],
  list: Spot | undefined,
  whole: Path,
  asking: Asking,
): Found {
  const id = whole[0];
  const path = whole.slice(1);
  const level = levelIn(list, String(id), asking);
  return level
    ? stepPath([...levels, level], path, asking)
    : noneOf('step', String(id), [...bodiesIn(list).keys()]);
}

export function stepPath(levels: readonly Level[], path: Path, asking: Asking): Found {
  const level = levels.at(-1)!;
  const head = path[0];
  const rest = path.slice(1);
  if (head === 'steps' && level.kind === 'group')
    return stepsIn(levels, child(level.body, 'steps'), rest, asking);
  if (head === 'output') return output(levels, rest, asking);
  return own(levels, path, asking);
}

/** What stages, groups and steps all have. */
function own(levels: readonly Level[], path: Path, asking: Asking): Found {
  const level = levels.at(-1)!;
  const head = path[0];
  const rest = path.slice(1);
  switch (head) {
    case 'name':
      return found(child(level.body, 'name'), `${nodeId(levels)}.name`);
    case 'identifier':
      return { kind: 'value', value: level.id };
    case 'variables':
      return worthOf(level.body, rest, `${nodeId(levels)}.variables`);
    case 'matrix':
    case 'repeat':
    case 'strategy':
      return level.loop ? loopValue([level], path) : unknown(path.join('.'));
    case 'status':
    case 'currentStatus':
      return status(levels, asking);
    default:
      return walked(level.body, path, `${level.kind} ${level.identifier}`);
  }
}

function output(levels: readonly Level[], path: Path, { warn }: Asking): Found {
  const kind = path[0];
  const { body, id } = levels.at(-1)!;
  const type = textOf(child(body, 'type'));
  const name = path.slice(1).join('.');
  const declares = kind === 'approverInputs' ? 'approverInputs' : 'outputVariables';
  if (type === 'Background') {
    warn(`the Background step '${id}' has no outputs`, 'Harness has none of them either');
    return nothing;
  }
  const spec = child(body, 'spec') ?? body;
  const names = members(child(spec, declares)).map((one) => textOf(child(one, 'name')) ?? '');
  if (!names.includes(name)) {
    const listed = names.length > 0 ? `it declares: ${names.join(', ')}` : 'it declares none';
    warn(`step '${id}' has no output '${name}'`, listed);
    return nothing;
  }
  const node = nodeId(levels);
  const expression: Expression =
    kind === 'approverInputs'
      ? { kind: 'variable', name: approvedAs(node, name) }
      : outputOf(body, node, name);
  return { kind: 'expression', expression };
}
