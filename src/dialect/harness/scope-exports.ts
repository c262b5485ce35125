import { nearest } from '../common/nearest.ts';
import { brief } from '../common/brief.ts';
import { child } from '../common/tree.ts';
import { exportersIn, exportScopes, isInReach } from './exports.ts';
import { outputOf } from './outputs.ts';
import { nodeId } from './place.ts';
import { noneOf, unknown } from './scope-values.ts';

import type { Expression } from '../../plan/expression.ts';
import type { Exporter } from './exports.ts';
import type { Level, Place } from './place.ts';
import type { Found, Path } from './scope-values.ts';

const lookUp = 'exportedVariables.getValue';

/** What `exportedVariables.getValue("stage.alias.X")` leads to: the last of those outputs that is set. */
export function exportedValue(path: Path, place: Place): Found {
  const [written = '', key, ...rest] = path.join('.').split('.');
  const scope = exportScopes.find((one) => asWritten(one) === written);
  if (scope === undefined) return noScope(written);
  const inReach = exportersIn(place.reading.pipeline).filter(
    (one) => one.scope === scope && isInReach(one, place.levels),
  );
  const called = inReach.filter((one) => one.key === key);
  if (called.length === 0)
    return noneOf(`${scope} alias`, key ?? '', [...new Set(inReach.map((one) => one.key))]);
  const name = rest.join('.');
  const declared = [...new Set(called.flatMap(({ outputs }) => outputs))];
  if (name === '') {
    const [first = 'X'] = declared;
    return unknown(
      `${lookUp}("${written}.${key}")`,
      `ask for one of its outputs: \`${lookUp}("${written}.${key}.${first}")\``,
    );
  }
  const having = called.filter(({ outputs }) => outputs.includes(name));
  if (having.length === 0) return noneOf('exported output', name, declared);
  const plain = having.flatMap(({ levels }) => {
    const node = levelsFrom(levels, place);
    return node === undefined ? [] : [outputOf(levels.at(-1)!.body, node, name)];
  });
  if (plain.length === 0)
    return {
      kind: 'unknown',
      problem: `what \`${brief(key ?? '')}\` names runs in copies, which export nothing`,
      hint: 'ask for the output of one copy by its own name, such as `steps.x_0.output`',
    };
  return { kind: 'expression', expression: lastOf(plain) };
}

const asWritten = (scope: Exporter['scope']): string =>
  scope.slice(0, 1).toLowerCase() + scope.slice(1);

function noScope(written: string): Found {
  const words = exportScopes.map(asWritten);
  const near = nearest(written, words);
  return {
    kind: 'unknown',
    problem: `\`${lookUp}\` wants \`SCOPE.ALIAS.OUTPUT\`, and \`${brief(written)}\` is no scope`,
    hint: near === undefined ? `it is one of ${words.join(', ')}` : `did you mean \`${near}\`?`,
  };
}

/** The id of the step as it is known from a place; nothing where it is one of several. */
function levelsFrom(levels: readonly Level[], place: Place): string | undefined {
  const known = levels.map(
    (level) => place.levels.find(({ body }) => body.tree === level.body.tree) ?? level,
  );
  const isOne = known.every(({ loop, body }) => loop !== undefined || !child(body, 'strategy'));
  return isOne ? nodeId(known) : undefined;
}

function lastOf([first, ...later]: readonly Expression[]): Expression {
  return later.reduce<Expression>(
    (otherwise, then) => ({ kind: 'choice', condition: isSet(then), then, otherwise }),
    first!,
  );
}

const isSet = (variable: Expression): Expression => ({
  kind: 'binary',
  operator: '!=',
  left: variable,
  right: { kind: 'value', value: null },
});
