import { cleanLine } from '../../report/clean.ts';
import { paint, signsOf } from '../../report/look.ts';
import { fit, widthOf } from '../../report/width.ts';

import type { Asking } from './dialog.ts';
import type { Canvas } from './frame.ts';

/** Of a long message no more rows than these are shown; the journal has all of it. */
const mostRows = 6;

/** A question and what has been typed so far, as rows that stand below the picture of a run. */
export function dialogRows(
  { question: { name, message }, prompt, problem }: Asking<unknown>,
  typed: string,
  canvas: Canvas,
  veiled: (text: string) => string,
): readonly string[] {
  const { ellipsis, waiting } = signsOf(canvas);
  const said = veiled(message).trim().split('\n').map(cleanLine);
  const [first = '', ...more] =
    said.length > mostRows ? [...said.slice(0, mostRows - 1), ellipsis] : said;
  const head = `${paint(canvas, 'warn', waiting)} ${paint(canvas, 'bold', cleanLine(name))}: ${first}`;
  const wrong =
    problem === undefined ? [] : [paint(canvas, 'bad', `  ${cleanLine(veiled(problem))}`)];
  const rows = ['', head, ...more.map((line) => `  ${line}`), ...wrong].map((row) =>
    fit(row, canvas.columns, ellipsis),
  );
  return [...rows, typingRow(veiled(prompt), typed, canvas)];
}

/** The end of what is typed is where one looks. */
function typingRow(prompt: string, typed: string, canvas: Canvas): string {
  const { ellipsis } = signsOf(canvas);
  const asked = fit(`  ${cleanLine(prompt)}: `, Math.floor((canvas.columns * 2) / 3), ellipsis);
  const room = canvas.columns - widthOf(asked) - 1;
  let shown = typed;
  while (widthOf(shown) > room && shown !== '') shown = Array.from(shown).slice(1).join('');
  return `${asked}${shown}${canvas.color ? '\x1b[7m \x1b[0m' : '_'}`;
}
