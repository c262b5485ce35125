import { createHash } from 'node:crypto';
import { basename } from 'node:path';

import { transform } from 'esbuild';

import type { OutputFile } from 'esbuild';

/** A file of the bundle as it is written. */
export interface Written {
  readonly name: string;
  readonly text: string;
}

/** What `bin/kept-code.js` calls each part with, which stands in for what the module knows of itself. */
const parameters = 'require,module,__filename,__dirname';
export const ofTheModule = {
  'import.meta.dirname': '__dirname',
  'import.meta.filename': '__filename',
  'import.meta.url': '__filename',
};

/**
 * Modules of a bundle as the functions that `bin/kept-code.js` loads: only of a script can Node keep the
 * code that was compiled while it ran.
 */
export const asParts = (modules: readonly OutputFile[]): Promise<Written[]> =>
  Promise.all(modules.map(asPart));

async function asPart({ path, text }: OutputFile): Promise<Written> {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node24.12',
    supported: { 'dynamic-import': false },
    minifyWhitespace: true,
  });
  const name = basename(path);
  const part = `(function(${parameters}){"use strict";${code}})//`;
  // By this compiled code is known to be of this text, whatever else has its name.
  return { name, text: part + createHash('sha256').update(part).digest('hex').slice(0, 16) };
}
