const powers = ['', 'k', 'm', 'g', 't'];

/** Bytes, of a number or of a text such as `512m`, `1.5g` or `500Mi`: always powers of 1024. */
export function parseBytes(written: string | number): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(?:([kmgt])(?:i?b|i)?|b)?$/i.exec(String(written));
  if (!match) return undefined;
  const [, count, unit = ''] = match;
  return Math.round(Number(count) * 1024 ** powers.indexOf(unit.toLowerCase()));
}

/** Processors, of a number such as 0.5 or of thousandths of one such as `500m`. */
export function parseCpus(written: string | number): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(m?)$/.exec(String(written));
  return match ? Number(match[1]) / (match[2] === 'm' ? 1_000 : 1) : undefined;
}
