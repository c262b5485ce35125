import type { Plan, Text } from './plan.ts';

/** What a plan itself holds that must never be shown: the passwords that stand in it as they are. */
export const secretsOf = ({ registries = [] }: Plan): readonly string[] =>
  registries.flatMap(({ credentials }) => literalOf(credentials?.password ?? []));

function literalOf(text: Text): readonly string[] {
  const words = text.filter((part) => typeof part === 'string');
  const isLiteral = words.length > 0 && words.length === text.length;
  return isLiteral ? [words.join('')] : [];
}
