import { charset, classes, isInAny, oneChar } from './charset.ts';
import { NoPattern } from './pattern-cursor.ts';

import type { Charset } from './charset.ts';
import type { PatternCursor } from './pattern-cursor.ts';

/** Reads what stands behind a backslash, within a class or not. */
export function readEscape(cursor: PatternCursor): Charset {
  const form = /[pP]\{\w+\}|x[\da-fA-F]{2}|u[\da-fA-F]{4}|[^]/uy;
  const known = cursor.match(form)?.[0];
  if (known === undefined) throw new NoPattern('a `\\` stands at the end');
  if (/^[xu]./.test(known)) return oneChar(String.fromCodePoint(parseInt(known.slice(1), 16)));
  const found = classes(known);
  if (found) return found;
  if (/^[A-Za-z0-9]/.test(known)) throw new NoPattern(`\`\\${known}\` is not known here`);
  return oneChar(known);
}

/** Reads a class in brackets, of which the first is read. */
export function readClass(cursor: PatternCursor): Charset {
  const isInverted = cursor.takes('^');
  const members: Charset[] = [];
  for (let first = true; ; first = false) {
    if (cursor.isAtEnd) throw new NoPattern('a `[` is not closed');
    if (!first && cursor.takes(']')) break;
    if (cursor.sees('&&') || cursor.sees('['))
      throw new NoPattern(
        'a class within a class is not known here; as characters, write `\\[` and `\\&`',
      );
    members.push(readMember(cursor));
  }
  return (code) => isInAny(members, code) !== isInverted;
}

/** A character of a class, all from one to another, or a class by its name. */
function readMember(cursor: PatternCursor): Charset {
  const low = readOne(cursor);
  // A hyphen before the end of a class is one of its characters.
  if (low.only === undefined || !cursor.sees('-') || cursor.sees('-]')) return low;
  cursor.takes('-');
  if (cursor.isAtEnd) throw new NoPattern('a `[` is not closed');
  const high = readOne(cursor);
  if (high.only === undefined || high.only < low.only)
    throw new NoPattern('a range of a class ends before it begins');
  return charset([[low.only, high.only]], false);
}

function readOne(cursor: PatternCursor): Charset {
  const char = cursor.char();
  return char === '\\' ? readEscape(cursor) : oneChar(char);
}
