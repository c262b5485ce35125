import { text } from 'node:stream/consumers';

import { fail, ok } from '../base/result.ts';
import { promptHidden } from './prompt.ts';

import type { Result } from '../base/result.ts';
import type { Answer } from '../event/question.ts';
import type { Interrupted } from './prompt.ts';
import type { World } from './world.ts';

export interface AnswerInputFlags {
  readonly input?: readonly string[];
  readonly secretInput?: readonly string[];
}

/** The inputs of an answer by their names, and which of them are secrets. A failure in words is about wrong usage. */
export async function gatherInputs(
  { input = [], secretInput = [] }: AnswerInputFlags,
  world: World,
): Promise<Result<Pick<Answer, 'inputs'> & { secrets: string[] }, string | Interrupted>> {
  const inputs: [string, string][] = [];
  for (const given of input) {
    const pair = pairIn(given);
    if (!pair) return fail(`--input ${given}: write it as name=value`);
    inputs.push(pair);
  }
  const secrets: [string, string][] = [];
  const isTerminal = world.stdin.isTTY === true;
  if (!isTerminal && secretInput.filter((given) => !given.includes('=')).length > 1)
    return fail('--secret-input: standard input can be the value of one input only');
  for (const given of secretInput) {
    if (given === '' || given.startsWith('='))
      return fail(`--secret-input ${given}: write it as name, or name=value`);
    const pair = pairIn(given);
    const value = pair ? ok(pair[1]) : await read(given, isTerminal, world);
    if (!value.ok) return value;
    secrets.push([pair ? pair[0] : given, value.value]);
  }
  world.veil.hide(secrets.map(([, value]) => value).filter((value) => value !== ''));
  return ok({
    inputs: Object.fromEntries([...inputs, ...secrets]),
    secrets: secrets.map(([name]) => name),
  });
}

async function read(
  name: string,
  isTerminal: boolean,
  world: World,
): Promise<Result<string, string | Interrupted>> {
  if (isTerminal) return promptHidden(name, '--secret-input', world);
  return ok((await text(world.stdin)).replace(/\r?\n$/, ''));
}

function pairIn(given: string): [string, string] | undefined {
  const at = given.indexOf('=');
  return at < 1 ? undefined : [given.slice(0, at), given.slice(at + 1)];
}
