/** Finds many words at once in bytes that come in pieces, in time linear in the bytes. */
export interface Automaton {
  /** The state behind a byte. A search begins in state 0. */
  next(state: number, byte: number): number;
  /** How many of the last bytes could still be the beginning of a word. */
  depthAt(state: number): number;
  /** What `next` answers for the first `denseStates` states, at `state * 256 + byte`. */
  readonly dense: Int32Array;
  readonly denseStates: number;
  /** The length of the longest word that ends in a state; 0 when none does. */
  readonly matches: Int32Array;
  /** 1 for the bytes that lead away from state 0. */
  readonly begins: Uint8Array;
}

/** Shallow states, where a search spends its time, get a full row each: 1 MiB at most. */
const maxDenseStates = 1_024;

/** The Aho-Corasick automaton of the words. Empty words are left out. */
export function createAutomaton(words: readonly Buffer[]): Automaton {
  const { order, children, bytes, fallbacks, depths, matches } = layOut(words);
  const denseStates = Math.min(order, maxDenseStates);
  const dense = new Int32Array(denseStates * 256);
  for (let state = 0; state < denseStates; state++) {
    const fallback = fallbacks[state]!;
    if (state > 0) dense.copyWithin(state * 256, fallback * 256, (fallback + 1) * 256);
    for (let child = children[state]!; child < children[state + 1]!; child++)
      dense[state * 256 + bytes[child]!] = child;
  }

  const next = (state: number, byte: number): number => {
    let at = state;
    while (at >= denseStates) {
      const child = childOf(children, bytes, at, byte);
      if (child !== 0) return child;
      at = fallbacks[at]!;
    }
    return dense[at * 256 + byte]!;
  };

  return {
    next,
    depthAt: (state) => depths[state]!,
    dense,
    denseStates,
    matches,
    begins: Uint8Array.from(dense.subarray(0, 256), (state) => (state === 0 ? 0 : 1)),
  };
}

/**
 * The states, numbered breadth first: the children of `state` are those from `children[state]` up to
 * `children[state + 1]`, and a fallback always has a smaller number.
 */
interface Layout {
  readonly order: number;
  readonly children: Int32Array;
  /** Which byte leads to a state. */
  readonly bytes: Uint8Array;
  readonly fallbacks: Int32Array;
  readonly depths: Int32Array;
  readonly matches: Int32Array;
}

function layOut(words: readonly Buffer[]): Layout {
  const tree = growTree(words);
  const order = tree.size;
  const branches = new Int32Array(order);
  const children = new Int32Array(order + 1).fill(order);
  const bytes = new Uint8Array(order);
  const lengths = new Int32Array(order);
  const fallbacks = new Int32Array(order);
  const depths = new Int32Array(order);
  const matches = new Int32Array(order);
  for (let state = 0, filled = 1; state < order; state++) {
    children[state] = filled;
    const first = tree.children[branches[state]!]!;
    for (let branch = first; branch !== 0; branch = tree.siblings[branch]!) {
      const byte = tree.bytes[branch]!;
      branches[filled] = branch;
      bytes[filled] = byte;
      lengths[filled] = lengths[state]! + 1;
      if (state > 0) fallbacks[filled] = fallbackOf(state, byte);
      filled++;
    }
  }
  // A word that no other word goes on from begins nothing any more.
  for (let state = 1; state < order; state++) {
    const fallback = fallbacks[state]!;
    const goesOn = children[state + 1]! > children[state]!;
    depths[state] = goesOn ? lengths[state]! : depths[fallback]!;
    matches[state] = tree.ends[branches[state]!] ? lengths[state]! : matches[fallback]!;
  }
  return { order, children, bytes, fallbacks, depths, matches };

  function fallbackOf(parent: number, byte: number): number {
    let at = fallbacks[parent]!;
    for (;;) {
      const found = childOf(children, bytes, at, byte);
      if (found !== 0 || at === 0) return found;
      at = fallbacks[at]!;
    }
  }
}

/** 0 when no child of the state has the byte. */
function childOf(children: Int32Array, bytes: Uint8Array, state: number, byte: number): number {
  const end = children[state + 1]!;
  for (let child = children[state]!; child < end; child++) if (bytes[child] === byte) return child;
  return 0;
}

/** Branches in the order of their growth, 0 being the root and, as a link, none. */
interface Tree {
  readonly size: number;
  readonly children: Int32Array;
  readonly siblings: Int32Array;
  readonly bytes: Uint8Array;
  readonly ends: Uint8Array;
}

function growTree(words: readonly Buffer[]): Tree {
  const room = words.reduce((sum, word) => sum + word.length, 1);
  const children = new Int32Array(room);
  const siblings = new Int32Array(room);
  const bytes = new Uint8Array(room);
  const ends = new Uint8Array(room);
  let size = 1;
  for (const word of words) {
    let at = 0;
    for (const byte of word) {
      let child = children[at]!;
      while (child !== 0 && bytes[child] !== byte) child = siblings[child]!;
      if (child === 0) {
        child = size++;
        bytes[child] = byte;
        siblings[child] = children[at]!;
        children[at] = child;
      }
      at = child;
    }
    if (at !== 0) ends[at] = 1;
  }
  return { size, children, siblings, bytes, ends };
}
