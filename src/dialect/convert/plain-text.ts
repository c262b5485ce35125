import type { Text } from '../../plan/plan.ts';

/** What a text says without what is put into it. */
export const plainText = (text: Text): string =>
  text.map((piece) => (typeof piece === 'string' ? piece : '')).join('');

/** Whether nothing is put into a text. */
export const isPlain = (text: Text): boolean => text.every((piece) => typeof piece === 'string');
