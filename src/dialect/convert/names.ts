/** Names that are each taken once. */
export class Names {
  readonly #taken = new Set<string>();
  readonly #separator: string;

  constructor(separator: string) {
    this.#separator = separator;
  }

  has(name: string): boolean {
    return this.#taken.has(name);
  }

  /** The name, or the same with the first number behind it that nobody has. */
  take(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.#taken.has(name); count++)
      name = `${wanted}${this.#separator}${count}`;
    this.#taken.add(name);
    return name;
  }
}

/** An identifier as Harness wants it, that reads like the name. */
export function toIdentifier(name: string): string {
  const made = name.replaceAll(/[^0-9A-Za-z_]/g, '_').slice(0, 120);
  return /^[a-zA-Z_]/.test(made) ? made : `_${made}`;
}

/** A name as CIX wants it for steps. */
export function toStepName(name: string): string {
  const made = name.replaceAll(/[^0-9A-Za-z_.-]/g, '-').replace(/^[^0-9A-Za-z]+/, '');
  return (made === '' ? 'step' : made).slice(0, 60);
}

/** A name as Harness takes it. */
export const toName = (name: string): string | undefined =>
  /^[a-zA-Z_0-9.-][-0-9a-zA-Z_\s.]{0,127}$/.test(name) ? name : undefined;
