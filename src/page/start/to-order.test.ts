import assert from 'node:assert/strict';
import { it } from 'node:test';

import { runRequest } from '../../server/order.ts';
import { emptyDraft, newVariable, withoutSecrets } from './draft.ts';
import { toOrder } from './to-order.ts';

import type { Draft, DraftVariable } from './draft.ts';

const variable = (key: number, name: string, value: string, isSecret = false): DraftVariable => ({
  ...{ key, name, value, isSecret },
});

const full: Draft = {
  ...{ from: 'text', file: 'a.yaml', text: ' x: 1\n', name: ' nightly ' },
  variables: [
    variable(1, ' A ', ' kept as it is '),
    variable(2, 'TOKEN', 's3cret', true),
    variable(3, '', ''),
    variable(4, '__proto__', ''),
  ],
  breaks: ' build \n\n  the tests\n',
};

it('what is written becomes an order that the server takes', () => {
  const order = toOrder(full, true);
  assert.ok(order.ok);
  assert.deepEqual(JSON.parse(JSON.stringify(order.value)), {
    ...{ text: ' x: 1\n', name: 'nightly', load: true },
    variables: JSON.parse('{"A": " kept as it is ", "__proto__": ""}') as unknown,
    secrets: { TOKEN: 's3cret' },
    break: ['build', 'the tests'],
  });
  assert.ok(runRequest.safeParse(order.value).success);
});

it('what nothing is written into is not sent', () => {
  const order = toOrder({ ...emptyDraft, file: ' a b.yaml ', variables: [newVariable([])] }, false);
  assert.deepEqual(order, { ok: true, value: { file: 'a b.yaml' } });
});

it('what the server would refuse is told before, field by field', () => {
  const variables = [
    variable(1, 'A B', ''),
    variable(2, '', 'b'),
    variable(3, 'C', '', true),
    variable(4, 'C', 'c'),
  ];
  const order = toOrder({ ...full, text: '\n', variables }, false);
  assert.ok(!order.ok);
  assert.deepEqual([...order.failure.keys()], ['text', 'name 1', 'name 2', 'value 3', 'name 4']);
});

it('a draft without its secrets keeps all that is not secret', () => {
  const { variables, ...rest } = withoutSecrets(full);
  assert.doesNotMatch(JSON.stringify(variables), /s3cret/);
  assert.deepEqual(
    { ...rest, variables },
    {
      ...full,
      variables: full.variables.map((one) => (one.key === 2 ? { ...one, value: '' } : one)),
    },
  );
});
