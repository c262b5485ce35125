import { StringDecoder } from 'node:string_decoder';

import { fail, ok } from '../base/result.ts';
import { cleanLine } from '../report/clean.ts';

import type { Result } from '../base/result.ts';
import type { World } from './world.ts';

/** Somebody pressed Ctrl-C where a terminal makes no signal of it. */
export interface Interrupted {
  readonly signal: 'INT';
}

type Answer = Result<string, string | Interrupted>;

const enter = new Set(['\r', '\n', '\u0004']);
const interrupt = '\u0003';
const erase = new Set(['\u0008', '\u007f']);

/**
 * Asks for a value on the terminal without showing it; `wish` says who wants that. A failure in words is
 * about wrong usage.
 */
export async function promptHidden(
  name: string,
  wish: string,
  { stdin, stderr, asks = stderr }: World,
): Promise<Answer> {
  const shown = cleanLine(name);
  if (stdin.isTTY !== true || !stdin.setRawMode) {
    return fail(`${wish} ${shown}: standard input is no terminal; use --secret-stdin there`);
  }
  // First, so that nothing that is typed as soon as one is asked can be seen.
  stdin.setRawMode(true);
  asks.write(`${shown}: `);
  try {
    return await readHidden(stdin);
  } finally {
    stdin.setRawMode(false);
    asks.write('\n');
  }
}

/** What is typed or pasted up to Enter. What was pasted after it stays for the next question. */
function readHidden(stdin: World['stdin']): Promise<Answer> {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  const decoder = new StringDecoder('utf8');
  let typed: string[] = [];
  const settle = (answer: Answer, pasted: readonly string[] = []): void => {
    stdin.off('data', take).off('end', leave).pause();
    if (pasted.length > 0) stdin.unshift(Buffer.from(pasted.join('')));
    resolve(answer);
  };
  const leave = (): void => settle(fail('standard input ended before there was an answer'));
  const take = (chunk: Buffer): void => {
    const keys = Array.from(decoder.write(chunk));
    for (const [at, key] of keys.entries()) {
      if (key === interrupt) {
        settle(fail({ signal: 'INT' }));
        return;
      }
      if (enter.has(key)) {
        const answer = typed.length > 0 ? ok(typed.join('')) : fail('empty secret');
        const isPair = key === '\r' && keys[at + 1] === '\n';
        settle(answer, keys.slice(at + (isPair ? 2 : 1)));
        return;
      }
      if (erase.has(key)) typed = typed.slice(0, -1);
      else typed.push(key);
    }
  };
  stdin.on('data', take).on('end', leave).resume();
  return promise;
}
