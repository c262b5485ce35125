import type { OutputPort } from '../../src/cli/terminal/port.ts';

/** A port that a test holds in its hand. */
export class MemoryPort implements OutputPort {
  isTTY: boolean;
  columns: number;
  rows: number;
  readonly written: Buffer[] = [];
  readonly atExitTexts = new Set<string>();
  readonly resizeListeners = new Set<() => void>();
  /** While it is set, nothing has drained or been taken. */
  full: Promise<void> | undefined;

  constructor({ isTTY = false, columns = 80, rows = 24 } = {}) {
    this.isTTY = isTTY;
    this.columns = columns;
    this.rows = rows;
  }

  get text(): string {
    return Buffer.concat(this.written).toString();
  }

  write(text: string | Uint8Array, onTaken?: () => void): boolean {
    this.written.push(Buffer.from(text));
    if (onTaken) void this.drained().then(onTaken);
    return !this.full;
  }

  async drained(): Promise<void> {
    await this.full;
  }

  onResize(listener: () => void): () => void {
    this.resizeListeners.add(listener);
    return () => this.resizeListeners.delete(listener);
  }

  atExit(text: string): () => void {
    this.atExitTexts.add(text);
    return () => this.atExitTexts.delete(text);
  }
}
