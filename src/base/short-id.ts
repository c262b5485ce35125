import { createHash } from 'node:crypto';

/** Eight hexadecimal digits that stand for an id in names: the same ones every time. */
export const shortIdOf = (id: string): string =>
  createHash('sha256').update(id).digest('hex').slice(0, 8);
