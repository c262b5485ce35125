const decimal = ['B', 'kB', 'MB', 'GB', 'TB'] as const;
const binary = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** An amount of data for people: `812 B`, `12.4 kB`, `38.1 MB`, `1.2 GB`. */
export function formatSize(bytes: number): string {
  const power = powerOf(bytes);
  return `${inPower(bytes, power)} ${decimal[power]!}`;
}

/** How much of an amount there is by now, both in the unit of the whole: `12.4/38.1 MB`. */
export function formatShare(done: number, total: number): string {
  const power = powerOf(total);
  return `${inPower(done, power)}/${inPower(total, power)} ${decimal[power]!}`;
}

/** An amount of memory, which is counted in powers of two: `64 MiB`, `1.5 GiB`. */
export function formatMemory(bytes: number): string {
  let power = 0;
  while (power < binary.length - 1 && bytes >= 1_024 ** (power + 1)) power += 1;
  return `${Number((bytes / 1_024 ** power).toFixed(1))} ${binary[power]!}`;
}

function powerOf(bytes: number): number {
  let power = 0;
  // 999 950 bytes would be shown as `1000.0 kB`.
  while (power < decimal.length - 1 && bytes >= 999.95 * 1_000 ** power) power += 1;
  return power;
}

const inPower = (bytes: number, power: number): string =>
  power === 0 ? String(Math.round(bytes)) : (bytes / 1_000 ** power).toFixed(1);
