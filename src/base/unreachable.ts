/** A compile error while the value can still exist; a thrown error if it does anyway. */
export function unreachable(value: never): never {
  throw new Error(`Unreachable: ${JSON.stringify(value)}`);
}
