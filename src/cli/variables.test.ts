import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';

import { gatherVariables } from './variables.ts';
import { Veil } from './veil.ts';

import type { GivenVariables, VariableFlags } from './variables.ts';
import type { World } from './world.ts';

const configured = {
  environment: new Map([
    ['A', 'config'],
    ['B', 'config'],
  ]),
  secrets: new Map([
    ['C', 'secret-of-config'],
    ['D', 'another-of-config'],
  ]),
  promptedSecrets: [],
};

async function given(flags: VariableFlags, input = ''): Promise<GivenVariables> {
  const stdin = Readable.from([input]);
  const world = { env: { A: 'caller', E: 'caller' }, stdin, veil: new Veil() };
  const gathered = await gatherVariables(flags, world as unknown as World, configured);
  assert.ok(gathered.ok);
  return gathered.value;
}

describe('the variables that were given by name', () => {
  it('are called whatever a step can have a variable called', async () => {
    const stdin = '{"1st/key": "e"}';
    const flags = {
      env: ['spring.profiles=a', 'my-var='],
      secret: ['x:y=c=d'],
      secretsStdin: true,
    };
    const { named } = await given(flags, stdin);
    const { variables, secrets } = named;
    assert.deepEqual([variables.get('spring.profiles'), variables.get('my-var')], ['a', '']);
    assert.deepEqual([secrets.get('x:y'), secrets.get('1st/key')], ['c=d', 'e']);
  });

  it('are, for a server, what they are here', async () => {
    for (const flags of [
      {},
      { env: ['B=flag', 'C=flag'] },
      { secret: ['A=secret-of-flag', 'C=secret-of-flag'] },
      { env: ['C=flag', 'D=flag'], secret: ['C=secret-of-flag'] },
    ]) {
      const { variables, named } = await given(flags);
      const sent = new Map([...named.variables, ...named.secrets]);
      assert.equal(sent.size, named.variables.size + named.secrets.size, 'each is sent once');
      for (const [name, value] of sent) assert.equal(value, variables.get(name), name);
      assert.deepEqual([...sent.keys()].sort(), ['A', 'B', 'C', 'D']);
    }
  });

  it('are no secret where `-e` takes the place of a secret of the configuration', async () => {
    const { named, secrets } = await given({ env: ['C=test'] });
    assert.equal(named.variables.get('C'), 'test');
    assert.deepEqual([...named.secrets.keys()], ['D']);
    assert.ok(secrets.includes('secret-of-config'));
  });
});
