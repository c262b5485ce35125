import { compilePattern } from '../../base/pattern.ts';
import { splitPatterns } from '../../plan/patterns.ts';
import { brief } from '../common/brief.ts';
import { nearest } from '../common/nearest.ts';
import { child, keysOf, members, ownerSpan, textOf, valueSpan } from '../common/tree.ts';
import { alternatives, isOperator, operators } from './condition-keys.ts';
import { isLiteral } from './text.ts';

import type { Findings } from '../common/diagnostic.ts';
import type { Spot } from '../common/tree.ts';
import type { Operator } from './condition-keys.ts';

/** Reports what is wrong with conditions, at any depth, beyond the shape of their single keys. */
export function checkWhen(when: Spot | undefined, about: string, findings: Findings): void {
  for (const condition of members(when)) {
    const operator = textOf(child(condition, 'operator'));
    if (isOperator(operator)) checkKeys(condition, operator, about, findings);
    checkExpressions(condition, about, findings);
    checkWhen(child(condition, 'conditions'), about, findings);
  }
}

function checkKeys(condition: Spot, operator: Operator, about: string, findings: Findings): void {
  const { wants, mayHave } = operators[operator];
  const known = Object.values(operators).flatMap((rule) => rule.mayHave);
  const present = keysOf(condition);
  for (const key of present) {
    if (mayHave.includes(key) || !known.includes(key)) continue;
    const hint = `it takes ${mayHave.map((name) => `\`${name}\``).join(', ')}`;
    const span = ownerSpan(child(condition, key)!);
    findings.error(span, `${about}: \`${key}\` means nothing to \`${operator}\``, { hint });
  }
  const misspelt = present.filter((key) => key !== 'operator' && !known.includes(key));
  for (const wanted of wants) {
    const enough = alternatives(wanted);
    if (enough.some((key) => present.includes(key))) continue;
    // It is reported as such.
    if (misspelt.some((key) => nearest(key, known) === wanted)) continue;
    findings.error(
      valueSpan(child(condition, 'operator')!),
      `${about}: \`${operator}\` needs \`${wanted}\``,
    );
  }
}

/** Those that are known before the run. */
function checkExpressions(condition: Spot, about: string, findings: Findings): void {
  const expressions = child(condition, 'expressions');
  const written = textOf(expressions);
  const delimiter = textOf(child(condition, 'delimiter')) ?? ',';
  if (!expressions || written === undefined || delimiter === '') return;
  if (!isLiteral(written) || !isLiteral(delimiter)) return;
  for (const expression of splitPatterns(written, delimiter)) {
    const compiled = compilePattern(expression);
    if (!compiled.ok)
      findings.error(
        valueSpan(expressions),
        `${about}: \`${brief(expression)}\` in \`expressions\` is no regular expression`,
        { hint: `it is refused: ${compiled.failure}` },
      );
  }
}
