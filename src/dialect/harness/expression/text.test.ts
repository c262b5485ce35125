import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { hasExpressions, known, toExpression, toText } from './text.ts';

import type { Expression, Value } from '../../../plan/expression.ts';
import type { Text } from '../../../plan/plan.ts';
import type { Found, Scope, Tell } from './text.ts';

const variables: Readonly<Record<string, Value>> = {
  tag: '7.2',
  env: 'prod',
  prod_host: 'h1',
  count: 3,
  list: ['x', { c: 'deep' }],
  map: { 'a-b': 'hyphen' },
  flag: 'true',
};
const texts: Readonly<Record<string, string>> = {
  image: 'redis:<+v.tag>',
  both: '<+v.image>/<+out.a>',
  whole: '<+v.list>',
  self: 'a <+v.self>',
  one: '<+v.two>',
  two: '<+v.one>',
  broken: '<+v.nope>',
};

/** `v.…` is known, `out.…` is known while the run goes on, and anything else is not there. */
const scope = (): Scope => ({
  lookup: ([root, ...path]): Found => {
    const [name, ...rest] = path;
    if (root === 'out')
      return { kind: 'expression', expression: { kind: 'variable', name: path.join('.') } };
    if (root === 'v' && typeof name === 'string') {
      if (Object.hasOwn(texts, name))
        return rest.length > 0
          ? { kind: 'unknown', problem: 'too long' }
          : { kind: 'written', text: texts[name]!, key: `v.${name}` };
      if (Object.hasOwn(variables, name))
        return {
          kind: 'value',
          value: rest.reduce<Value>(
            (of, key) => (of as Readonly<Record<string, Value>>)[key] ?? null,
            variables[name]!,
          ),
        };
    }
    return { kind: 'unknown', problem: `there is no \`${[root, ...path].join('.')}\`` };
  },
  secret: (id) =>
    id === 'none'
      ? { kind: 'unknown', problem: 'there is no such secret', hint: 'give it' }
      : { kind: 'expression', expression: { kind: 'variable', name: `secret ${id}` } },
});

/** What is told, each as the text that it is told of and what is said. */
function listen(written: string): { readonly told: string[]; readonly tell: Tell } {
  const told: string[] = [];
  const tell: Tell = (at, length, problem, hint) => {
    assert.ok(at >= 0 && length >= 0 && at + length <= written.length, `${at} ${length}`);
    told.push(
      `${written.slice(at, at + length)}: ${problem}${hint === undefined ? '' : ` (${hint})`}`,
    );
  };
  return { told, tell };
}

function read(written: string): Text {
  const { told, tell } = listen(written);
  const text = toText(written, scope(), tell);
  assert.deepEqual(told, [], written);
  return text;
}

function complaints(written: string, from: typeof toText | typeof toExpression = toText): string[] {
  const { told, tell } = listen(written);
  from(written, scope(), tell);
  return told;
}

const variable = (name: string): Expression => ({ kind: 'variable', name });

