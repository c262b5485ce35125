/** The languages that pipeline files are written in. */
export type Dialect = 'cix' | 'harness';

/**
 * The language of a file, by what stands at its root: under `pipeline` CIX has a list, and Harness a map. Files
 * of Harness's other languages, and templates, are Harness's, which says so of them. Reads no YAML.
 */
export function dialectOf(text: string): Dialect {
  if (/^\s*\{/.test(text)) return dialectOfJson(text);
  const pipeline = rootKey('pipeline', text);
  if (pipeline === undefined) return isOtherHarness(text) ? 'harness' : 'cix';
  const version = /^(\S+)/.exec(rootKey('version', text) ?? '')?.[1]?.replaceAll(/["']/g, '');
  if (version !== undefined && version !== '1') return 'cix';
  return isMap(pipeline) ? 'harness' : 'cix';
}

/** All that follows a key at the root. */
function rootKey(key: string, text: string): string | undefined {
  const match = new RegExp(`^(?:${key}|"${key}"|'${key}')[ \\t]*:(?=\\s|$)`, 'm').exec(text);
  return match ? text.slice(match.index + match[0].length).trimStart() : undefined;
}

const isOtherHarness = (text: string): boolean =>
  /^["']?pipeline\b/.test(rootKey('kind', text) ?? '') || isMap(rootKey('template', text) ?? '');

/** Whether what follows a key is a map, comments and an anchor before it left out. */
function isMap(rest: string): boolean {
  const value = rest.replace(/^(?:\s|#[^\n]*(?:\n|$)|&\S+)+/, '');
  return (
    !/^(?:-(?:\s|$)|\[|\.\.\.|$)/.test(value) &&
    /^(?:\{|["']?[\w<]+["']?[ \t]*:(?:\s|$))/.test(value)
  );
}

function dialectOfJson(text: string): Dialect {
  const isHarness = /^\s*\{\s*"?(?:pipeline|template)"?\s*:\s*\{/.test(text);
  return isHarness || /^\s*\{(?:(?!"?version).)*"?kind"?\s*:\s*"?pipeline/.test(text)
    ? 'harness'
    : 'cix';
}
