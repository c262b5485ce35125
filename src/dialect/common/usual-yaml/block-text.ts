import { code, unusual } from './cursor.ts';
import { folded } from './values.ts';

import type { ScalarTree } from '../tree.ts';
import type { Cursor } from './cursor.ts';

/** The block of text (`|`, `>`) that begins at `start`. Its lines are indented more than `outer`. */
export function readBlockText(
  cursor: Cursor,
  start: number,
  outer: number,
): { readonly tree: ScalarTree; readonly end: number } {
  const { text } = cursor;
  const strips = cursor.codeAt(start + 1) === code.dash;
  const headerEnd = cursor.pastBlanks(start + (strips ? 2 : 1));
  if (cursor.codeAt(headerEnd) !== code.lineFeed) throw unusual;
  let line = headerEnd + 1;
  let leading = '';
  let indent = cursor.pastBlanks(line) - line;
  let widest = 0;
  while (text[line + indent] === '\n') {
    widest = Math.max(widest, indent);
    leading += '\n';
    line += indent + 1;
    indent = cursor.pastBlanks(line) - line;
  }
  if (indent <= outer || indent < widest || line + indent >= text.length) throw unusual;
  const lines: string[] = [];
  /** How many lines there are up to the last that is not empty, and where that ends. */
  let count = 0;
  let end = line;
  while (line < text.length) {
    const at = cursor.pastBlanks(line);
    const lineEnd = cursor.endOfLine(at);
    const isEmpty = at === lineEnd;
    if (!isEmpty && at - line < indent) {
      if (cursor.codeAt(at) === code.tab) throw unusual;
      break;
    }
    lines.push(text.slice(Math.min(line + indent, lineEnd), lineEnd));
    line = Math.min(lineEnd + 1, text.length);
    if (isEmpty) continue;
    count = lines.length;
    end = line;
  }
  // Blanks that are indented more are text.
  if (lines.slice(count).some((last) => last !== '')) throw unusual;
  lines.length = count;
  const body = cursor.codeAt(start) === code.folding ? folded(lines) : lines.join('\n');
  const value = leading + body + (strips ? '' : '\n');
  return {
    tree: { kind: 'scalar', span: cursor.span(start, end), size: 1, value, text: value },
    end,
  };
}