describe('a text', () => {
  it('is as it is written where no expression is complete', () => {
    for (const written of [
      '',
      '$v ${v} $(v) `v` $$V',
      'a < b > c <<EOF >out <(cat) <+',
      'cat <+ file\nand',
      'sort <+x\n(a > b)',
    ]) {
      const text = read(written);
      assert.deepEqual(text, [written]);
    }
  });

  it('has scripts of every shell left as they are (001-36, 001-37, 001-38, 001-40, 001-49)', () => {
    for (const written of [
      '[[ $(java -version 2>&1) =~ "17" ]] || exit 1\nV=${V:-$v} && echo `id` >>out <in',
      'Get-Process | Where-Object { $_.CPU -gt 10 }\nWait-Event -Timeout $Env:v',
      'if a < +1 and b > 2:\n    print(f"{a!r:<{w}} <> {b}")',
    ])
      assert.deepEqual(read(written), [written]);
  });

  it('has what is known now filled in', () => {
    for (const [written, expected] of [
      ['redis:<+v.tag>', 'redis:7.2'],
      ['<+v.tag><+v.tag>', '7.27.2'],
      ['<+ v.tag >', '7.2'],
      ['<+v.count>', '3'],
      ['<+v.list[1].c>', 'deep'],
      ['<+v.map.get("a-b")>', 'hyphen'],
      ['<+v.map["a-b"]>', 'hyphen'],
      ['<+v.map>', '{"a-b":"hyphen"}'],
      ['<+v.image>', 'redis:7.2'],
      ['<+v.whole.get(0)>', 'x'],
      ['<+null>', 'null'],
      ['<+v.<+v.env>_host>', 'h1'],
      ['<+v[v.env + "_host"]>', 'h1'],
      ['<+"<+v.env>-<+v.tag>".toUpperCase()>', 'PROD-7.2'],
      ['<+<+v.env>.concat("_x")>', 'prod_x'],
      ["<+v.env == 'prod' ? v.tag : out.a>", '7.2'],
      ['<+"a > b" + ">">', 'a > b>'],
      ['<+(v.count > 2) ? "many" : "few">', 'many'],
      ['<+v.count gt 2 and not (v.env eq "dev")>', 'true'],
      ['<+v.env =~ "p.*d" && v.env !~ "\\d+">', 'true'],
      ['<+v.env =^ "pr" && v.env !$ "x">', 'true'],
      ['<+empty v.env || size(v.list) == 2>', 'true'],
      ['<+null ?? "x"> <+"" ?: "y">', 'x y'],
      ['<+v.image.split(":")[1]>', '7.2'],
      ["<+v.tag.split('\\\\.')[1]>", '2'],
      ['<+<+v.env>.substring(<+<+v.env>.indexOf("o")>)>', 'od'],
      ['<+<+v.env>.replace("p", "<+v.count>")>', '3rod'],
      ['<+<+v.env>.contains(<+v.tag>)>', 'false'],
      ['<+["a", "b"].join("+")>', 'a+b'],
      ['<+7 mod 4 + 9 div 2>', '7'],
      ['<+20261122055415123 == "20261122055415123">', 'true'],
      ["<+'it\\'s \\u0041'>", "it's A"],
    ] as const)
      assert.deepEqual(read(written), [expected], written);
  });

  it('has holes where the run has to say', () => {
    assert.deepEqual(read('a <+out.x> b'), ['a ', { expression: variable('x') }, ' b']);
    assert.deepEqual(read('<+v.both>'), [
      {
        expression: {
          kind: 'text',
          parts: [{ kind: 'value', value: 'redis:7.2/' }, variable('a')],
        },
      },
    ]);
    assert.deepEqual(read('<+out.x.contains("<+v.env>")>'), [
      {
        expression: {
          kind: 'call',
          of: variable('x'),
          method: 'contains',
          arguments: [{ kind: 'value', value: 'prod' }],
        },
      },
    ]);
    assert.deepEqual(read('<+secrets.getValue("org.pg")>'), [
      { expression: variable('secret org.pg') },
    ]);
  });

  it('is asked whether it may hold expressions, and whether it is known', () => {
    assert.equal(hasExpressions('a <+b>'), true);
    assert.equal(hasExpressions('a < +b>'), false);
    assert.equal(known(['a', 'b']), 'ab');
    assert.equal(known(['a', { variable: 'B' }]), undefined);
  });
});

describe('an expression that is wrong', () => {
  it('is told at its place, in words', () => {
    for (const [written, ...expected] of [
      ['a <+v.nope> b', 'v.nope: there is no `v.nope`'],
      ['<+v.<+v.nope>.x>', 'v.nope: there is no `v.nope`'],
      ['<+v.nope + nope.x>', 'v.nope: there is no `v.nope`', 'nope.x: there is no `nope.x`'],
      ['<+v.nope.contains("x")>', 'v.nope: there is no `v.nope`'],
      [
        '<+secrets.getValue("none")>',
        'secrets.getValue("none"): there is no such secret (give it)',
      ],
      ['x <+> y', ': an expression is empty'],
      ['<+v.tag = "x">', '=: `=` is no operator (write `==` to compare)'],
      ['<+v.tag & v.env>', '&: `&` is no operator (write `&&`)'],
      ['<+v.tag == >', ' : no value stands behind `==`'],
      [
        '<+v.tag v.env>',
        'v.tag v.env: two values stand side by side, with no operator between them',
      ],
      ['<+("x">', '": `(` is not closed'],
      ['<+"x>', 'x: a quote is not closed'],
      ['<+v.>', '.: an expression ends too early'],
      ['<+exec("ls")>', 'exec("ls"): there are no functions, only methods of values'],
      [
        '<+v.tag.trimm()>',
        '<+v.tag.trimm()>: no value has a method `trimm` (did you mean `trim`?)',
      ],
      ['<+v.tag.getClass()>', '<+v.tag.getClass()>: no value has a method `getClass`'],
      ['<+v.tag.trim(1)>', '<+v.tag.trim(1)>: `trim` takes no arguments, and has 1'],
      ['<+1 / 0>', '<+1 / 0>: `/` divides by zero'],
      ['<+v.broken>', 'v.broken: in `v.broken`: there is no `v.nope`'],
      ['<+"x".repeat(999999)>', '<+"x".repeat(999999)>: it comes to more than 256 KB'],
      [
        '<+secrets.getValue(out.a)>',
        '<+secrets.getValue(out.a)>: the name of a secret has to be known before the run begins',
      ],
    ] as const)
      assert.deepEqual(complaints(written), expected, written);
  });

  it('hears of names with hyphens', () => {
    assert.deepEqual(complaints('<+v.my-tag>'), [
      'v.my: there is no `v.my` (a name with a hyphen is asked for by `.get("a-b")`)',
      'tag: there is no `tag` (a name with a hyphen is asked for by `.get("a-b")`)',
    ]);
  });

  it('is named with the way when it leads back to itself', () => {
    assert.deepEqual(complaints('<+v.self>'), [
      'v.self: in `v.self`: it leads back to itself: v.self → v.self',
    ]);
    assert.deepEqual(complaints('x <+v.one>'), [
      'v.one: in `v.two`: it leads back to itself: v.one → v.two → v.one',
    ]);
  });

  it('is refused before texts that hold each other twice fill the memory', () => {
    const doubling: Scope = {
      lookup: ([, name]) => {
        const level = Number(name);
        const text = level === 0 ? 'x'.repeat(100) : `<+v[${level - 1}]><+v[${level - 1}]>`;
        return { kind: 'written', text, key: `v.${level}` };
      },
      secret: () => ({ kind: 'unknown', problem: 'none' }),
    };
    const told: string[] = [];
    toText('<+v[40]>', doubling, (_at, _length, problem) => told.push(problem));
    assert.ok(told.length > 0 && told.length < 40);
    assert.match(told[0]!, /with its expressions it is more than 256 KB/);
  });
});

