import type { Text } from '../../plan/plan.ts';

/** Text in which `$$NAME` is a hole for the run's variable of that name. Other dollars are text. */
export function toText(written: string): Text {
  const parts: (string | { readonly variable: string })[] = [];
  let end = 0;
  for (const match of written.matchAll(/\$\$([A-Za-z_]\w*)/g)) {
    if (match.index > end) parts.push(written.slice(end, match.index));
    parts.push({ variable: match[1]! });
    end = match.index + match[0].length;
  }
  if (end < written.length) parts.push(written.slice(end));
  return parts;
}
