import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { renderDiagnostics } from '../dialect/common/render.ts';
import { toSource } from '../dialect/common/source.ts';
import { readConfigSource } from './read-config.ts';
import { Veil } from './veil.ts';

const read = (text: string) => readConfigSource(toSource('.cixconfig', text), new Veil());

/** All that is shown of what is wrong with it. */
function shown(text: string): string {
  const { diagnostics, shown: source } = read(text);
  return renderDiagnostics(diagnostics, () => source, { color: false, width: 100 });
}

describe('a configuration file', () => {
  it('is read as YAML and as JSON, values as they are written', () => {
    const yaml = `---
pipelines: [cix.yaml, build/test.yaml]
plugins: [plugin.yaml]
environment: {FOO: foo, VERSION: 1.10, OFF: false, NONE: "", spring.profiles: ci}
secrets:
  BAZ: baz
prompted-secrets: [QUX, 1st-key]
logging: {mode: files, path: cix-logs}
`;
    const config = {
      pipelines: ['cix.yaml', 'build/test.yaml'],
      plugins: ['plugin.yaml'],
      environment: new Map([
        ...([
          ['FOO', 'foo'],
          ['VERSION', '1.10'],
          ['OFF', 'false'],
          ['NONE', ''],
          ['spring.profiles', 'ci'],
        ] as const),
      ]),
      secrets: new Map([['BAZ', 'baz']]),
      promptedSecrets: ['QUX', '1st-key'],
      logging: { mode: 'files', path: 'cix-logs' },
    };
    assert.deepEqual(read(yaml), { ...read(yaml), config, diagnostics: [] });
    const json = '{\n\t"environment": {\n\t\t"FOO": "foo"\n\t},\n\t"secrets": {"BAZ": "baz"}\n}\n';
    const { environment, secrets } = read(json).config;
    assert.deepEqual([environment?.get('FOO'), secrets?.get('BAZ')], ['foo', 'baz']);
  });

  it('may say nothing', () => {
    for (const text of ['', '# nothing yet\n', '---\n\n', '{}']) {
      assert.deepEqual(read(text).diagnostics, []);
      assert.deepEqual(read(text).config, {});
    }
  });

  it('is told everything that is wrong with it, with its place and the nearest right word', () => {
    const text = shown(`pipeline: cix.yaml
enviroment: {FOO: foo}
environment: {A B: x, B: [y]}
prompted-secrets: QUX
logging: {mode: consol}
`);
    for (const line of [
      /^\.cixconfig:1:1 .*unknown key `pipeline`\n[^]*did you mean `pipelines`/,
      /^\.cixconfig:2:1 .*unknown key `enviroment`\n[^]*did you mean `environment`/m,
      /^\.cixconfig:3:15 .*`environment` must be the name of a variable/m,
      /^\.cixconfig:3:26 .*`environment\.B` must be a text, not a list/m,
      /^\.cixconfig:4:19 .*`prompted-secrets` must be a list of names/m,
      /^\.cixconfig:5:17 .*`logging\.mode` must be[^]*did you mean `console`/m,
    ])
      assert.match(text, line);
  });

  it('shows nothing of its secrets, whatever is wrong with it', () => {
    const secret = 'hunter2-and-rather-a-long-one-of-that-kind';
    for (const text of [
      `secrets: ${secret}\n`,
      `secrets: {A: {B: ${secret}}}\n`,
      `secrets: [${secret}]\n`,
      `secrets:\n  A B: ${secret}\n`,
      `secrets: {A: ${secret}}\nlogging: ${secret}\n`,
      `secrets: {A: *${secret}}\n`,
      `secrets:\n  A: "${secret}\nlogging: {}\n`,
      `secrets:\n  A: ${secret}: x\n`,
      `secrets: {A: '${secret}}\n`,
      `{\n  "secrets": {\n    "A": "${secret}",\n    "A": "${secret}"\n  }\n}\n`,
      `{"environment": {}, "secrets": {"A": "x" ${secret} }}\n`,
    ]) {
      const told = shown(text);
      assert.match(told, /\.cixconfig:\d+:\d+ {2}error/, text);
      assert.doesNotMatch(told, /hunter2/, `${text}\n${told}`);
    }
  });

  it('still shows what stands beside its secrets', () => {
    assert.match(
      shown('secrets:\n  A: hunter2\nloging: {}\n'),
      /:3:1 .*unknown key `loging`\n +3 │ loging: \{\}\n/,
    );
  });
});
