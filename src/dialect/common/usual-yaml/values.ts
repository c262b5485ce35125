/** What a plain text stands for, by YAML 1.2's core schema. */
export function plainValue(text: string): string | number | boolean | null {
  const first = text[0];
  if (first === undefined) return null;
  if ((first >= '0' && first <= '9') || first === '-' || first === '+' || first === '.')
    return numberOr(text);
  return text.length <= 5 && '~nNtTfF'.includes(first) ? wordOr(text) : text;
}

function wordOr(text: string): string | boolean | null {
  switch (text) {
    case '~':
    case 'null':
    case 'Null':
    case 'NULL':
      return null;
    case 'true':
    case 'True':
    case 'TRUE':
      return true;
    case 'false':
    case 'False':
    case 'FALSE':
      return false;
    default:
      return text;
  }
}

function numberOr(text: string): string | number {
  if (/^[-+]?[0-9]+$/.test(text)) return parseInt(text, 10);
  if (/^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)$/.test(text)) return parseFloat(text);
  if (/^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+$/.test(text)) return parseFloat(text);
  if (/^0o[0-7]+$/.test(text)) return parseInt(text.slice(2), 8);
  if (/^0x[0-9a-fA-F]+$/.test(text)) return parseInt(text.slice(2), 16);
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return /^\.(?:nan|NaN|NAN)$/.test(text) ? NaN : text;
}

/** What stands between quotes; `undefined` for what is written in a way that is seldom. */
export function quotedValue(written: string): string | undefined {
  const inside = written.slice(1, -1);
  if (written.startsWith("'")) return unfolded(inside).replaceAll("''", "'");
  if (!inside.includes('\\')) return unfolded(inside);
  try {
    // Every escape of JSON means the same in YAML.
    return String(JSON.parse(written));
  } catch {
    return undefined;
  }
}

/** A text of several lines as one: a line break is a blank, and each further one stays. */
export function unfolded(written: string): string {
  if (!written.includes('\n')) return written;
  const lines = written.split('\n');
  const last = lines.length - 1;
  let text = '';
  let between = '';
  for (const [at, line] of lines.entries()) {
    const from = at === 0 ? 0 : startOf(line);
    const part = line.slice(from, at === last ? line.length : endOf(line));
    if (part !== '' || at === 0 || at === last) {
      text += between + part;
      between = ' ';
    } else if (between === '\n') text += '\n';
    else between = '\n';
  }
  return text;
}

// Blanks only: other white space is text.
function startOf(line: string): number {
  let at = 0;
  while (line[at] === ' ') at++;
  return at;
}

function endOf(line: string): number {
  let at = line.length;
  while (line[at - 1] === ' ') at--;
  return at;
}

/** The lines of a block of text that is folded (`>`). Those that are indented more stay as they are. */
export function folded(lines: readonly string[]): string {
  let text = '';
  let between = '';
  let wasIndented = false;
  for (const line of lines) {
    if (line === '') {
      if (between === '\n') text += '\n';
      else between = '\n';
    } else if (line.startsWith(' ') || line.startsWith('\t')) {
      if (between === ' ') between = '\n';
      else if (!wasIndented && between === '\n') between = '\n\n';
      text += between + line;
      between = '\n';
      wasIndented = true;
    } else {
      text += between + line;
      between = ' ';
      wasIndented = false;
    }
  }
  return text;
}
