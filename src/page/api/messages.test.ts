import assert from 'node:assert/strict';
import { it } from 'node:test';

import fc from 'fast-check';

import { messagesIn } from './messages.ts';

import type { Message } from './messages.ts';

async function* cut(text: string, places: readonly number[]): AsyncGenerator<string> {
  await Promise.resolve();
  const at = [0, ...places.map((place) => place % (text.length + 1)), text.length];
  at.sort((one, other) => one - other);
  for (const [index, from] of at.slice(0, -1).entries()) yield text.slice(from, at[index + 1]);
}

it('events are read wherever their text is cut', async () => {
  const data = fc.jsonValue().map((value) => JSON.stringify(value));
  // JSON has these as they are, and to some they end a line.
  const separated = data.map((one) => `["\u2028\u2029",${one}]`);
  const message = fc.oneof(data, separated).map((one) => ({ data: one }));
  await fc.assert(
    fc.asyncProperty(fc.array(message), fc.array(fc.nat()), async (messages, places) => {
      const text = messages.map((one, seq) => `id: ${seq}\ndata: ${one.data}\n\n`).join('');
      assert.deepEqual(await Array.fromAsync(messagesIn(cut(text, places))), messages);
    }),
  );
});

it('what only keeps the connection open is no event, and what broke off is none either', async () => {
  const text =
    ': still here\n\nid: 1\ndata: {}\n\n: still here\n\nevent: end\ndata: {"a":":"}\n\ndata: {"brok';
  const told: Message[] = await Array.fromAsync(messagesIn(cut(text, [])));
  assert.deepEqual(told, [{ data: '{}' }, { event: 'end', data: '{"a":":"}' }]);
});
