import { rangeOf } from './source.ts';

import type { Range, Source, Span } from './source.ts';

/** Something about what the author wrote, and exactly where. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** What is wrong, as a sentence without its full stop. */
  readonly message: string;
  readonly where: Range;
  /** What to do about it. */
  readonly hint?: string;
  /** Other places that explain this one, such as the first of two equal names. */
  readonly related?: readonly Related[];
}

export interface Related {
  readonly message: string;
  readonly where: Range;
}

/** What goes with a message besides its place. */
export interface Notes {
  readonly hint?: string | undefined;
  readonly related?: readonly { readonly message: string; readonly span: Span }[];
}

/** The diagnostics of one file, as they are found. The same one is kept once. */
export class Findings {
  readonly source: Source;
  readonly #found = new Map<string, Diagnostic>();

  constructor(source: Source) {
    this.source = source;
  }

  error(span: Span, message: string, notes: Notes = {}): void {
    this.#add('error', span, message, notes);
  }

  warning(span: Span, message: string, notes: Notes = {}): void {
    this.#add('warning', span, message, notes);
  }

  get hasErrors(): boolean {
    return this.all().some(({ severity }) => severity === 'error');
  }

  /** In the order of the file. */
  all(): readonly Diagnostic[] {
    return inOrder([...this.#found.values()]);
  }

  #add(severity: Diagnostic['severity'], span: Span, message: string, notes: Notes): void {
    const key = JSON.stringify([severity, span, message]);
    if (this.#found.has(key)) return;
    this.#found.set(key, {
      severity,
      message,
      where: rangeOf(this.source, span),
      ...(notes.hint !== undefined && { hint: notes.hint }),
      ...(notes.related && {
        related: notes.related.map((place) => ({
          message: place.message,
          where: rangeOf(this.source, place.span),
        })),
      }),
    });
  }
}

/** File by file, and by place in each; what stands at one place keeps its order. */
export function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const files = [...new Set(diagnostics.map(({ where }) => where.file))];
  return files.flatMap((file) =>
    diagnostics
      .filter(({ where }) => where.file === file)
      .sort((a, b) => a.where.line - b.where.line || a.where.column - b.where.column),
  );
}
