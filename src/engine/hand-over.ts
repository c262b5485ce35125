import type { Output, Script } from '../plan/plan.ts';

/** The variable that names the file in which a step hands over what it has for the run. */
export const outputVariable = 'CONTINUO_OUTPUT';

/** What a script's text is put between, so that its variables are handed over at its end. */
export interface HandOver {
  /** Lines. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

const nothing: HandOver = { before: [], after: [] };

/**
 * What hands over those of a script's variables that the run wants, once it ends well. Each stands in the
 * file between two lines with `mark`, which no value holds, so that it may have several lines.
 */
export function handOver(
  { shell }: Pick<Script, 'shell'>,
  body: string,
  outputs: readonly Output[],
  mark: string,
): HandOver {
  // What is no name of a variable anywhere can only be put into the file by the script itself.
  const names = outputs.map(({ name }) => name).filter((name) => /^[A-Za-z_]\w*$/.test(name));
  if (names.length === 0) return nothing;
  switch (kindOf(shell[0])) {
    case 'shell':
      return forShell(names, mark);
    case 'python':
      return forPython(body, names, mark);
    case 'powershell':
      return forPowershell(names, mark);
    default:
      return nothing;
  }
}

type Kind = 'shell' | 'python' | 'powershell' | 'other';

const shells = new Set(['sh', 'bash', 'dash', 'ash', 'ksh', 'mksh', 'zsh', 'busybox']);

/** Which language an interpreter reads, as far as its name tells. */
export function kindOf(interpreter: string): Kind {
  const name = interpreter.slice(interpreter.lastIndexOf('/') + 1);
  if (shells.has(name)) return 'shell';
  if (/^python[\d.]*$/.test(name)) return 'python';
  return name === 'pwsh' || name === 'powershell' ? 'powershell' : 'other';
}

/** At its end by whichever way; and as its last line, since it may have a trap of its own for its end. */
function forShell(names: readonly string[], mark: string): HandOver {
  const each = names.map(
    (name) =>
      `if [ "\${${name}+x}" ]; then printf '%s\\n' '${name}<<${mark}' "$${name}" '${mark}' >> "$${outputVariable}"; fi`,
  );
  return {
    before: [
      `continuo_outputs() { ${each.join('; ')}; }; trap 'if [ $? -eq 0 ]; then continuo_outputs; fi' EXIT`,
    ],
    after: [
      'continuo_status=$?; if [ "$continuo_status" -eq 0 ]; then continuo_outputs; fi; exit "$continuo_status"',
    ],
  };
}

/** A script of Python may end by `sys.exit`; but nothing may stand before what it imports from the future. */
function forPython(body: string, names: readonly string[], mark: string): HandOver {
  const lines = [
    'def _continuo_outputs(names, mark, given, os):',
    '    with open(os.environ["' + outputVariable + '"], "a", encoding="utf-8") as file:',
    '        for name in names:',
    '            value = given.get(name, os.environ.get(name))',
    '            if value is not None: file.write("%s<<%s\\n%s\\n%s\\n" % (name, mark, value, mark))',
    '__import__("atexit").register(_continuo_outputs, ' +
      `${JSON.stringify(names)}, ${JSON.stringify(mark)}, globals(), __import__("os"))`,
  ];
  return /^from __future__/m.test(body)
    ? { before: [], after: lines }
    : { before: lines, after: [] };
}

function forPowershell(names: readonly string[], mark: string): HandOver {
  const each = names.map((name) => {
    const value = `$(if (Test-Path variable:${name}) { $${name} } else { $env:${name} })`;
    return `[IO.File]::AppendAllText($env:${outputVariable}, "${name}<<${mark}\`n${value}\`n${mark}\`n")`;
  });
  return { before: [], after: each };
}

/**
 * What a step has handed over, by the names that it has there. Lines `name=value` are the step's own
 * words and win over what was handed over for it; of several of a name, the last one counts.
 */
export function readOutputs(text: string, mark: string): ReadonlyMap<string, string> {
  const own = new Map<string, string>();
  const handed = new Map<string, string>();
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    const block = /^([^=]+?)<<(\S+)$/.exec(line);
    const end = block ? lines.indexOf(block[2]!, at + 1) : -1;
    if (block && end >= 0) {
      const [, name, word] = block;
      (word === mark ? handed : own).set(name!, lines.slice(at + 1, end).join('\n'));
      at = end;
      continue;
    }
    const sign = line.indexOf('=');
    if (sign > 0) own.set(line.slice(0, sign).trim(), line.slice(sign + 1).replace(/\r$/, ''));
  }
  return new Map([...handed, ...own]);
}
