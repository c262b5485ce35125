import { harnessText } from './harness-writer.ts';
import { isPlain, plainText } from './plain-text.ts';
import { quoted } from './shell-words.ts';

import type { Command, Text, Variable } from '../../plan/plan.ts';
import type { HarnessWriter } from './harness-writer.ts';
import type { Part } from './losses.ts';

/** Words as a line for a shell, and the variables by which it is told what is put into them. */
export function toHarnessLine(
  words: readonly Text[],
  { environment }: Command,
  part: Part,
  writer: HarnessWriter,
): { readonly line: string; readonly environment: Readonly<Record<string, string>> } {
  const put: Record<string, string> = {};
  const nameFor = (variable: string): string => {
    const own = environment.find(({ name }) => name === variable);
    if (writer.local.has(variable) || (own && isSame(own))) return variable;
    const path = harnessText([{ variable }], part, ['arguments'], writer);
    const name = own ? `RUN_${variable}` : variable;
    // Every step has the variables of the pipeline.
    if (own || !path.startsWith('<+pipeline.variables.')) put[name] = path;
    return name;
  };
  const word = (text: Text): string => {
    if (isPlain(text)) return quoted(plainText(text));
    const pieces = text.map((piece) => {
      if (typeof piece === 'string') return piece.replaceAll(/["\\$`]/g, '\\$&');
      return 'variable' in piece ? `\${${nameFor(piece.variable)}}` : '';
    });
    return `"${pieces.join('')}"`;
  };
  return { line: words.map(word).join(' '), environment: put };
}

/** Whether a variable is the one of the run that has its name. */
const isSame = ({ name, value }: Variable): boolean =>
  JSON.stringify(value) === JSON.stringify([{ variable: name }]);
