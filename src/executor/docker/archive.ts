/** A tar archive (POSIX ustar) of one folder with one file that everybody may read and execute. */
export function archiveOf(folder: string, file: string, what: string | Buffer): Buffer {
  const content = typeof what === 'string' ? Buffer.from(what) : what;
  const padding = Buffer.alloc((blockBytes - (content.length % blockBytes)) % blockBytes);
  return Buffer.concat([
    header(`${folder}/`, 0, '5'),
    header(`${folder}/${file}`, content.length, '0'),
    content,
    padding,
    Buffer.alloc(2 * blockBytes),
  ]);
}

/** A tar archive of one empty folder, of root. */
export const folderArchive = (folder: string, mode: number): Buffer =>
  Buffer.concat([header(`${folder}/`, 0, '5', mode), Buffer.alloc(2 * blockBytes)]);

/** A tar archive of one empty file that everybody may write. */
export const emptyFileArchive = (file: string): Buffer =>
  Buffer.concat([header(file, 0, '0', 0o666), Buffer.alloc(2 * blockBytes)]);

/** What is in the first file of a tar archive; nothing where there is none, or not all of it. */
export function firstFileOf(archive: Buffer): Buffer | undefined {
  for (let at = 0; at + blockBytes <= archive.length;) {
    const size = Number.parseInt(archive.toString('latin1', at + 124, at + 136), 8);
    if (Number.isNaN(size)) return undefined;
    const from = at + blockBytes;
    // Engines may put what a header has no place for before it, in entries of other kinds.
    if (archive[at + 156] === '0'.charCodeAt(0))
      return from + size <= archive.length ? archive.subarray(from, from + size) : undefined;
    at = from + Math.ceil(size / blockBytes) * blockBytes;
  }
  return undefined;
}

const blockBytes = 512;

function header(name: string, size: number, kind: '0' | '5', mode = 0o755): Buffer {
  const block = Buffer.alloc(blockBytes);
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');
  block.write(name, 0, 100);
  block.write(octal(mode, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(0, 11), 136);
  block.write(kind, 156);
  block.write('ustar\u000000', 257);
  // The checksum is of the header with blanks in its place.
  block.fill(' ', 148, 156);
  block.write(
    `${octal(
      block.reduce((sum, byte) => sum + byte, 0),
      6,
    )}\0 `,
    148,
  );
  return block;
}
