/**
 * What is said, as a log has it. Diagnostics that a server has rendered are a line each, as those that were found here
 * are, without the text of the file.
 */
export function logLinesOf(text: string): readonly string[] {
  if (!text.split('\n').some((line) => headOf(line))) return [text];
  const lines: string[] = [];
  let isHint = false;
  for (const line of text.split('\n')) {
    const head = headOf(line);
    if (head) lines.push(`${head.place}: ${head.message}`);
    const isMore = line.startsWith('    ') && !/^ +\d* \u2502/.test(line);
    // A hint that was wrapped goes on.
    if (isMore) lines.push(`${lines.pop() ?? ''}${isHint ? ' ' : '; '}${line.trim()}`);
    isHint = isMore;
  }
  return lines;
}

function headOf(line: string): { readonly place: string; readonly message: string } | undefined {
  const [, place, message] = /^(\S.*?) {2}(?:error|warning) {2}(.*)$/.exec(line) ?? [];
  return place === undefined || message === undefined ? undefined : { place, message };
}
