/** How text may look where it is shown. */
export interface Look {
  /** ANSI colours are understood and wanted. */
  readonly color: boolean;
  /** Characters beyond ASCII are shown as they are. */
  readonly unicode: boolean;
}

export type Tone = 'good' | 'bad' | 'warn' | 'busy' | 'dim' | 'bold';

const codes: Readonly<Record<Tone, number>> = {
  good: 32,
  bad: 31,
  warn: 33,
  busy: 36,
  dim: 2,
  bold: 1,
};

/** The text in the colour of its meaning; unchanged where there are no colours. */
export function paint({ color }: Look, tone: Tone, text: string): string {
  return color && text !== '' ? `\x1b[${codes[tone]}m${text}\x1b[0m` : text;
}

/** A page that text is laid out for. */
export interface Page extends Look {
  readonly columns: number;
  /** Sentences are broken between their words: a terminal would break them anywhere. */
  readonly wraps?: boolean;
}

/** The few characters that everything shown is made of, each one column wide. */
interface Signs {
  readonly bar: string;
  readonly event: string;
  readonly good: string;
  readonly bad: string;
  readonly warning: string;
  readonly pending: string;
  readonly waiting: string;
  readonly running: string;
  readonly ready: string;
  readonly skipped: string;
  readonly ellipsis: string;
  readonly rule: string;
  readonly dot: string;
}

const unicodeSigns: Signs = {
  bar: '│',
  event: '▸',
  good: '✓',
  bad: '✗',
  warning: '!',
  pending: '·',
  waiting: '◌',
  running: '▶',
  ready: '●',
  skipped: '○',
  ellipsis: '…',
  rule: '─',
  dot: '·',
};

const asciiSigns: Signs = {
  bar: '|',
  event: '>',
  good: '+',
  bad: 'x',
  warning: '!',
  pending: '.',
  waiting: '?',
  running: '>',
  ready: '*',
  skipped: '-',
  ellipsis: '~',
  rule: '-',
  dot: '-',
};

export const signsOf = ({ unicode }: Look): Signs => (unicode ? unicodeSigns : asciiSigns);
