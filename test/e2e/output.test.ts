import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

import { Place } from '../rig/cli.ts';

const pipeline = (...commands: string[]): string =>
  `version: 2.1
pipeline:
  - step:
      name: talk
      commands-output: minimal
      commands:
${commands.map((command) => `        - ${JSON.stringify(command)}\n`).join('')}`;

/** The most memory a process has had, in MiB. Linux only. */
const peakMemory = (pid: number): number =>
  Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;

describe('what a step prints', () => {
  it('is kept in order, with its stream and a last line without newline', async () => {
    await using place = new Place();
    const told = await place.exec(pipeline('printf "a\\n\\nb"; printf "c" >&2'));
    assert.equal(told.code, 0);
    const outputs = await place.outputs();
    const of = (stream: string): string =>
      Buffer.concat(
        outputs.filter((one) => one.stream === stream).map(({ bytes }) => bytes),
      ).toString();
    assert.equal(of('stdout'), 'a\n\nb');
    assert.equal(of('stderr'), 'c');
    assert.match(told.stdout, /talk │ b\n/);
  });

  it('is kept byte by byte even when it is no text', async () => {
    await using place = new Place();
    const told = await place.exec(pipeline(`printf 'caf\\303\\251 \\377\\376 \\360\\237'`));
    assert.equal(told.code, 0);
    const [output] = await place.outputs();
    assert.deepEqual(
      output?.bytes,
      Buffer.from([0x63, 0x61, 0x66, 0xc3, 0xa9, 0x20, 0xff, 0xfe, 0x20, 0xf0, 0x9f]),
    );
    assert.match(told.stdout, /café \uFFFD/);
  });

  it('has its colours only where there are any', async () => {
    await using place = new Place();
    const yaml = pipeline(String.raw`printf '\033[31mred\033[0m\n'`);
    assert.match((await place.exec(yaml)).stdout, /talk │ red\n/);
    assert.ok((await place.exec(yaml, ['--color'])).stdout.includes('\u001B[31mred'));
    assert.ok(!(await place.exec(yaml, [], { NO_COLOR: '1' })).stdout.includes('\u001B'));
  });

  it('may be a line of 50 MB', async () => {
    await using place = new Place();
    const file = place.file(
      'p.yaml',
      pipeline('head -c 50000000 /dev/zero | tr "\\\\0" x; echo; sleep 0.5'),
    );
    const running = place.start(['exec', '--format', 'plain', file]);
    running.child.stdout?.resume();
    await running.printed(/x/);
    const told = await running.told;
    assert.equal(told.code, 0);
    const bytes = (await place.outputs()).reduce((sum, output) => sum + output.bytes.length, 0);
    assert.equal(bytes, 50_000_001);
  });

  it('may be 2 million lines, in bounded memory, on a console that is slower', async () => {
    await using place = new Place();
    const file = place.file('p.yaml', pipeline('seq 2000000', 'echo done'));
    const running = place.start(['exec', '--format', 'plain', file]);
    // Nobody reads: the pipe to us is full at once, and the step must not mind.
    running.child.stdout!.pause();
    let seen = 0;
    for (;;) {
      const outputs = await place.outputs();
      const last = outputs.at(-1)?.bytes.toString() ?? '';
      if (last.endsWith('done\n')) break;
      await new Promise((resolve) => {
        setTimeout(resolve, 100);
      });
    }
    assert.equal(running.hasEnded, false, 'the step has ended while the console lags behind');
    const peak = peakMemory(running.pid);
    running.child.stdout!.resume();
    const told = await running.told;
    assert.equal(told.code, 0);
    for (const [, line] of told.stdout.matchAll(/talk │ (\d+)\n/g))
      assert.equal(Number(line), ++seen);
    assert.equal(seen, 2_000_000);
    assert.ok(peak < 250, `${peak} MiB`);
  });
});

