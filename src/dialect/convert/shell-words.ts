/** Whether an interpreter is a shell. */
export const isShell = (shell: readonly string[]): boolean =>
  /(^|\/)(ba|da|k|z)?sh$/.test(shell[0] ?? '');

/** How a shell reads what stands at a place of a script. */
type Quoting = 'none' | 'single' | 'double' | 'comment';

/**
 * The parts of a shell script in one text, with variables of the environment where `{ name }` stands, so that
 * they are told the same as if their values stood there: a quote in single ones is left for them.
 */
export function withShellVariables(parts: readonly (string | { readonly name: string })[]): string {
  let quoting: Quoting = 'none';
  let script = '';
  for (const part of parts) {
    if (typeof part === 'string') {
      quoting = after(part, quoting);
      script += part;
    } else script += quoting === 'single' ? `'"\${${part.name}}"'` : `\${${part.name}}`;
  }
  return script;
}

function after(text: string, begun: Quoting): Quoting {
  let quoting = begun;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (quoting === 'comment') {
      if (char === '\n') quoting = 'none';
    } else if (quoting === 'single') {
      if (char === "'") quoting = 'none';
    } else if (char === '\\') at += 1;
    else if (char === '"') quoting = quoting === 'double' ? 'none' : 'double';
    else if (char === "'" && quoting === 'none') quoting = 'single';
    else if (char === '#' && quoting === 'none' && /^\s?$/.test(text[at - 1] ?? ''))
      quoting = 'comment';
  }
  return quoting;
}

/** The lines of a script as commands of their own, where each is one for sure; else all of it as one. */
export function toCommands(script: string): readonly string[] {
  const lines = script.replace(/\n+$/, '').split('\n');
  return lines.length > 1 && lines.every(isWhole) ? lines : [lines.join('\n')];
}

const keywords = 'if|then|elif|else|fi|for|while|until|do|done|case|esac|function|select';

function isWhole(line: string): boolean {
  if (
    /^\s|^$|^#|[\\|&({]$|<<|\(\)/.test(line) ||
    new RegExp(`(^|[;\\s])(${keywords})\\b`).test(line)
  )
    return false;
  return after(line, 'none') === 'none' && !/^[})]/.test(line);
}

/** A word that a shell takes as it is. */
export const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
