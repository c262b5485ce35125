import type { Block, Printed, Span } from './journal-block.ts';

/** One line of an index: a block, its places told from where it begins. */
export function blockLine({ from, to, seq, events, printed, lines, open }: Block): string {
  return `${JSON.stringify({
    ...{ from, to, seq, lines },
    ...(open !== undefined && { open }),
    events: events.map(([begin, end]) => [begin - from, end - from]),
    printed: printed.map(({ task, lines: ends, bytes, isOpen }) => [task, ends, bytes, isOpen]),
  })}\n`;
}

/** Reads one line of an index. `undefined` when no writer of ours has put it there whole. */
export function parseBlock(line: string): Block | undefined {
  try {
    const { from, to, seq, lines, open, events, printed } = JSON.parse(line) as Told;
    if (![from, to, seq, lines].every((value) => Number.isSafeInteger(value)) || to <= from)
      return undefined;
    return {
      ...{ from, to, seq, lines, open },
      events: events.map(([begin, end]): Span => [begin + from, end + from]),
      printed: printed.map(([task, ends, bytes, isOpen]): Printed => ({
        ...{ task, lines: ends, bytes, isOpen },
      })),
    };
  } catch {
    return undefined;
  }
}

interface Told {
  readonly from: number;
  readonly to: number;
  readonly seq: number;
  readonly lines: number;
  readonly open: string | undefined;
  readonly events: readonly Span[];
  readonly printed: readonly (readonly [string, number, number, boolean])[];
}
