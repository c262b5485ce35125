import { brief } from '../dialect/common/brief.ts';
import { toSource } from '../dialect/common/source.ts';
import { createMasker } from '../journal/masker.ts';

import type { Source } from '../dialect/common/source.ts';
import type { Masker } from '../journal/masker.ts';
import type { TextStream } from './terminal/port.ts';

/** Keeps secrets out of what Continuo itself says, from when they are known. */
export class Veil {
  readonly #secrets = new Set<string>();
  #masker: Masker = createMasker([]);

  hide(secrets: readonly string[]): void {
    for (const secret of secrets) this.#secrets.add(secret);
    this.#masker = createMasker([...this.#secrets].flatMap((secret) => [secret, cutShort(secret)]));
  }

  text(text: string): string {
    return this.#masker.text(text);
  }

  /**
   * A file whose secrets are stars, as many as the characters were: what stands behind them keeps its
   * place, and whoever cuts a line cuts no secret in two.
   */
  source({ file, text }: Source): Source {
    const lines = [...this.#secrets]
      .flatMap((secret) => secret.split(/[\r\n]+/))
      .filter((line) => line.trim() !== '')
      .sort((a, b) => b.length - a.length);
    const veiled = lines.reduce((all, line) => all.replaceAll(line, '*'.repeat(line.length)), text);
    return toSource(file, veiled);
  }

  /** The same stream, but for secrets in what is written to it as text. */
  over(stream: TextStream): TextStream {
    const write = (text: string | Uint8Array, onTaken?: () => void): boolean =>
      stream.write(typeof text === 'string' ? this.text(text) : text, onTaken);
    return new Proxy(stream, {
      get: (target, key) => {
        if (key === 'write') return write;
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }
}

/** What diagnostics quote of a long text. */
const cutShort = (secret: string): string => brief(secret).replace(/\u2026$/, '');
