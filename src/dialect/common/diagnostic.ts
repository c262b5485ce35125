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
  /**
   * What is behind it when it is no mistake in a text: a file is not there, which something may still write, or
   * what is needed to read one is not. Absent: it is a mistake.
   */
  readonly reason?: 'missing' | 'environment';
  /** Other places that explain this one, such as the first of two equal names. */
  readonly related?: readonly Related[];
}

/** Nothing is wrong but that something is not there, which something may still write. */
export function isOnlyMissing(diagnostics: readonly Diagnostic[]): boolean {
  const mistakes = diagnostics.filter(({ severity }) => severity === 'error');
  return mistakes.length > 0 && mistakes.every(({ reason }) => reason === 'missing');
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

/**
 * The diagnostics of one file, as they are found. The same one is kept once. The findings of files
 * that are read together are kept together: `all` of one are all of every one.
 */
export class Findings {
  readonly source: Source;
  readonly #shared: Shared;

  constructor(source: Source, { shared }: { readonly shared?: Shared } = {}) {
    this.source = source;
    this.#shared = shared ?? { found: new Map(), reasons: new Map([[source.file, []]]) };
  }

  error(span: Span, message: string, notes: Notes = {}): void {
    this.#add('error', span, message, notes);
  }

  warning(span: Span, message: string, notes: Notes = {}): void {
    this.#add('warning', span, message, notes);
  }

  /**
   * The findings of another file, which is read because of what stands at `span`: whatever is found
   * there is shown with it. The first such place counts.
   */
  because(span: Span, reason: string, source: Source): Findings {
    this.#explain(source.file, span, reason);
    return new Findings(source, { shared: this.#shared });
  }

  /** The findings of another file, which is read beside this one: nothing in this one is the reason. */
  beside(source: Source): Findings {
    const { reasons } = this.#shared;
    if (!reasons.has(source.file)) reasons.set(source.file, []);
    return new Findings(source, { shared: this.#shared });
  }

  /** Why another file that is to be read because of what stands at `span` cannot be read. */
  unreadable(span: Span, reason: string, diagnostic: Diagnostic): void {
    this.#explain(diagnostic.where.file, span, reason);
    this.#keep(diagnostic);
  }

  get hasErrors(): boolean {
    return [...this.#shared.found.values()].some(({ severity }) => severity === 'error');
  }

  /** File by file, as they came to be read, and in the order of each. */
  all(): readonly Diagnostic[] {
    const found = [...this.#shared.found.values()];
    const files = [...this.#shared.reasons.keys()];
    return files.flatMap((file) => inOrder(found.filter(({ where }) => where.file === file)));
  }

  #explain(file: string, span: Span, reason: string): void {
    const { reasons } = this.#shared;
    if (reasons.has(file)) return;
    const where = rangeOf(this.source, span);
    reasons.set(file, [{ message: reason, where }, ...(reasons.get(where.file) ?? [])]);
  }

  #add(severity: Diagnostic['severity'], span: Span, message: string, notes: Notes): void {
    this.#keep({
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

  #keep(diagnostic: Diagnostic): void {
    const { found, reasons } = this.#shared;
    const { severity, where, message } = diagnostic;
    const key = JSON.stringify([severity, where, message]);
    if (found.has(key)) return;
    const told = diagnostic.related ?? [];
    const isTold = (place: Range): boolean => told.some((one) => isSame(one.where, place));
    const why = (reasons.get(where.file) ?? []).filter((reason) => !isTold(reason.where));
    const related = [...told, ...why];
    found.set(key, related.length > 0 ? { ...diagnostic, related } : diagnostic);
  }
}

interface Shared {
  readonly found: Map<string, Diagnostic>;
  /** The files in the order in which they came to be read, and why each is. */
  readonly reasons: Map<string, readonly Related[]>;
}

const isSame = (one: Range, other: Range): boolean =>
  one.file === other.file && one.line === other.line && one.column === other.column;

/** File by file, and by place in each; what stands at one place keeps its order. */
export function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const files = [...new Set(diagnostics.map(({ where }) => where.file))];
  return files.flatMap((file) =>
    diagnostics
      .filter(({ where }) => where.file === file)
      .sort((a, b) => a.where.line - b.where.line || a.where.column - b.where.column),
  );
}
