const bytes: Readonly<Record<string, number>> = {
  '': 1,
  G: 1e9,
  M: 1e6,
  Gi: 2 ** 30,
  Mi: 2 ** 20,
};

/** Bytes of an amount of memory as Kubernetes writes it: `G` is a power of 1000, `Gi` one of 1024. */
export function parseMemory(text: string): number | undefined {
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?)(Gi?|Mi?)?$/.exec(text) ?? [];
  return count === undefined ? undefined : Math.round(Number(count) * bytes[unit]!);
}