describe('a condition', () => {
  const is = (written: string, expected: Expression): void => {
    const { told, tell } = listen(written);
    assert.deepEqual(toExpression(written, scope(), tell), expected, written);
    assert.deepEqual(told, [], written);
  };
  const yes: Expression = { kind: 'value', value: true };

  it('is one expression, with `<+…>` around it, in it, or none', () => {
    is('<+v.env> == "prod"', yes);
    is('<+v.env == "prod">', yes);
    is('v.env == "prod"', yes);
    is('<+v.count> > 2 && <+v.count> >= 3', yes);
    is('<+v.flag>', { kind: 'value', value: 'true' });
    is('<+out.x>', variable('x'));
    is('<+out.x> == "<+v.env>"', {
      kind: 'binary',
      operator: '==',
      left: variable('x'),
      right: { kind: 'value', value: 'prod' },
    });
    is('<+v.env> == "dev" && <+out.x> == "1"', { kind: 'value', value: false });
  });

  it('is told when it is none', () => {
    assert.deepEqual(complaints('', toExpression), [': an expression is empty']);
    assert.deepEqual(complaints('<+v.env> = "x"', toExpression), [
      '=: `=` is no operator (write `==` to compare)',
    ]);
    assert.deepEqual(complaints('<+v.nope> == 1', toExpression), ['v.nope: there is no `v.nope`']);
  });
});

describe('any text', () => {
  const runs = { numRuns: 3_000 };
  const pieces = fc.constantFrom(
    ...[
      '<+',
      '>',
      'v',
      '.',
      'tag',
      'self',
      'both',
      'out',
      '(',
      ')',
      '[',
      ']',
      '"',
      "'",
      '\\',
      ' ',
      '\n',
      '==',
    ],
    ...[
      '?',
      ':',
      '!',
      '-',
      '+',
      '$',
      '\ue000',
      '\uf8ff',
      'secrets.getValue',
      'get',
      'size',
      'not',
      'and',
      '1',
      ',',
    ],
    ...[
      '__proto__',
      'constructor',
      'toString',
      '<+v.tag>',
      '<+v.env == "x">',
      ';',
      '`',
      '{',
      '}',
      'é',
      '😀',
    ],
  );
  const junk = fc.array(pieces, { maxLength: 20 }).map((all) => all.join(''));

  it('without `<+` is itself', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), junk), (any) => {
        const written = any.replaceAll('<+', '');
        if (hasExpressions(written)) return;
        assert.deepEqual(
          toText(written, scope(), (_at, _length, problem) => assert.fail(problem)),
          [written],
        );
      }),
      runs,
    );
  });

  it('is read, with every mistake at a place in it', () => {
    fc.assert(
      fc.property(junk, (written) => {
        const { tell } = listen(written);
        const text = toText(written, scope(), tell);
        const expression = toExpression(written, scope(), tell);
        assert.deepEqual(JSON.parse(JSON.stringify([text, expression])), [text, expression]);
      }),
      runs,
    );
  });

  it('keeps everything around its expressions', () => {
    const plain = fc.string({ unit: fc.constantFrom('a', '<', '>', ' ', '"', '$', '(', '\n') });
    fc.assert(
      fc.property(fc.array(plain, { minLength: 2, maxLength: 5 }), (around) => {
        assert.deepEqual(read(around.join('<+v.tag>')), [around.join('7.2')]);
      }),
      runs,
    );
  });
});

it('is read in time that grows with its length', () => {
  for (const junk of ['<+', '<+(', '<+"', '<+a>', '<+a.b(', "<+'>", '<+[<+a>', '>'])
    toText(junk.repeat(50_000), scope(), () => {});
  for (const junk of ['!', '(', '-', 'a?', '[', 'a+', 'a.', '"a"+', 'not ', 'a(', '<+'])
    toExpression(junk.repeat(8_000), scope(), () => {});
});
