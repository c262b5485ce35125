import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The licence texts of every package that these bundled files come from, in the order of names. */
export async function licencesOf(root: string, files: readonly string[]): Promise<string> {
  const packages = new Set(files.flatMap((file) => packageOf(file) ?? []));
  const sections = await Promise.all([...packages].sort().map((folder) => section(root, folder)));
  return sections.join('\n');
}

/** `node_modules/zod/v4/core/util.js` → `node_modules/zod`. */
function packageOf(file: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
}

async function section(root: string, folder: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: string;
    /** As it was written before there were SPDX names. */
    licenses?: { type: string }[];
  };
  const licence = (await readdir(join(root, folder))).find((name) => /^licen[cs]e/i.test(name));
  if (licence === undefined) throw new Error(`${folder} has no licence file: it cannot be bundled`);
  const text = await readFile(join(root, folder, licence), 'utf8');
  const kind = manifest.license ?? manifest.licenses?.map(({ type }) => type).join(' or ');
  return `${manifest.name} ${manifest.version} (${kind})\n\n${text.trimEnd()}\n`;
}
