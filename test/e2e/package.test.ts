import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');

/** As a project elsewhere has it: with our Node, and with nothing of this checkout in reach. */
describe('the published package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'continuo-package-'));
  const project = join(folder, 'project');
  const env = {
    PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
    HOME: folder,
    TMPDIR: tmpdir(),
    LANG: 'C.UTF-8',
    CONTINUO_TEST_RUN: process.env['CONTINUO_TEST_RUN'],
    // npm keeps its own compiled code in the temporary folder, unless told where.
    NODE_COMPILE_CACHE: join(folder, 'compiled'),
    npm_config_cache: join(folder, 'npm'),
    npm_config_update_notifier: 'false',
  };
  const npm = (cwd: string, ...args: string[]) => run('npm', args, { cwd, env });
  const continuo = (...args: string[]) =>
    run('npx', ['--offline', 'continuo', ...args], { cwd: project, env });
  let files: string[];

  before(async () => {
    // The build is there already, and other tests are using it.
    const { stdout } = await npm(
      root,
      ...['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
    );
    const [packed] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
    files = packed.files.map(({ path }) => path);
    cpSync(join(root, 'examples'), join(project, 'examples'), { recursive: true });
    writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }');
    await npm(
      project,
      'install',
      '--offline',
      '--no-audit',
      '--no-fund',
      join(folder, packed.filename),
    );
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('holds what is needed to run it, and to know its terms', () => {
    const outside = files.filter((path) => !path.startsWith('dist/'));
    assert.deepEqual(outside.sort(), [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'bin/cix.js',
      'bin/continuo.js',
      'bin/kept-code.js',
      'bin/launch.js',
      'bin/package.json',
      'package.json',
    ]);
    for (const path of ['main.js', 'cix.js', 'watchdog.js', 'THIRD_PARTY_LICENSES.txt'])
      assert.ok(files.includes(`dist/${path}`), path);
  });

  it('names every package that is bundled, with its licence', () => {
    const path = join(project, 'node_modules/continuo/dist/THIRD_PARTY_LICENSES.txt');
    const text = readFileSync(path, 'utf8');
    for (const name of ['commander', 'react', 'react-dom', 'yaml', 'zod'])
      assert.match(text, new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\((MIT|ISC)\\)$`, 'm'));
  });

  it('needs no other package', () => {
    const lock = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8')) as {
      packages: object;
    };
    assert.deepEqual(Object.keys(lock.packages), ['', 'node_modules/continuo']);
  });

  it('tells its version', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      version: string;
    };
    assert.equal((await continuo('--version')).stdout, `${version}\n`);
  });

  it('runs under the name of CIX as well', async () => {
    const args = ['--offline', 'cix', 'validate', '-y', 'examples/quickstart.yaml'];
    const { stdout } = await run('npx', args, { cwd: project, env });
    assert.match(stdout, /^examples\/quickstart\.yaml: valid, /);
  });

  it('runs the quickstart', async () => {
    // Another port than the test of the examples takes, which may run at the same time.
    const file = join(project, 'examples/quickstart.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('17810', '17811'));
    const { stdout } = await continuo('exec', 'examples/quickstart.yaml');
    assert.match(stdout, /work +│ 2 pears are packed/);
    assert.match(stdout, /succeeded after/);
  });
});
