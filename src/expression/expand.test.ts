import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { group, plan, service, step } from '../../test/rig/plans.ts';
import { expandPlan } from './expand.ts';

import type {
  Command,
  Condition,
  Group,
  Measured,
  Node,
  Repeat,
  RunStep,
  Text,
} from '../plan/plan.ts';
import type { PlanMistake } from './mistakes.ts';

const where = { file: 'pipeline.yaml', line: 7, column: 3 };
const hole = (variable: string): Text => [{ variable }];
const measured = (variable: string, unit: Measured['unit'] = 'count'): Measured => ({
  text: hole(variable),
  unit,
  where,
});
const times = (count: number | Measured, more: Partial<Repeat> = {}): { repeat: Repeat } => ({
  repeat: { over: { kind: 'times', times: count }, order: 'serial', ...more },
});
const each = (items: readonly string[], more: Partial<Repeat> = {}): { repeat: Repeat } => ({
  repeat: {
    over: { kind: 'each', items: items.map((item) => [item]), element: 'E' },
    order: 'serial',
    ...more,
  },
});
const csv = (text: Text): { repeat: Repeat } => ({
  repeat: {
    over: { kind: 'each', items: { commaSeparated: text }, element: 'E' },
    order: 'serial',
  },
});
const isSet = (name: string): Condition => ({ kind: 'set', value: { value: hole(name) } });

function expand(members: Node[], variables: Readonly<Record<string, string>> = {}): Group {
  const expanded = expandPlan(plan(...members), new Map(Object.entries(variables)));
  assert.ok(expanded.ok, JSON.stringify(expanded));
  return expanded.value.stages[0]!.root;
}

function mistakesOf(
  members: Node[],
  variables: Readonly<Record<string, string>> = {},
): readonly PlanMistake[] {
  const expanded = expandPlan(plan(...members), new Map(Object.entries(variables)));
  assert.ok(!expanded.ok);
  return expanded.failure;
}

const messagesOf = (...args: Parameters<typeof mistakesOf>): readonly string[] =>
  mistakesOf(...args).map(({ message }) => message);

/** `a`, or `a(a-1 a-2)` for a group; `|` between members that run at the same time. */
const shape = (node: Node): string =>
  node.kind === 'group'
    ? `${node.id}(${node.members.map(shape).join(node.order === 'serial' ? ' ' : '|')})`
    : node.id;
const shapeOf = (members: Node[], variables: Readonly<Record<string, string>> = {}): string =>
  expand(members, variables).members.map(shape).join(' ');

const nodesIn = (root: Group): readonly Node[] =>
  root.members.flatMap((node) => [node, ...(node.kind === 'group' ? nodesIn(node) : [])]);
const find = (root: Group, id: string): Node => nodesIn(root).find((node) => node.id === id)!;
const needsOf = (root: Group, id: string): readonly string[] => (find(root, id) as RunStep).needs;
const environmentOf = (root: Group, id: string): Readonly<Record<string, Text>> =>
  Object.fromEntries(
    (find(root, id) as RunStep).command.environment.map(({ name, value }) => [name, value]),
  );

describe('a repetition', () => {
  it('leaves what is not repeated as it is', () => {
    const members = [service('db'), group('g', 'parallel', step('a', { needs: ['db'] }))];
    assert.deepEqual(expand(members).members, members);
  });

  it('becomes a group of copies, one after the other or at the same time', () => {
    assert.equal(shapeOf([step('a', times(3)), step('b')]), 'a(a-1 a-2 a-3) b');
    assert.equal(shapeOf([step('a', times(2, { order: 'parallel' }))]), 'a(a-1|a-2)');
  });

  it('of nothing is an empty group', () => {
    assert.equal(shapeOf([step('a', times(0)), step('b', each([]))]), 'a() b()');
    assert.equal(shapeOf([step('a', csv([' , ']))]), 'a()');
  });

  it('is written out where a condition may hold only once the run has gone on', () => {
    const when: Condition = { kind: 'true', expression: { kind: 'variable', name: 'LATER' } };
    assert.deepEqual(messagesOf([step('a', { when, ...times(measured('N')) })]), [
      "step 'a': the number of its copies names the variable N, which has no value",
    ]);
    assert.equal(shapeOf([step('a', { when: isSet('N'), ...times(measured('N')) })]), 'a()');
  });

  it('is as long as a variable says', () => {
    assert.equal(shapeOf([step('a', times(measured('N')))], { N: '2' }), 'a(a-1 a-2)');
    assert.equal(shapeOf([step('a', csv(hole('NAMES')))], { NAMES: 'x, y,,z' }), 'a(a-1 a-2 a-3)');
  });

  it('has the condition, and its copies all the rest', () => {
    const copied = {
      timeoutMs: 5,
      retry: { attempts: 2, backoffMs: 1 },
      continueOnFail: true,
    };
    const root = expand([step('a', { ...copied, when: isSet('A'), ...times(1) })]);
    const { when, members, ...rest } = find(root, 'a') as Group;
    assert.deepEqual(when, isSet('A'));
    assert.deepEqual(rest, {
      kind: 'group',
      id: 'a',
      name: 'a',
      where: step('a').where,
      order: 'serial',
    });
    assert.deepEqual(members, [step('a-1', copied)]);
  });

  it('names everything in a copied group anew, at every depth', () => {
    const inner = group('in', 'parallel', step('x'), step('y', times(2)));
    const outer = { ...group('g', 'serial', inner), ...times(2) };
    assert.equal(
      shapeOf([outer]),
      'g(g-1(in-1(x-1|y-1(y-1-1 y-1-2))) g-2(in-2(x-2|y-2(y-2-1 y-2-2))))',
    );
  });

  it('of a group keeps how its members run and are attempted', () => {
    const attempts = { timeoutMs: 9, retry: { attempts: 3, backoffMs: 0 }, continueOnFail: true };
    const root = expand([{ ...group('g', 'parallel', step('x')), ...attempts, ...times(1) }]);
    const { members, ...copy } = find(root, 'g-1') as Group;
    assert.equal(members.length, 1);
    assert.deepEqual(copy, { ...copy, ...attempts, kind: 'group', order: 'parallel' });
  });
});

