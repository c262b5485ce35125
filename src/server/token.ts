import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The file of the server's token; only its owner can read it. */
export const tokenPath = (serverDir: string): string => join(serverDir, 'token');

/**
 * The token of the server on this folder, made at the first start. One that others could have read
 * is replaced. Throws what the file system throws.
 */
export function openToken(serverDir: string): string {
  const path = tokenPath(serverDir);
  const kept = readPrivate(path);
  if (kept !== undefined) return kept;
  const token = randomBytes(32).toString('base64url');
  const written = `${path}.new`;
  writeFileSync(written, `${token}\n`, { mode: 0o600 });
  // The mode above counts only for a file that was not there.
  chmodSync(written, 0o600);
  renameSync(written, path);
  return token;
}

function readPrivate(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isFile() || (found.mode & 0o077) !== 0) return undefined;
  const token = readFileSync(path, 'utf8').trim();
  return /^[\w-]{43}$/.test(token) ? token : undefined;
}
