import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { imageOf } from '../../test/images/images.ts';
import { docker, dockerSuite, engineAddress } from '../../test/rig/docker.ts';
import { FaultProxy } from '../../test/rig/fault-proxy.ts';
import { toSource } from '../dialect/common/source.ts';
import { openPlugins } from './plugins.ts';

import type { Result } from '../base/result.ts';
import type { Diagnostic } from '../dialect/common/diagnostic.ts';
import type { Source } from '../dialect/common/source.ts';
import type { PluginsWorld } from './plugins.ts';

/** What a plugin of this preprocessor makes of a text. */
async function preprocessed(
  preprocessor: string,
  text: string,
  { signal, ...world }: Partial<PluginsWorld> & { readonly signal?: AbortSignal } = {},
): Promise<Result<Source, Diagnostic>> {
  const dir = mkdtempSync(join(tmpdir(), 'continuo-plugins-'));
  try {
    const file = join(dir, 'talk.yaml');
    writeFileSync(file, `version: 2.4\nkind: Plugin\npreprocessor: ${preprocessor}\n`);
    const opened = await openPlugins([file], {
      env: process.env,
      cwd: dir,
      leasesDir: join(dir, 'leases'),
      said: () => undefined,
      warn: (warning) => assert.fail(warning),
      ...world,
    });
    assert.ok(opened.ok, JSON.stringify(opened));
    const wanted = signal ?? new AbortController().signal;
    return await opened.value(toSource('pipeline.yaml', text), wanted);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

const textOf = (made: Result<Source, Diagnostic>): string => {
  assert.ok(made.ok, JSON.stringify(made));
  return made.value.text;
};

const messageOf = (made: Result<Source, Diagnostic>): string => {
  assert.ok(!made.ok);
  return made.failure.message;
};

/** Much more than a pipe holds, and longer by one character in UTF-8 than in UTF-16. */
const long = `é${'0123456789abcde\n'.repeat(100_000)}no newline at the end`;

test('a preprocessor that does not end is ended when its time is over', async () => {
  const endless = '{commands: ["echo waiting for you >&2", sleep 2001]}';
  const made = await preprocessed(endless, '', { timeoutMs: 300 });
  assert.equal(messageOf(made), "plugin 'talk' had not ended after 0.3s, and was ended");
});

test('no preprocessor is started once nobody wants its text', async () => {
  const made = await preprocessed('{commands: [cat]}', '', { signal: AbortSignal.abort() });
  assert.equal(messageOf(made), "plugin 'talk' was ended because it is no longer wanted");
});

test('a command gets a text of any length as it is, and gives one so', async () => {
  assert.equal(textOf(await preprocessed('{command: [cat]}', long)), long);
});

test('a command need not read what it gets', async () => {
  assert.equal(
    textOf(await preprocessed('{command: [echo, a  b, "$HOME;"]}', long)),
    'a  b $HOME;\n',
  );
});

test('the text knows who has made it', async () => {
  const made = await preprocessed('{command: [cat]}', 'a');
  assert.deepEqual(made.ok && made.value.preprocessedBy, ['talk']);
});

dockerSuite('a preprocessor in a container', () => {
  const shell = `{image: ${imageOf('busybox')}}`;

  test('gets a text of any length as it is, and gives one so', async () => {
    const script = `cat <<'END'\n${long}\nEND\n`;
    assert.equal(textOf(await preprocessed(shell, script)), `${long}\n`);
  });

  test('is read to its end although every connection to the engine breaks while it runs', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'continuo-proxy-'));
    const socketPath = join(folder, 'proxy');
    await using proxy = await FaultProxy.start({ socketPath }, engineAddress);
    const made = await preprocessed(shell, 'echo one; echo up >&2; sleep 1; echo two', {
      env: { ...process.env, DOCKER_HOST: `unix://${socketPath}` },
      said: () => proxy.breakConnections(),
    });
    rmSync(folder, { recursive: true });
    assert.equal(textOf(made), 'one\ntwo\n');
  });

  test("is nobody's mistake when its engine ends before it", async () => {
    const folder = mkdtempSync(join(tmpdir(), 'continuo-proxy-'));
    const socketPath = join(folder, 'proxy');
    const proxy = await FaultProxy.start({ socketPath }, engineAddress);
    const warnings: string[] = [];
    let gone: Promise<void> | undefined;
    const made = await preprocessed(shell, 'echo up >&2; sleep 2001', {
      env: { ...process.env, DOCKER_HOST: `unix://${socketPath}` },
      said: () => {
        gone ??= proxy[Symbol.asyncDispose]();
      },
      warn: (warning) => warnings.push(warning),
      timeoutMs: 2_000,
    });
    await gone;
    rmSync(folder, { recursive: true });
    const started = proxy.requests.map((asked) => /containers\/(\w+)\/start/.exec(asked)?.[1]);
    await docker.getContainer(started.find((id) => id !== undefined)!).remove({ force: true });
    assert.equal(
      messageOf(made),
      "plugin 'talk' was lost: the container engine does not answer any more",
    );
    assert.equal(!made.ok && made.failure.reason, 'environment');
    assert.match(warnings.join('\n'), /^something may be left on the container engine for a while/);
  });

  test('that does not end is removed when its time is over', async () => {
    const made = await preprocessed(shell, 'sleep 2001', { timeoutMs: 1 });
    assert.equal(messageOf(made), "plugin 'talk' had not ended after 0.001s, and was ended");
  });
});
