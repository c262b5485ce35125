import { exportedValue } from './scope-exports.ts';
import { lateInput } from './late-inputs.ts';
import { aboutOf } from './place.ts';
import { found, loopValue, unknown, variableOf, worthOf } from './scope-values.ts';
import { stagePath, stagesPath, stepsPath, stepPath } from './scope-steps.ts';
import { runFacts } from './scope-run.ts';
import { child, textOf, valueSpan } from '../common/tree.ts';

import type { Shared, Tell } from './expression/text.ts';
import type { Found, Path, Scope } from './scope-values.ts';
import type { Span } from '../common/source.ts';
import type { Spot } from '../common/tree.ts';
import type { Level, Place } from './place.ts';

/** What expressions that stand at `spot` can name. */
export function scopeOf(place: Place, spot: Spot): Scope {
  const warn = (message: string, hint?: string): void =>
    place.reading.findings.warning(spot.alias ?? valueSpan(spot), `${aboutOf(place)}: ${message}`, {
      hint,
    });
  return {
    lookup: (path) => lookup(path, { place, warn }),
    secret: (id) => secret(id, place),
    ...(place.levels[0] && { shared: sharedIn(place.levels[0]) }),
  };
}

const shared = new WeakMap<Level, Shared>();

/** What expressions have in common that stand in the same stage, whatever step they are of. */
function sharedIn(stage: Level): Shared {
  const made = shared.get(stage) ?? { has: isOfStage, known: new WeakMap() };
  shared.set(stage, made);
  return made;
}

const isOfStage = ([head = '', second = '']: readonly string[]): boolean =>
  (head === 'pipeline' || head === 'stage') &&
  (second === 'variables' || second === 'name' || second === 'identifier');

function secret(id: string, { reading: { options } }: Place): Found {
  const name = secretName(id);
  if (options.variables?.has(name) === false)
    return {
      kind: 'unknown',
      problem: `the secret \`${id}\` is not given`,
      hint: `give it by \`-s ${name}\`, with its value in the environment, or by \`--secret-stdin ${name}\``,
    };
  return { kind: 'expression', expression: { kind: 'variable', name } };
}

/** The variable of the run that a secret is given by: its identifier, without the scope that Harness keeps it in. */
const secretName = (id: string): string => id.replace(/^(account|org)\./, '');

/** Whoever looks something up. */
export interface Asking {
  readonly place: Place;
  readonly warn: (message: string, hint?: string) => void;
}

function lookup(whole: Path, asking: Asking): Found {
  const head = whole[0];
  const path = whole.slice(1);
  const { place } = asking;
  const { pipeline } = place.reading;
  switch (head) {
    case 'pipeline':
      return pipelinePath(path, asking);
    case 'stages':
      return stagesPath(path, asking);
    case 'stage':
      return place.levels[0] ? stagePath(place.levels[0], path, asking) : unknown('stage');
    case 'execution':
      return place.levels[0]
        ? stagePath(place.levels[0], ['execution', ...path], asking)
        : unknown('execution');
    case 'step':
      return place.levels.some(({ kind }) => kind === 'step')
        ? stepPath(place.levels, path, asking)
        : unknown('step');
    case 'stepGroup': {
      const at = place.levels.findLastIndex(({ kind }) => kind === 'group');
      return at < 0 ? unknown('stepGroup') : stepPath(place.levels.slice(0, at + 1), path, asking);
    }
    case 'steps':
      return stepsPath(path, asking);
    case 'matrix':
    case 'repeat':
    case 'strategy':
      return loopValue(place.levels.toReversed(), whole);
    case 'variables': {
      const owner = place.levels.findLast(({ body }) => variableOf(body, path[0]) !== undefined);
      return worthOf(owner?.body ?? pipeline, path, 'variables');
    }
    case 'exportedVariables':
      return exportedValue(path, place);
    case 'executionInput':
      return lateInput(path, place);
    case 'org':
    case 'project':
      return path[0] === 'identifier'
        ? found(child(pipeline, `${head}Identifier`), `${head}.identifier`)
        : unknown(head);
    default:
      return runFacts(whole.length === 0 ? [''] : whole, asking);
  }
}

function pipelinePath(path: Path, asking: Asking): Found {
  const { pipeline } = asking.place.reading;
  const head = path[0];
  const rest = path.slice(1);
  switch (head) {
    case 'variables':
      return worthOf(pipeline, rest, 'pipeline.variables');
    case 'stages':
      return stagesPath(rest, asking);
    case 'name':
    case 'identifier': {
      const other = head === 'name' ? 'identifier' : 'name';
      const text = textOf(child(pipeline, head)) ?? textOf(child(pipeline, other)) ?? '';
      return { kind: 'value', value: text };
    }
    default:
      return runFacts(['pipeline', ...path], asking);
  }
}

/** Tells of what is wrong with a text at its place in the file. */
export function tellAt(spot: Spot, place: Place): Tell {
  const { findings } = place.reading;
  return (at, length, problem, hint) =>
    findings.error(
      spanIn(spot, at, length, findings.source.text),
      `${aboutOf(place)}: ${problem}`,
      {
        hint,
      },
    );
}

/** Where a part of a value stands in its file. Block texts are indented there, so it is looked for. */
function spanIn(spot: Spot, at: number, length: number, own: string): Span {
  const whole = spot.alias ?? valueSpan(spot);
  const written = textOf(spot) ?? '';
  const part = written.slice(at, at + length);
  const [start, end, source] = spot.tree.span;
  if (spot.alias || part === '') return whole;
  const text = (source?.text ?? own).slice(start, end);
  let place = text.indexOf(part);
  for (
    let before = written.indexOf(part);
    before !== -1 && before < at && place !== -1;
    before = written.indexOf(part, before + 1)
  )
    place = text.indexOf(part, place + 1);
  return place === -1 ? whole : [start + place, start + place + part.length, source];
}
