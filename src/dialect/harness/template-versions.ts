/**
 * Which of two versions is higher, as numbers are told apart in them: `1.10` is above `1.9`, `v2` above
 * `v1`, and `1.0` above `1.0-rc1`. None is lower than any.
 */
export function compareVersions(one: string | undefined, other: string | undefined): number {
  if (one === undefined || other === undefined)
    return Number(one !== undefined) - Number(other !== undefined);
  const [released, mark] = parted(one);
  const [otherReleased, otherMark] = parted(other);
  return (
    collator.compare(released, otherReleased) ||
    Number(mark === '') - Number(otherMark === '') ||
    collator.compare(mark, otherMark) ||
    (one < other ? -1 : Number(one > other))
  );
}

const collator = new Intl.Collator('en', { numeric: true });

function parted(version: string): [string, string] {
  const dash = version.indexOf('-');
  return dash === -1 ? [version, ''] : [version.slice(0, dash), version.slice(dash)];
}