describe('secrets', () => {
  const secret = 'S3cr3t-Zw\u00f6lf!';

  it('are masked wherever they show up', async () => {
    await using place = new Place();
    const yaml = `version: 2.1
pipeline:
  - step:
      name: talk
      environment: [{name: TOKEN}]
      commands:
        - echo "plain $TOKEN"
        - printf '%s' "$TOKEN" | head -c 5; sleep 0.1; printf '%s\\n' "$TOKEN" | tail -c +6
        - printf '%s' "user:$TOKEN" | base64
        - node -p 'encodeURIComponent(process.env.TOKEN)'
        - node -p 'JSON.stringify(process.env.TOKEN)'
        - exit 1
`;
    const told = await place.exec(yaml, ['-s', 'TOKEN'], { TOKEN: secret });
    assert.equal(told.code, 1);
    const journal = await place.output('talk');
    for (const text of [told.stdout, told.stderr, journal, JSON.stringify(await place.events())]) {
      assert.ok(!text.includes(secret));
      assert.ok(!text.includes('S3cr3t'));
      assert.ok(!text.includes(encodeURIComponent(secret)));
      assert.ok(!text.includes(Buffer.from(`user:${secret}`).toString('base64').slice(8, 16)));
    }
    assert.match(journal, /plain \*{8}\n/);
  });

  it('that a step is repeated for are masked item by item', async () => {
    await using place = new Place();
    const yaml = `version: 2.1
pipeline:
  - step:
      name: talk
      for-each: $$TOKENS
      element-variable: TOKEN
      commands-output: minimal
      environment: [{name: TOKEN}]
      commands: ['echo "it is $TOKEN."']
`;
    const env = { TOKENS: 'first-one,second-one' };
    const told = await place.exec(yaml, ['-s', 'TOKENS'], env);
    assert.equal(told.code, 0, told.stderr);
    assert.doesNotMatch(told.stdout, /first-one|second-one/);
    assert.doesNotMatch(JSON.stringify(await place.events()), /first-one|second-one/);
    assert.equal(await place.output('talk-2'), 'it is ********.\n');
  });

  it('come from the environment, the command line, and standard input', async () => {
    await using place = new Place();
    const yaml = `version: 2.1
pipeline:
  - step:
      name: talk
      environment: [{name: A}, {name: B}]
      commands: ['test "$A" = one-one', 'test "$B" = two-two', 'echo "$A $B"']
`;
    const file = place.file('p.yaml', yaml);
    const shown = async (args: string[], input: string): Promise<string> => {
      const running = place.start(['exec', ...args, file], { A: 'one-one', B: 'two-two' });
      running.child.stdin!.end(input);
      const told = await running.told;
      assert.equal(told.code, 0, told.stdout + told.stderr);
      return place.output('talk');
    };
    assert.match(await shown(['-s', 'A', '-s', 'B=two-two'], ''), /\*{8} \*{8}\n/);
    assert.match(await shown(['--secret-stdin', 'B'], 'two-two\n'), /one-one \*{8}\n/);
    assert.match(
      await shown(['--secrets-stdin'], '{"A": "one-one", "B": "two-two"}'),
      /\*{8} \*{8}\n/,
    );
  });

  it('do not reach a step that does not name them', async () => {
    await using place = new Place();
    const told = await place.exec(
      pipeline('env | sort'),
      ['-s', 'TOKEN=hidden-value', '-e', 'PLAIN=x'],
      {
        FROM_OUTSIDE: 'x',
      },
    );
    assert.equal(told.code, 0);
    assert.match(told.stderr, /process list/);
    const names: string[] = (await place.output('talk')).match(/^\w+(?==)/gm) ?? [];
    assert.ok(names.includes('PATH'));
    for (const name of ['TOKEN', 'PLAIN', 'FROM_OUTSIDE']) assert.ok(!names.includes(name), name);
  });

  it('are asked for on a terminal only', async () => {
    await using place = new Place();
    const told = await place.exec(pipeline('true'), ['--secret-prompt', 'TOKEN']);
    assert.equal(told.code, 2);
    assert.match(told.stderr, /TOKEN.*no terminal.*--secret-stdin/);
  });
});
