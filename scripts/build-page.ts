import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

import { build } from 'vite';

import type { Plugin, Rolldown } from 'vite';

const nothingOfNode: Plugin = {
  name: 'nothing-of-node',
  enforce: 'pre',
  resolveId(id, importer) {
    if (id.startsWith('node:'))
      throw new Error(`${importer ?? ''} imports ${id}: no browser has it`);
  },
};

/** Builds the page for browsers into a folder. Answers what files it was made of, relative to `root`. */
export async function buildPage(root: string, folder: string): Promise<string[]> {
  const built = await build({
    ...{ configFile: false, envDir: false, publicDir: false, logLevel: 'warn' },
    root: join(root, 'src/page'),
    plugins: [nothingOfNode],
    build: {
      write: false,
      // Browsers of the last two years.
      target: ['chrome125', 'firefox128', 'safari17.5'],
      // Nothing inline: the policy of the server forbids it.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  });
  const outputs = (Array.isArray(built) ? built : [built as Rolldown.RolldownOutput]).flatMap(
    ({ output }) => output,
  );
  const written = new Set<string>();
  const write = async (name: string, bytes: Uint8Array | string): Promise<void> => {
    written.add(name);
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  };
  for (const file of outputs) {
    const bytes = Buffer.from(file.type === 'chunk' ? file.code : file.source);
    await write(file.fileName, bytes);
    await write(`${file.fileName}.gz`, await smallGzip(bytes));
    await write(`${file.fileName}.br`, await smallBrotli(bytes));
  }
  // Cleared after the build and not before it: a server may be reading the last one.
  for (const name of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(name.parentPath, name.name);
    if (name.isFile() && !written.has(relative(folder, path))) await rm(path);
  }
  return outputs
    .flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))
    .map((id) => relative(root, id.replace(/^\0/, '').replace(/\?.*$/, '')));
}

const smallGzip = (bytes: Buffer) =>
  promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION });
const smallBrotli = (bytes: Buffer) => promisify(brotliCompress)(bytes);
