import { nameOf } from './describe.ts';
import { paint, signsOf } from './look.ts';

import type { RunView } from '../event/view.ts';
import type { Excerpt } from './failure.ts';
import type { Page } from './look.ts';

/** The end of what one task said, under who said it. */
export function excerptLines(
  kind: 'step' | 'service',
  view: RunView,
  { task, lines, cut }: Excerpt,
  page: Page,
): string[] {
  const bar = paint(page, 'dim', signsOf(page).bar);
  const who = `${kind} '${nameOf(view, task)}'`;
  if (lines.length === 0) return ['', `  ${who} said nothing`];
  const more = cut ? paint(page, 'dim', `  (all of it: continuo logs ${view.run} ${task})`) : '';
  return [
    '',
    `  ${who} said${cut ? ' last' : ''}:${more}`,
    ...lines.map((line) => `  ${bar} ${line}`),
  ];
}
