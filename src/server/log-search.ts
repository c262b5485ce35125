import { isAborted } from '../base/abort.ts';
import { countWhile } from '../journal/count-while.ts';
import { openIfThere } from '../journal/journal-reader.ts';
import { BlockSearch } from './block-search.ts';
import { SoughtText } from './sought-text.ts';

import type { JournalIndex } from '../journal/journal-index.ts';
import type { TextBlock } from '../journal/text-index.ts';
import type { Turns } from './turns.ts';

export interface LogSearch {
  /** Absent: all of them. */
  readonly task: string | undefined;
  readonly text: string;
  /** Capital letters are told from small ones. */
  readonly matchCase: boolean;
  /** Either the first line that is wanted, or the one before which the last ones are wanted. */
  readonly place: { readonly from: number } | { readonly before: number };
  readonly limit: number;
  /** When it aborts, the search is given up. */
  readonly signal: AbortSignal;
  readonly turns: Turns;
  /** How much of the journal is looked through for one answer, a block more or less. */
  readonly mostBytes?: number;
}

/** Lines with a text in them. */
export interface LogHits {
  /** Their numbers, in order. */
  readonly lines: readonly number[];
  /** Unless all was counted: where to go on, as `from` or `before`. Absent then: there are no more that way. */
  readonly next?: number;
  /** How many there are before the first of `lines`. Absent: nobody has counted. */
  readonly before?: number;
  /** How many there are in the whole log. Absent: nobody has counted. */
  readonly total?: number;
  /** How many lines the log had. */
  readonly searched: number;
}

/** Half a second's work at worst. */
const usualBytes = 16 * 1_024 * 1_024;
/** Whoever finds so many needs no more of them now, and no count of all. */
const enough = 10_000;

/**
 * Searches a log for a text as it is shown: colours within it do not matter. To be called at once after an update of the
 * index. Goes on its way until there is enough, or it was enough work; what is behind it is counted as long as there is
 * time for that.
 */
export async function searchLog(index: JournalIndex, search: LogSearch): Promise<LogHits> {
  const { task, place, limit, signal, turns, mostBytes = usualBytes } = search;
  const log = index.blocks.text(task);
  const [blocks, searched] = [log.parts(), log.lines];
  await using file = await openIfThere(index.path);
  if (!file || blocks.length === 0) return { lines: [], before: 0, total: 0, searched };
  const text = new SoughtText(search.text, search.matchCase);
  const looking = new BlockSearch({ file, blocks, task, text, turns, signal });
  const { ahead, behind } = wayOf(blocks, place);
  const found = new Found(place, limit);
  let done = 0;
  for (const nth of [...ahead, ...behind]) {
    if (isAborted(signal) || looking.read >= mostBytes || found.count >= enough) break;
    found.add(await looking.hitsIn(nth));
    done++;
  }
  const rest = done < ahead.length ? ahead.slice(Math.max(0, done - 1), done + 1) : undefined;
  const edge = rest && blocks[Math.max(...rest)]?.first;
  return { ...found.told(edge, done === ahead.length + behind.length), searched };
}

/** In which order blocks are looked at: from the place on, and then those that are not on the way. */
function wayOf(blocks: readonly TextBlock[], place: LogSearch['place']) {
  const all = blocks.map((_, nth) => nth);
  if ('before' in place) {
    const end = countWhile(blocks, ({ first }) => first < place.before);
    return { ahead: all.slice(0, end).reverse(), behind: all.slice(end) };
  }
  const begin = countWhile(blocks, ({ first }) => first <= place.from) - 1;
  return { ahead: all.slice(begin), behind: all.slice(0, begin) };
}

/** Hits as they come, block by block. */
class Found {
  readonly #place: LogSearch['place'];
  readonly #limit: number;
  #lines: number[] = [];
  #behind = 0;

  constructor(place: LogSearch['place'], limit: number) {
    this.#place = place;
    this.#limit = limit;
  }

  get count(): number {
    return this.#lines.length + this.#behind;
  }

  add(hits: readonly number[]): void {
    const place = this.#place;
    const ahead = hits.filter((n) => ('from' in place ? n >= place.from : n < place.before));
    this.#lines = 'from' in place ? [...this.#lines, ...ahead] : [...ahead, ...this.#lines];
    this.#behind += hits.length - ahead.length;
  }

  /** `edge`: a line up to which all was looked at on the way. Absent: all of it was. */
  told(edge: number | undefined, isAll: boolean): Omit<LogHits, 'searched'> {
    const isForwards = 'from' in this.#place;
    const isCut = this.#lines.length > this.#limit;
    const lines = isForwards ? this.#lines.slice(0, this.#limit) : this.#lines.slice(-this.#limit);
    const cut = isForwards ? lines.at(-1)! + 1 : lines[0];
    const next = isCut ? cut : edge;
    const before = isForwards ? this.#behind : this.#lines.length - lines.length;
    if (isAll) return { lines, before, total: this.count };
    return { lines, ...(next !== undefined && { next }) };
  }
}
