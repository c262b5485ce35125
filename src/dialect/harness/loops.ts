import { brief } from '../common/brief.ts';
import { child, keysOf, members, ownerSpan, textOf, toValue, valueSpan } from '../common/tree.ts';
import { knownTree } from './known.ts';
import { strategyKinds } from './step-keys.ts';
import { aboutOf } from './place.ts';
import { warnUseless } from './to-turn.ts';

import type { Value } from '../../plan/expression.ts';
import type { Spot, Tree } from '../common/tree.ts';
import type { Loop, Place, Reading } from './place.ts';

/** The copies that a `strategy` stands for. */
export interface Loops {
  readonly loops: readonly Loop[];
  /** How many of them run at once. Absent: all. */
  readonly atOnce?: number;
}

/** More copies than these are a slip of the pen. */
const most = 10_000;

/** What Harness shows for each copy names the copy, which is not there yet. */
const shown = new Set(['nodeName']);

/** Reads the `strategy` of what stands at `place`, if it has one. */
export function readLoops(body: Spot, place: Place): Loops | undefined {
  const written = child(body, 'strategy');
  if (!written || textOf(written) === '' || isNothing(written)) return undefined;
  const spot = knownTree(written, place, shown);
  const { findings } = place.reading;
  const [kind, second] = strategyKinds.filter((one) => child(spot, one));
  if (!kind) {
    if (spot.tree.kind === 'map')
      findings.error(
        ownerSpan(written),
        `${aboutOf(place)}: \`strategy\` needs \`matrix\`, \`repeat\` or \`parallelism\``,
      );
    return undefined;
  }
  if (second !== undefined)
    findings.error(
      ownerSpan(child(spot, second)!),
      `${aboutOf(place)}: \`${second}\` cannot stand beside \`${kind}\``,
      { hint: 'a strategy has one of them' },
    );
  const inside = child(spot, kind)!;
  const atOnce = count(child(inside, 'maxConcurrency') ?? child(spot, 'maxConcurrency'));
  const turns = turnsOf(kind, inside, place);
  if (turns.length > most) {
    findings.error(ownerSpan(inside), `${aboutOf(place)}: it stands for ${turns.length} copies`, {
      hint: `${most} at most are made`,
    });
    return { loops: [] };
  }
  const loops = turns.map((turn, iteration) => ({ ...turn, iteration, iterations: turns.length }));
  return { loops, ...(atOnce !== undefined && atOnce > 0 && { atOnce }) };
}

/** As `readLoops`, for what a `strategy` may lead back to itself by: there it knows of none. */
export function loopsOutside(): Reading['loopsOf'] {
  const underWay = new Set<Tree>();
  return (body, place) => {
    if (underWay.has(body.tree)) return undefined;
    underWay.add(body.tree);
    const loops = readLoops(body, place);
    underWay.delete(body.tree);
    return loops;
  };
}

type Turn = Pick<Loop, 'matrix' | 'item'>;

function turnsOf(kind: (typeof strategyKinds)[number], spot: Spot, place: Place): readonly Turn[] {
  const { findings } = place.reading;
  switch (kind) {
    case 'parallelism':
      return times(count(spot) ?? 0);
    case 'repeat': {
      for (const key of ['start', 'end', 'unit', 'partitionSize'])
        warnUseless(spot, key, place, 'says nothing here: every one of them has a copy of its own');
      const items = child(spot, 'items');
      const number = child(spot, 'times');
      if (items && number)
        findings.error(
          ownerSpan(number),
          `${aboutOf(place)}: \`times\` cannot stand beside \`items\``,
          {
            hint: 'it is repeated so many times, or for each item',
          },
        );
      if (items) return listed(items, place, '`items`').map((item) => ({ item }));
      if (!number && spot.tree.kind === 'map')
        findings.error(
          ownerSpan(spot),
          `${aboutOf(place)}: \`repeat\` needs \`times\` or \`items\``,
        );
      return times(count(number) ?? 0);
    }
    case 'matrix':
      return combinations(spot, place);
  }
}

const times = (number: number): readonly Turn[] =>
  Array.from({ length: Math.min(number, most + 1) }, () => ({}));

const settings = new Set(['exclude', 'maxConcurrency', 'nodeName']);

function combinations(spot: Spot, place: Place): readonly Turn[] {
  if (spot.tree.kind !== 'map') {
    place.reading.findings.error(
      valueSpan(spot),
      `${aboutOf(place)}: \`matrix\` must be a map of axes`,
      {
        hint: 'such as `node: ["20", "22"]`',
      },
    );
    return [];
  }
  const axes = keysOf(spot).filter((key) => !settings.has(key));
  if (axes.length === 0)
    place.reading.findings.error(ownerSpan(spot), `${aboutOf(place)}: \`matrix\` has no axis`, {
      hint: 'such as `node: ["20", "22"]`',
    });
  const excluded = members(child(spot, 'exclude')).map((one) => exclusion(one, axes, place));
  let found: { readonly [axis: string]: Value }[] = axes.length === 0 ? [] : [{}];
  for (const axis of axes) {
    const values = listed(child(spot, axis)!, place, `axis \`${brief(axis)}\``);
    if (found.length * values.length > most * 10) {
      place.reading.findings.error(
        ownerSpan(spot),
        `${aboutOf(place)}: it stands for too many copies`,
        {
          hint: `${most} at most are made`,
        },
      );
      return [];
    }
    found = found.flatMap((one) => values.map((value) => ({ ...one, [axis]: value })));
  }
  const isExcluded = (cell: { readonly [axis: string]: Value }): boolean =>
    excluded.some(
      (one) => one.length > 0 && one.every(([axis, value]) => isSame(cell[axis], value)),
    );
  return found.filter((cell) => !isExcluded(cell)).map((matrix) => ({ matrix }));
}

function exclusion(
  spot: Spot,
  axes: readonly string[],
  place: Place,
): readonly (readonly [string, Value])[] {
  for (const key of keysOf(spot).filter((one) => !axes.includes(one)))
    place.reading.findings.error(
      ownerSpan(child(spot, key)!),
      `${aboutOf(place)}: \`exclude\` names the axis \`${brief(key)}\`, which is not there`,
      { hint: `the axes: ${axes.join(', ')}` },
    );
  return keysOf(spot).map((key) => [key, valueAt(child(spot, key)!)]);
}

/** Numbers and the texts that they are written as are the same to Harness. */
const isSame = (one: Value | undefined, other: Value): boolean => plain(one) === plain(other);

const plain = (value: Value | undefined): string =>
  typeof value === 'string' ? value : JSON.stringify(value ?? null);

/** The values of a list; a text is one of texts parted by commas, as an expression gives it. */
function listed(spot: Spot, place: Place, what: string): readonly Value[] {
  if (spot.tree.kind === 'list') return members(spot).map(valueAt);
  const text = textOf(spot);
  if (text !== undefined && !text.includes('<+'))
    return text
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '');
  if (text === undefined)
    place.reading.findings.error(valueSpan(spot), `${aboutOf(place)}: ${what} must be a list`);
  return [];
}

/** As it is written, where a number could lose digits: `1.10`. */
const valueAt = ({ tree }: Spot): Value =>
  tree.kind === 'scalar' && typeof tree.value === 'number' ? tree.text : (toValue(tree) as Value);

function count(spot: Spot | undefined): number | undefined {
  const text = textOf(spot);
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

const isNothing = ({ tree }: Spot): boolean => tree.kind === 'scalar' && tree.value === null;
