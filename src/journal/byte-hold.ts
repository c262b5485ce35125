/** Bytes that are kept for later, in one buffer that grows with them. */
export class ByteHold {
  #bytes = Buffer.alloc(0);
  #used = 0;

  get length(): number {
    return this.#used;
  }

  /** What is held, valid until the next call. */
  peek(): Buffer {
    return this.#bytes.subarray(0, this.#used);
  }

  add(bytes: Buffer): void {
    const needed = this.#used + bytes.length;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length));
      this.#bytes.copy(larger, 0, 0, this.#used);
      this.#bytes = larger;
    }
    bytes.copy(this.#bytes, this.#used);
    this.#used = needed;
  }

  clear(): void {
    this.#used = 0;
  }
}
