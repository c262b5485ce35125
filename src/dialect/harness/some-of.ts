import { known } from './expression/text.ts';

import type { Text } from '../../plan/plan.ts';

/** A regular expression for one or more of these, parted by commas; none when they are known only in the run. */
export function someOf(choices: readonly Text[]): string | undefined {
  const texts = choices.map(known).filter((text) => text !== undefined);
  if (texts.length === 0 || texts.length < choices.length) return undefined;
  const one = `(?:${texts.map((text) => text.replaceAll(/[.*+?^$(){}|[\]\\]/g, '\\$&')).join('|')})`;
  return `${one}(?:, *${one})*`;
}