describe('a copy', () => {
  const commandOf = (text: Text): Command => ({
    run: { kind: 'argv', argv: [['echo'], text] },
    environment: [{ name: 'X', value: text }],
    image: text,
    container: { ports: [text], volumes: [text], hostname: text },
    user: text,
  });

  it('finds its number and its element in its environment and in every text', () => {
    const text: Text = [
      '<',
      { variable: 'I' },
      '-',
      { variable: 'E' },
      '-',
      { variable: 'U' },
      '>',
    ];
    const root = expand([
      step('a', { command: commandOf(text), ...each(['p'], { counter: 'I' }) }),
    ]);
    const { command } = find(root, 'a-1') as RunStep;
    const { environment, ...rest } = commandOf(['<1-p-', { variable: 'U' }, '>']);
    assert.deepEqual(command, {
      ...rest,
      environment: [...environment, { name: 'I', value: ['1'] }, { name: 'E', value: ['p'] }],
    });
  });

  it('leaves the lines of a script alone, in which dollars are those of the shell', () => {
    const lines = ['echo $$I $I'];
    const run = { kind: 'script', shell: ['/bin/sh'], lines, announce: 'minimal' } as const;
    const command = { run, environment: [] };
    const root = expand([step('a', { command, ...times(1, { counter: 'I' }) })]);
    assert.deepEqual((find(root, 'a-1') as RunStep).command.run, run);
  });

  it('is told by its own environment first', () => {
    const command: Command = {
      ...commandOf(['x']),
      environment: [{ name: 'I', value: ['number ', { variable: 'I' }] }],
    };
    const root = expand([step('a', { command, ...times(2, { counter: 'I' }) })]);
    assert.deepEqual(environmentOf(root, 'a-2'), { I: ['number 2'] });
  });

  it('inside of another is told about both, and about the nearest where they share a name', () => {
    const inner = step('x', each(['a', 'b'], { counter: 'I' }));
    const root = expand([{ ...group('g', 'serial', inner), ...times(2, { counter: 'OUT' }) }]);
    assert.deepEqual(environmentOf(root, 'x-2-1'), { OUT: ['2'], I: ['1'], E: ['a'] });
    const shared = step('x', times(1, { counter: 'I' }));
    const again = expand([{ ...group('g', 'serial', shared), ...times(2, { counter: 'I' }) }]);
    assert.deepEqual(environmentOf(again, 'x-2-1'), { I: ['1'] });
  });

  it('takes elements as they are, whatever dollars are in them', () => {
    const elements = ['$&', '$$I', 'a$$b$&c', '$1', 'false', '0', ' '];
    const root = expand([step('a', { command: commandOf(hole('E')), ...each(elements) })]);
    for (const [at, element] of elements.entries())
      assert.deepEqual(environmentOf(root, `a-${at + 1}`), { X: [element], E: [element] });
    const told = expand([step('a', csv(hole('LIST')))], { LIST: '$$E,$&' });
    assert.deepEqual(environmentOf(told, 'a-1'), { E: ['$$E'] });
    assert.deepEqual(environmentOf(told, 'a-2'), { E: ['$&'] });
  });

  it('of a group gives what is in it numbers that its own number tells', () => {
    const inner = step('x', {
      timeoutMs: measured('I', 'seconds'),
      when: isSet('I'),
      ...times(measured('I')),
    });
    const root = expand([{ ...group('g', 'serial', inner), ...times(2, { counter: 'I' }) }]);
    assert.equal(root.members.map(shape).join(' '), 'g(g-1(x-1(x-1-1)) g-2(x-2(x-2-1 x-2-2)))');
    assert.equal((find(root, 'x-2-1') as RunStep).timeoutMs, 2_000);
    assert.deepEqual((find(root, 'x-2') as Group).when, { kind: 'set', value: { value: ['2'] } });
  });
});

