import { brief } from '../common/brief.ts';
import { child, keysOf, members, ownerSpan, textOf, valueSpan } from '../common/tree.ts';
import { nearest } from '../common/nearest.ts';
import { ofRepeats } from './repeat-keys.ts';

import type { Findings } from '../common/diagnostic.ts';
import type { Spot } from '../common/tree.ts';

/** Reports what does not go together of the keys that repeat something. */
export function checkRepeat(spot: Spot, about: string, findings: Findings): void {
  const loop = child(spot, 'loop');
  const forEach = child(spot, 'for-each');
  if (loop && forEach)
    findings.error(ownerSpan(forEach), `${about}: \`for-each\` cannot stand beside \`loop\``, {
      hint: 'keep one of them; `for-each` makes as many copies as it has elements',
      related: [{ message: 'the loop stands here', span: ownerSpan(loop) }],
    });
  if (!loop && !forEach) checkLeftOver(spot, about, findings);
  const element = child(spot, 'element-variable');
  if (forEach && !element && !isMisspelt(spot, 'element-variable'))
    findings.error(ownerSpan(forEach), `${about}: \`for-each\` needs \`element-variable\``, {
      hint: 'it names the variable that tells each copy its element, such as `element-variable: ELEMENT`',
    });
  if (loop && !forEach && element)
    findings.error(
      ownerSpan(element),
      `${about}: \`element-variable\` is nothing without \`for-each\``,
      {
        hint: 'for the number of the copy, use `counter-variable`',
      },
    );
  checkVariables(spot, about, findings);
}

function checkLeftOver(spot: Spot, about: string, findings: Findings): void {
  if (isMisspelt(spot, 'loop') || isMisspelt(spot, 'for-each')) return;
  // A group has items that it is about.
  const isGroup = child(spot, 'pipeline') !== undefined;
  for (const key of isGroup ? ofRepeats : [...ofRepeats, 'parallel']) {
    const found = child(spot, key);
    if (!found || textOf(found) === 'false') continue;
    const hint =
      key === 'parallel'
        ? 'to run steps at the same time, put them into `steps:` with `parallel: true`'
        : `add ${key === 'element-variable' ? '`for-each`' : '`loop` or `for-each`'}, or remove \`${key}\``;
    const partner = key === 'element-variable' ? '`for-each`' : '`loop` or `for-each`';
    findings.error(ownerSpan(found), `${about}: \`${key}\` is nothing without ${partner}`, {
      hint,
    });
  }
}

const isMisspelt = (spot: Spot, key: string): boolean =>
  keysOf(spot).some((written) => written !== key && nearest(written, [key]) === key);

/** One name stands for one value. */
function checkVariables(spot: Spot, about: string, findings: Findings): void {
  const counter = child(spot, 'counter-variable');
  const element = child(spot, 'element-variable');
  if (counter && element && textOf(counter) === textOf(element))
    findings.error(
      valueSpan(element),
      `${about}: \`${brief(textOf(element) ?? '')}\` cannot be both the element and the counter`,
      { related: [{ message: 'the counter is called so here', span: valueSpan(counter) }] },
    );
  for (const variable of members(child(spot, 'environment'))) {
    const name = textOf(child(variable, 'name'));
    const value = child(variable, 'value');
    const own = [counter, element].find((key) => key && textOf(key) === name);
    if (own && value && name !== undefined && textOf(value) !== `$$${name}`)
      findings.error(
        valueSpan(value),
        `${about}: \`${brief(name)}\` has another value in each copy`,
        {
          hint: 'give one of the two another name',
          related: [{ message: 'the copies are told theirs by it', span: valueSpan(own) }],
        },
      );
  }
}
