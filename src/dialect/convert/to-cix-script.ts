import { holeName } from './cix-writer.ts';
import { isShell, toCommands, withShellVariables } from './shell-words.ts';

import type { Script, Text, Variable } from '../../plan/plan.ts';
import type { CixWriter } from './cix-writer.ts';
import type { Part } from './losses.ts';

interface WrittenScript {
  readonly commands: readonly string[];
  /** What the script is told by its environment, for CIX puts nothing into scripts. */
  readonly variables: readonly Variable[];
}

/** The commands of a script, with variables of its environment for what was put into it. */
export function toCixScript(
  { shell, lines }: Script,
  environment: readonly Variable[],
  { part, writer }: { readonly part: Part; readonly writer: CixWriter },
): WrittenScript {
  const keys = ['spec.command'];
  const variables: Variable[] = [];
  const nameFor = (wanted: string): string => {
    const value: Text = [{ variable: wanted }];
    const known = [...environment, ...variables].find((one) => one.name === wanted);
    if (known && JSON.stringify(known.value) === JSON.stringify(value)) return wanted;
    const name = known ? `RUN_${wanted}` : wanted;
    if (!variables.some((one) => one.name === name)) variables.push({ name, value });
    return name;
  };
  const pieces = lines.flatMap((line, at): (string | { readonly name: string })[] => {
    const text: Text = typeof line === 'string' ? [line] : line;
    const found = text.map((piece) => {
      if (typeof piece === 'string') return piece;
      const name = nameFor(holeName(piece, part, keys, writer));
      if (!isShell(shell))
        writer.losses.tell(
          part,
          keys,
          `the script finds a value in its environment as \`${name}\`, and must read it there`,
        );
      return isShell(shell) ? { name } : '';
    });
    return at > 0 ? ['\n', ...found] : found;
  });
  const script = withShellVariables(pieces);
  return {
    commands: isShell(shell) ? toCommands(script) : [script.replace(/\n+$/, '')],
    variables,
  };
}
