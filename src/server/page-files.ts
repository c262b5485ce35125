import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';

/** One file of the page, in memory, as it is sent. */
export interface PageFile {
  readonly type: string;
  readonly plain: Buffer;
  /** Absent where nothing was made for it. */
  readonly gzip?: Buffer;
  readonly brotli?: Buffer;
}

/** The files of the page by the paths that they are asked for at. No request ever names a path of the disk. */
export type PageFiles = ReadonlyMap<string, PageFile>;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Reads what the build has made. Throws what the file system throws. */
export function readPage(folder: string): PageFiles {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  const there = new Set(names);
  const read = (name: string): Buffer | undefined =>
    there.has(name) ? readFileSync(join(folder, name)) : undefined;
  return new Map(
    names.flatMap((name): [string, PageFile][] => {
      const type = types[extname(name)];
      if (type === undefined) return [];
      const [gzip, brotli] = [read(`${name}.gz`), read(`${name}.br`)];
      const path = name === 'index.html' ? '/' : `/${name.split(sep).join('/')}`;
      const file = { type, plain: readFileSync(join(folder, name)) };
      return [[path, { ...file, ...(gzip && { gzip }), ...(brotli && { brotli }) }]];
    }),
  );
}
