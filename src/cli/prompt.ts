import { fail, ok } from '../base/result.ts';

import type { Result } from '../base/result.ts';
import type { World } from './world.ts';

const enter = new Set(['\r', '\n', '\u0004']);
const interrupt = '\u0003';
const erase = new Set(['\u0008', '\u007f']);

/** Asks for a value on the terminal without showing it. The failure is a sentence about wrong usage. */
export async function promptHidden(
  question: string,
  { stdin, stderr }: World,
): Promise<Result<string, string>> {
  if (stdin.isTTY !== true || !stdin.setRawMode) {
    return fail(
      `--secret-prompt ${question.replace(/: $/, '')}: standard input is no terminal; use --secret-stdin there`,
    );
  }
  stderr.write(question);
  stdin.setRawMode(true);
  try {
    return await readHidden(stdin);
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write('\n');
  }
}

function readHidden(stdin: World['stdin']): Promise<Result<string, string>> {
  const { promise, resolve } = Promise.withResolvers<Result<string, string>>();
  let typed: string[] = [];
  const take = (chunk: Buffer | string): void => {
    for (const key of chunk.toString()) {
      if (key === interrupt) resolve(fail('interrupted'));
      else if (enter.has(key))
        resolve(typed.length > 0 ? ok(typed.join('')) : fail('empty secret'));
      else if (erase.has(key)) typed = typed.slice(0, -1);
      else typed.push(key);
    }
  };
  stdin.on('data', take);
  stdin.resume();
  return promise.finally(() => stdin.off('data', take));
}
