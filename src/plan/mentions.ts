/** Whether a part of a plan asks for one of these variables, in a text or in an expression. */
export function mentions(part: unknown, names: ReadonlySet<string>): boolean {
  if (names.size === 0 || typeof part !== 'object' || part === null) return false;
  if (Array.isArray(part)) return part.some((item) => mentions(item, names));
  const { variable, kind, name } = part as Record<string, unknown>;
  if (typeof variable === 'string' && names.has(variable)) return true;
  if (kind === 'variable' && typeof name === 'string' && names.has(name)) return true;
  return Object.values(part).some((inner) => mentions(inner, names));
}
