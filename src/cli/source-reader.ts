import { resolve } from 'node:path';

import { unlessAborted } from '../base/abort.ts';
import { isAddress } from '../base/is-address.ts';
import { fail, ok } from '../base/result.ts';
import { readBytes, readFileBytes } from '../dialect/common/read-bytes.ts';
import { readSource } from '../dialect/common/read-source.ts';
import { createMasker } from '../journal/masker.ts';
import { fetchSource } from './fetch-source.ts';
import { realPathBelow } from './real-path.ts';

import type { Diagnostic } from '../dialect/common/diagnostic.ts';
import type { ReadBytes } from '../dialect/common/read-bytes.ts';
import type { ReadSource, Wanted } from '../dialect/common/read-source.ts';
import type { World } from './world.ts';

export interface SourceReaderOptions {
  /** Values that must not be shown, in the name of a file either. */
  readonly secrets?: readonly string[];
  readonly signal?: AbortSignal;
}

/**
 * Gives the text of any file of this machine and of any http server: all that is read of pipelines
 * comes through here. What lies outside of `readsBelow`, and pipes that nobody writes to, are refused. Rejects only when `signal` aborts.
 */
export function sourceReader(
  { cwd, texts, readsBelow }: Pick<World, 'cwd' | 'texts' | 'readsBelow'>,
  { secrets = [], signal = neverAborted }: SourceReaderOptions = {},
): ReadSource {
  const masker = createMasker(secrets);
  const masked = ({ message, where, ...others }: Diagnostic): Diagnostic => ({
    ...others,
    message: masker.text(message),
    where: { ...where, file: masker.text(where.file) },
  });
  const bytesOf =
    ({ isImport }: Wanted): ReadBytes =>
    async (name, limit) => {
      const path = resolve(cwd, name);
      const text = texts?.get(path);
      if (text !== undefined) return Buffer.from(text);
      if (readsBelow !== undefined)
        return readFileBytes(await realPathBelow(readsBelow, path), limit, signal);
      return (isImport === true ? readFileBytes : readBytes)(path, limit, signal);
    };
  return async (wanted) => {
    const read = isAddress(wanted.at)
      ? await fetchSource(wanted, { signal })
      : // Nobody may ever write to a pipe.
        await unlessAborted(readSource(wanted.at, bytesOf(wanted)), signal);
    if (!read.ok) return fail(masked(read.failure));
    return ok({ ...read.value, file: masker.text(read.value.file) });
  };
}

/** Reads as `read` does; an http server that is to be shown nothing else is shown the secret that is there for it. */
export function withSecretToken(
  read: ReadSource,
  secrets: ReadonlyMap<string, string>,
): ReadSource {
  const name = 'HTTP_AUTHORIZATION_TOKEN';
  const value = secrets.get(name)?.trim() ?? '';
  if (value === '') return read;
  const token = { value, from: `the secret ${name}` };
  return (wanted) => read(isAddress(wanted.at) ? { token, ...wanted } : wanted);
}

const neverAborted = new AbortController().signal;
