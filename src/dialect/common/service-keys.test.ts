import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as z from 'zod/mini';

import { camelServiceKeys, kebabServiceKeys } from './service-keys.ts';

const toKebab = (key: string): string =>
  key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

test('both spellings are one definition, down to the descriptions', () => {
  const camel = z.toJSONSchema(z.strictObject(camelServiceKeys())).properties ?? {};
  const kebab = z.toJSONSchema(z.strictObject(kebabServiceKeys())).properties ?? {};
  const respelt = Object.entries(camel).map(([key, schema]) => [toKebab(key), schema]);
  assert.deepEqual(Object.fromEntries(respelt), kebab);
  assert.deepEqual(Object.keys(camel).sort(), ['onExit', 'ready', 'scope', 'stop']);
});
