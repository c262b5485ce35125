import { brief } from '../common/brief.ts';
import { child, ownerSpan, textOf, valueSpan } from '../common/tree.ts';
import { identifierPattern, namePattern } from './step-keys.ts';

import type { Findings } from '../common/diagnostic.ts';
import type { Spot } from '../common/tree.ts';

/** What something is called. */
export interface Identity {
  readonly identifier: string;
  readonly name: string;
}

/** The identifier that Harness makes of a name: `My web-svc` becomes `My_websvc`. */
export function identifierOf(name: string): string {
  const made = name
    .trim()
    .replaceAll(/[^0-9A-Za-z_ ]/g, '')
    .replaceAll(/ +/g, '_');
  return /^\d/.test(made) ? `_${made}` : made;
}

/** Expressions and scripts of Harness have other uses for these. */
const reserved = new Set(
  'or and eq ne lt gt le ge div mod not null true false new var return step parallel stepGroup org account status liteEngineTask'.split(
    ' ',
  ),
);

/** What a step, group or stage is called, without a word about it. */
export function identityOf(body: Spot): Identity {
  const name = textOf(child(body, 'name')) ?? '';
  const identifier = textOf(child(body, 'identifier')) ?? identifierOf(name);
  return { identifier, name: name === '' ? identifier : name };
}

/** Reports what is wrong with what something is called. */
export function checkIdentity(body: Spot, about: string, findings: Findings): void {
  const identifier = child(body, 'identifier');
  const name = child(body, 'name');
  const text = textOf(identifier);
  if (body.tree.kind !== 'map') return;
  if (identifier && text !== undefined && !identifierPattern.test(text)) {
    const made = identifierOf(text);
    findings.error(valueSpan(identifier), `${about}: \`${brief(text)}\` is no identifier`, {
      hint: identifierPattern.test(made)
        ? `letters, digits and \`_\`, beginning with a letter or \`_\`: \`${made}\``
        : 'letters, digits and `_`, beginning with a letter or `_`; 128 at most',
    });
  } else if (identifier && text !== undefined && reserved.has(text))
    findings.warning(valueSpan(identifier), `${about}: Harness reserves the word \`${text}\``, {
      hint: 'an expression cannot name it: choose another identifier',
    });
  const called = textOf(name);
  if (name && called !== undefined && called !== '' && !namePattern.test(called))
    findings.error(valueSpan(name), `${about}: \`${brief(called)}\` is no name`, {
      hint: 'letters, digits, blanks, `_`, `-` and `.`; 128 at most',
    });
  if (!identifier && called !== undefined)
    findings.warning(ownerSpan(name ?? body), `${about}: \`identifier\` is missing`, {
      hint: `it is taken to be \`${identifierOf(called)}\``,
    });
}
