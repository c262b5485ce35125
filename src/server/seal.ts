import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmodSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The file of the key that seals; only its owner can read it. There is none while nothing is sealed. */
export const keyPath = (serverDir: string): string => join(serverDir, 'key');

const cipher = 'aes-256-gcm';
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/**
 * A text that nobody reads without the key, and that belongs to `owner` alone: under another name it is of
 * no use. Makes the key when there is none. Throws what the file system throws.
 */
export function seal(serverDir: string, owner: string, text: string): string {
  const nonce = randomBytes(nonceBytes);
  const sealing = createCipheriv(cipher, makeKey(serverDir), nonce).setAAD(Buffer.from(owner));
  const sealed = Buffer.concat([sealing.update(text, 'utf8'), sealing.final()]);
  return Buffer.concat([nonce, sealing.getAuthTag(), sealed]).toString('base64');
}

/**
 * What was sealed; `undefined` when the key is gone, or it was sealed by another, for another, or was changed. Throws
 * what the file system throws.
 */
export function unseal(serverDir: string, owner: string, sealed: string): string | undefined {
  const key = readKey(serverDir);
  const bytes = Buffer.from(sealed, 'base64');
  if (!key || bytes.length < nonceBytes + tagBytes) return undefined;
  const [nonce, tag, text] = [
    bytes.subarray(0, nonceBytes),
    bytes.subarray(nonceBytes, nonceBytes + tagBytes),
    bytes.subarray(nonceBytes + tagBytes),
  ];
  try {
    const opening = createDecipheriv(cipher, key, nonce, { authTagLength: tagBytes })
      .setAAD(Buffer.from(owner))
      .setAuthTag(tag);
    return Buffer.concat([opening.update(text), opening.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

/** Nothing is sealed any more: what was, nobody can ever read. */
export function removeKey(serverDir: string): void {
  rmSync(keyPath(serverDir), { force: true });
}

function makeKey(serverDir: string): Buffer {
  const known = readKey(serverDir);
  if (known) return known;
  const path = keyPath(serverDir);
  const written = `${path}.new`;
  rmSync(path, { force: true });
  rmSync(written, { force: true });
  const key = randomBytes(keyBytes);
  writeFileSync(written, key, { mode: 0o600, flag: 'wx' });
  // There is never a key of which a part is missing.
  linkSync(written, path);
  rmSync(written);
  return key;
}

/** Throws when there may be one, and it cannot be read in this moment: in the place of another, it is lost with all it has sealed. */
function readKey(serverDir: string): Buffer | undefined {
  try {
    const path = keyPath(serverDir);
    const key = readFileSync(path);
    // Whoever copied the folder may have lost what it was for.
    chmodSync(path, 0o600);
    return key.length === keyBytes ? key : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
