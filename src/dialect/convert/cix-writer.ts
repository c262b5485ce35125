import type { Names } from './names.ts';

import type { Hole, Stage, Text } from '../../plan/plan.ts';
import type { Losses, Part } from './losses.ts';

/** What a conversion to CIX knows while it writes. */
export interface CixWriter {
  readonly losses: Losses;
  readonly steps: Names;
  readonly groups: Names;
  /** What each task of the plan is called in the new file, by its id. */
  readonly names: ReadonlyMap<string, string>;
  /** What is taken for variables of the run that are not given, by their names. */
  readonly fallbacks: ReadonlyMap<string, string>;
  readonly stage: Stage;
  /** Services of the stage end with the group that stands for it. */
  readonly isStageGrouped: boolean;
  /** All that tasks of the pipeline say, as one text. */
  readonly said: string;
}

/** The name of a variable as `$$NAME` can have it. */
export function variableName(
  name: string,
  part: Part,
  keys: readonly string[],
  { losses }: Pick<CixWriter, 'losses'>,
): string {
  if (/^[A-Za-z_]\w*$/.test(name)) return name;
  const made = name.replaceAll(/\W/g, '_').replace(/^(?=\d)/, '_');
  losses.tell(
    part,
    keys,
    `the variable \`${name}\` is called \`${made}\` now`,
    `give it by \`-s ${made}=…\``,
  );
  return made;
}

/** The variable of the run that goes where a hole is. */
export function holeName(
  hole: Hole,
  part: Part,
  keys: readonly string[],
  writer: Pick<CixWriter, 'losses'>,
): string {
  if ('variable' in hole) return variableName(hole.variable, part, keys, writer);
  const { expression } = hole;
  const known = expression.kind === 'variable' ? expression.name : '';
  const name = /\w+$/.exec(known)?.[0].replace(/^(?=\d)/, '_') ?? 'VALUE';
  writer.losses.tell(
    part,
    keys,
    `\`${name}\` must be given to the run now: in CIX it learns nothing from its steps`,
    `\`-e ${name}=…\`; or hand it over in a file of the workspace or of \`$CIX_TEMP\``,
  );
  return name;
}

/** A text with `$$NAME` for variables of the run. */
export function cixText(
  text: Text,
  part: Part,
  keys: readonly string[],
  writer: Pick<CixWriter, 'losses'>,
): string {
  const { losses } = writer;
  return text
    .map((piece, at) => {
      if (typeof piece === 'string') {
        const [hole] = /\$\$[A-Za-z_]\w*/.exec(piece) ?? [];
        if (hole !== undefined)
          losses.tell(part, keys, `\`${hole}\` is a text here, for which CIX takes a variable`);
        return piece;
      }
      const name = holeName(piece, part, keys, writer);
      const next = text[at + 1];
      if (typeof next === 'string' && /^\w/.test(next))
        losses.tell(
          part,
          keys,
          `what stands behind \`$$${name}\` is a part of its name in CIX`,
          'put something between the two that is no letter, no digit and no `_`',
        );
      return `$$${name}`;
    })
    .join('');
}

/** The same with what is taken for its variables; nothing when there is nothing for one of them. */
export function fallbackOf(text: Text, { fallbacks }: CixWriter): string | undefined {
  const pieces = text.map((piece) => {
    if (typeof piece === 'string') return piece;
    return 'variable' in piece ? fallbacks.get(piece.variable) : undefined;
  });
  const hasHoles = text.some((piece) => typeof piece !== 'string');
  return hasHoles && pieces.every((piece) => piece !== undefined) ? pieces.join('') : undefined;
}