describe('a need', () => {
  it('of a service that is repeated is one of all its copies', () => {
    const root = expand([service('db', times(2)), step('a', { needs: ['db'] })]);
    assert.deepEqual(needsOf(root, 'a'), ['db-1', 'db-2']);
  });

  it('of a service of which there is no copy is none', () => {
    const root = expand([service('db', times(0)), step('a', { needs: ['db'] })]);
    assert.deepEqual(needsOf(root, 'a'), []);
  });

  it('follows into its own copy of a group, and not into others', () => {
    const inside = group(
      'g',
      'serial',
      service('db', times(2)),
      step('a', { needs: ['db', 'outside'] }),
    );
    const root = expand([
      service('outside'),
      { ...inside, ...times(2) },
      step('b', { needs: ['db'] }),
    ]);
    assert.deepEqual(needsOf(root, 'a-1'), ['db-1-1', 'db-1-2', 'outside']);
    assert.deepEqual(needsOf(root, 'a-2'), ['db-2-1', 'db-2-2', 'outside']);
    assert.deepEqual(needsOf(root, 'b'), ['db-1-1', 'db-1-2', 'db-2-1', 'db-2-2']);
  });

  it('of who is repeated is one of every copy', () => {
    const root = expand([service('db'), step('a', { needs: ['db'], ...times(2) })]);
    assert.deepEqual(needsOf(root, 'a-1'), ['db']);
    assert.deepEqual(needsOf(root, 'a-2'), ['db']);
  });
});

describe('a quantity', () => {
  it('becomes its number, in steps, groups and registries', () => {
    const retry = { attempts: measured('N'), backoffMs: measured('S', 'seconds') };
    const timeoutMs = measured('S', 'seconds');
    const expanded = expandPlan(
      {
        ...plan(step('a', { timeoutMs, retry }), { ...group('g', 'serial'), timeoutMs, retry }),
        registries: [{ name: 'r', retry }],
      },
      new Map([
        ['N', '3'],
        ['S', '1.5'],
      ]),
    );
    assert.ok(expanded.ok);
    const settled = { timeoutMs: 1_500, retry: { attempts: 3, backoffMs: 1_500 } };
    const [a, g] = expanded.value.stages[0]!.root.members;
    assert.deepEqual(a, step('a', settled));
    assert.deepEqual(g, { ...group('g', 'serial'), ...settled });
    assert.deepEqual(expanded.value.registries, [{ name: 'r', retry: settled.retry }]);
  });

  it('may be a duration as people write it', () => {
    const root = expand([step('a', { timeoutMs: measured('S', 'seconds') })], { S: '2m' });
    assert.equal((find(root, 'a') as RunStep).timeoutMs, 120_000);
  });

  it('that is none is told with its place, each of them', () => {
    const retry = { attempts: measured('NONE'), backoffMs: measured('WORD', 'seconds') };
    const members = [
      step('a', { timeoutMs: measured('ZERO', 'seconds'), retry }),
      { ...group('g', 'serial', step('b')), timeoutMs: measured('YEARS', 'seconds') },
      step('c', times(measured('HALF'))),
      step('d', times(measured('NONE'))),
      step('e', csv(hole('NONE'))),
      step('f', { retry: { attempts: measured('ZERO'), backoffMs: 0 } }),
      step('g', times(measured('NEGATIVE'))),
    ];
    const variables = { ZERO: '0', WORD: 'soon', YEARS: '99999h', HALF: '1.5', NEGATIVE: '-1' };
    const mistakes = mistakesOf(members, variables);
    assert.deepEqual(
      mistakes.map(({ message }) => message),
      [
        "step 'a': its timeout is to be above 0, and is not",
        "step 'a': the number of its attempts names the variable NONE, which has no value",
        "step 'a': the pause between its attempts is to be a number, and is 'soon'",
        "group 'g': its timeout is to be a year at most, and is longer",
        "step 'c': the number of its copies is to be a whole number, and is '1.5'",
        "step 'd': the number of its copies names the variable NONE, which has no value",
        "step 'e': what it is repeated for names the variable NONE, which has no value",
        "step 'f': the number of its attempts is to be above 0, and is not",
        "step 'g': the number of its copies is to be a number, and is '-1'",
      ],
    );
    // What items are repeated for has no place of its own.
    assert.equal(mistakes[6]!.where, step('e').where);
    assert.ok(mistakes.every((mistake, at) => at === 6 || mistake.where === where));
  });

  it('that is none is told once, however many copies there are', () => {
    const inner = step('a', { timeoutMs: measured('NONE', 'seconds'), ...times(3) });
    assert.equal(mistakesOf([{ ...group('g', 'serial', inner), ...times(3) }]).length, 1);
  });

  it('that is none does no harm behind a condition that does not hold', () => {
    const a = step('a', { timeoutMs: measured('N', 'seconds'), ...times(measured('N')) });
    assert.equal(shapeOf([{ ...a, when: isSet('N') }]), 'a()');
    assert.equal(shapeOf([{ ...group('g', 'serial', a), when: isSet('N') }]), 'g(a())');
    assert.equal(messagesOf([{ ...a, when: { kind: 'not', condition: isSet('N') } }]).length, 1);
  });
});

