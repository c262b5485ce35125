import { paint } from './look.ts';
import { wrap } from './width.ts';

import type { Page, Tone } from './look.ts';

/** What stands before the lines that a sentence goes on in. */
const indent = '  ';

/** A sentence as a page has it: in one line, or broken between its words. */
export function sentenceLines(text: string, page: Page, tone?: Tone): string[] {
  const lines = page.wraps === true ? wrap(text, page.columns, indent) : [text];
  return tone === undefined ? lines : lines.map((line) => paint(page, tone, line));
}
