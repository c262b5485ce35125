import type { ImageProgress } from '../executor.ts';

/** A line of what an engine tells while it pulls. */
export interface PullMessage {
  readonly status?: string;
  /** Of the layer; for the first line, the tag. */
  readonly id?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
  readonly error?: string;
  readonly errorDetail?: { readonly message?: string };
}

/** The messages of an engine's answer. Lines that are none are passed over. */
export async function* messagesOf(
  stream: AsyncIterable<Buffer | string>,
): AsyncGenerator<PullMessage, undefined> {
  const decoder = new TextDecoder();
  let open = '';
  for await (const chunk of stream) {
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    const lines = (open + text).split('\n');
    open = lines.pop()!;
    yield* lines.flatMap(parseMessage);
  }
  yield* parseMessage(open);
}

function parseMessage(line: string): PullMessage[] {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? [value] : [];
  } catch {
    return [];
  }
}

/** How far a pull has come, in bytes that were loaded down and layers that are in their place. */
export type PullFigures = Omit<Extract<ImageProgress, { kind: 'pulling' }>, 'kind' | 'image'>;

interface Layer {
  doneBytes: number;
  totalBytes: number;
  isDone: boolean;
}

/** The sum of what an engine has told of the layers of one image. */
export class PullProgress {
  readonly #layers = new Map<string, Layer>();

  /** Answers whether it changes the figures. */
  take({ status, id, progressDetail }: PullMessage): boolean {
    if (id === undefined || status === undefined || !isOfLayer(status)) return false;
    const layer = this.#layers.get(id) ?? { doneBytes: 0, totalBytes: 0, isDone: false };
    this.#layers.set(id, layer);
    if (status === 'Downloading') {
      layer.doneBytes = progressDetail?.current ?? layer.doneBytes;
      layer.totalBytes = progressDetail?.total ?? layer.totalBytes;
    } else if (isLoaded(status)) {
      layer.doneBytes = layer.totalBytes;
      layer.isDone = isInPlace(status);
    }
    return true;
  }

  /** The pull has succeeded: Podman does not say so of each layer. Answers whether it changes the figures. */
  finish(): boolean {
    const open = [...this.#layers.values()].filter(({ isDone }) => !isDone);
    for (const layer of open) Object.assign(layer, { doneBytes: layer.totalBytes, isDone: true });
    return open.length > 0;
  }

  get figures(): PullFigures {
    const layers = [...this.#layers.values()];
    const sum = (of: (layer: Layer) => number): number =>
      layers.reduce((total, layer) => total + of(layer), 0);
    return {
      doneBytes: sum(({ doneBytes }) => doneBytes),
      totalBytes: sum(({ totalBytes }) => totalBytes),
      doneLayers: sum(({ isDone }) => Number(isDone)),
      totalLayers: layers.length,
    };
  }
}

const isInPlace = (status: string): boolean =>
  status === 'Pull complete' || status === 'Already exists';

const isLoaded = (status: string): boolean =>
  isInPlace(status) || ['Verifying Checksum', 'Download complete', 'Extracting'].includes(status);

/** Everything else with an id is about the tag, or counts down to a new try of the engine's own. */
const isOfLayer = (status: string): boolean =>
  isLoaded(status) || ['Pulling fs layer', 'Waiting', 'Downloading'].includes(status);
