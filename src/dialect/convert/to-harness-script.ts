import { harnessText } from './harness-writer.ts';
import { isShell, quoted } from './shell-words.ts';

import type { Script } from '../../plan/plan.ts';
import type { HarnessWriter } from './harness-writer.ts';
import type { Part } from './losses.ts';
import type { Written } from './write-yaml.ts';

/** What Harness calls interpreters. */
const shells: Readonly<Record<string, string>> = {
  ...{ sh: 'Sh', '/bin/sh': 'Sh', bash: 'Bash', '/bin/bash': 'Bash', '/usr/bin/bash': 'Bash' },
  ...{
    python3: 'Python',
    '/usr/bin/python3': 'Python',
    'pwsh -File': 'Pwsh',
    'powershell -File': 'Powershell',
  },
};

/** A script, and what stands before it in words of a shell. */
export function toHarnessScript(
  { shell, lines, announce }: Script,
  before: readonly string[],
  part: Part,
  writer: HarnessWriter,
): { readonly [key: string]: Written } {
  const { losses } = writer;
  if (announce !== 'minimal')
    losses.once(part, ['commands-output'], silent, 'Harness shows nothing but what they print');
  const [program, ...options] = shell;
  const areSet = isShell(shell) && options.every((option) => /^-[euvx]+$/.test(option));
  const known = shells[shell.join(' ')] ?? (areSet ? shells[program] : undefined);
  const script = lines.map((line) => harnessText([line].flat(), part, ['commands'], writer));
  if (known !== undefined && (isShell(shell) || before.length === 0)) {
    const set = areSet ? options.map((option) => `set ${option}`) : [];
    const command = [...set, ...before, ...script].join('\n').replace(stops, '');
    return { ...(known !== 'Sh' && { shell: known }), command };
  }
  const words = shell.map(quoted).join(' ');
  losses.tell(part, ['commands-shell'], `\`${words}\` gets its commands on its standard input`);
  const end = 'END_OF_COMMANDS';
  return { command: [...before, `exec ${words} <<'${end}'`, ...script, end].join('\n') };
}

/** A shell of Windows goes on after a command that failed; Harness itself tells it not to. */
const stops = /^\$ErrorActionPreference = 'Stop'\n/;

/** What is told of every pipeline of CIX whose steps do not say `commands-output: minimal`. */
export const silent = 'commands are not told before they run';