describe('copies', () => {
  it('beyond 10,000 are refused, also of copies in copies', () => {
    assert.deepEqual(messagesOf([step('a', times(measured('N')))], { N: '10001' }), [
      "step 'a': it would be there 10001 times, and 10000 are the most",
    ]);
    assert.match(messagesOf([step('a', csv(hole('N')))], { N: 'x,'.repeat(10_001) })[0]!, /10001/);
    const inner = step('a', times(1_000));
    const messages = messagesOf([{ ...group('g', 'serial', inner), ...times(1_000) }]);
    assert.match(messages[0]!, /its copies are too many: a run has 100000 steps/);
  });

  it('that have the name of something else are told', () => {
    assert.deepEqual(messagesOf([step('a', times(2)), step('a-2')]), [
      "step 'a': its copy 'a-2' has the name of step 'a-2'",
    ]);
    assert.deepEqual(messagesOf([group('a-1', 'serial'), step('a', times(1))]), [
      "step 'a': its copy 'a-1' has the name of group 'a-1'",
    ]);
    const inner = { ...group('g', 'serial', step('x', times(1))), ...times(1) };
    assert.deepEqual(messagesOf([inner, step('x-1', times(1))]), [
      "step 'x-1': its copy 'x-1-1' has the name of a copy of step 'x'",
      "step 'x': its copy 'x-1' has the name of step 'x-1'",
    ]);
  });

  const web = (ports: readonly Text[]): { command: Command } => ({
    command: { run: { kind: 'image' }, environment: [], image: ['nginx'], container: { ports } },
  });

  it('of a service that hold one port of this machine are told', () => {
    const ready = [{ kind: 'tcp', host: 'localhost', port: 5432, timeoutMs: 1 }] as const;
    assert.deepEqual(messagesOf([service('db', { ready, ...times(2) })]), [
      "service 'db': its copies would hold port 5432 of this machine at the same time",
    ]);
    assert.deepEqual(messagesOf([service('web', { ...web([['80']]), ...times(3) })]), [
      "service 'web': its copies would hold port 80 of this machine at the same time",
    ]);
    const grouped = group('g', 'serial', service('db', { ready }));
    assert.equal(messagesOf([{ ...grouped, ...times(2) }]).length, 1);
  });

  it('of a service that another one would share its address with are told', () => {
    const ports = web([['0:80']]);
    assert.deepEqual(
      messagesOf([service('db_1', ports), service('db', { ...ports, ...times(1) })]),
      ["service 'db-1': `CONTINUO_DB_1_HOST` is already the address of service 'db_1'"],
    );
    expand([service('db_1'), service('db', times(1))]);
  });

  it('that have ports of their own are let be', () => {
    const ports = [['808', { variable: 'I' }, ':80'], ['0:90']];
    const more = times(3, { counter: 'I' });
    assert.equal(nodesIn(expand([service('web', { ...web(ports), ...more })])).length, 4);
    const ready = [{ kind: 'tcp', host: 'localhost', port: 80, timeoutMs: 1 }] as const;
    expand([service('inside', { ...web([]), ready, ...times(2) })]);
  });

  it('that hold a port one after the other are let be', () => {
    const ready = [{ kind: 'tcp', host: 'localhost', port: 5432, timeoutMs: 1 }] as const;
    const ended = group(
      'g',
      'serial',
      service('db', { ready, scope: 'group' }),
      step('a', web([['80']])),
    );
    expand([{ ...ended, ...times(2) }]);
    assert.equal(messagesOf([{ ...ended, ...times(2, { order: 'parallel' }) }]).length, 2);
    expand([step('b', { ...web([['80']]), ...times(2) })]);
  });
});
