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
  const { order, edges, fallbacks, depths, matches } = layOut(words);
  const denseStates = Math.min(order, maxDenseStates);
  const dense = new Int32Array(denseStates * 256);
  for (let state = 0; state < denseStates; state++) {
    const fallback = fallbacks[state]!;
    if (state > 0) dense.copyWithin(state * 256, fallback * 256, (fallback + 1) * 256);
    for (const [byte, child] of edges[state]!) dense[state * 256 + byte] = child;
  }

  const next = (state: number, byte: number): number => {
    let at = state;
    while (at >= denseStates) {
      const child = edges[at]!.get(byte);
      if (child !== undefined) return child;
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

interface Layout {
  readonly order: number;
  readonly edges: readonly ReadonlyMap<number, number>[];
  readonly fallbacks: Int32Array;
  readonly depths: Int32Array;
  readonly matches: Int32Array;
}

interface Branch {
  readonly children: Map<number, Branch>;
  readonly depth: number;
  ends: boolean;
}

/** Numbers the states breadth first, so that a fallback always has a smaller number. */
function layOut(words: readonly Buffer[]): Layout {
  const branches = [growTree(words)];
  const edges: Map<number, number>[] = [];
  const parents: number[] = [0];
  const bytes: number[] = [0];
  for (let state = 0; state < branches.length; state++) {
    const own = new Map<number, number>();
    for (const [byte, child] of branches[state]!.children) {
      own.set(byte, branches.length);
      branches.push(child);
      parents.push(state);
      bytes.push(byte);
    }
    edges.push(own);
  }

  const order = branches.length;
  const fallbacks = new Int32Array(order);
  const depths = new Int32Array(order);
  const matches = new Int32Array(order);
  for (let state = 1; state < order; state++) {
    const { depth, ends } = branches[state]!;
    if (depth > 1) fallbacks[state] = fallbackOf(parents[state]!, bytes[state]!, edges, fallbacks);
    // A word that no other word goes on from begins nothing any more.
    depths[state] = edges[state]!.size > 0 ? depth : depths[fallbacks[state]!]!;
    matches[state] = ends ? depth : matches[fallbacks[state]!]!;
  }
  return { order, edges, fallbacks, depths, matches };
}

function growTree(words: readonly Buffer[]): Branch {
  const root: Branch = { children: new Map(), depth: 0, ends: false };
  for (const word of words) {
    let at = root;
    for (const byte of word) {
      let child = at.children.get(byte);
      if (!child) {
        child = { children: new Map(), depth: at.depth + 1, ends: false };
        at.children.set(byte, child);
      }
      at = child;
    }
    if (at !== root) at.ends = true;
  }
  return root;
}

function fallbackOf(
  parent: number,
  byte: number,
  edges: readonly ReadonlyMap<number, number>[],
  fallbacks: Int32Array,
): number {
  let at = fallbacks[parent]!;
  for (;;) {
    const found = edges[at]!.get(byte);
    if (found !== undefined) return found;
    if (at === 0) return 0;
    at = fallbacks[at]!;
  }
}
