import { basename, dirname, join } from 'node:path';

/**
 * A program of ours: beside the bundle that asks for it, or the source beside the asking source,
 * whose `import.meta.filename` this is.
 */
export function programBeside(asking: string, bundled: string, source: string): string {
  const isSource = basename(asking).endsWith('.ts');
  return join(dirname(asking), isSource ? source : bundled);
}
