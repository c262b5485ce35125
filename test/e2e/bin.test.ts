import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, it } from 'node:test';
import { runInNewContext } from 'node:vm';

const root = join(import.meta.dirname, '..', '..');
const bin = join(root, 'bin', 'continuo.js');
/** Each program, and what it ends with where it cannot run. */
const programs = [
  ['continuo', 2],
  ['cix', 5],
] as const;
const environment = { PATH: process.env['PATH'], XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'] };

/** What a program says and sets when it is run by a Node of this version. */
function runBy(version: string, name = 'continuo'): { stderr: string; exitCode: unknown } {
  let stderr = '';
  const process = {
    versions: { node: version },
    stderr: { write: (text: string) => (stderr += text) },
    argv: ['node', bin],
    exitCode: undefined,
  };
  // Somewhere without a dist beside it, so that it goes no further than it must.
  const __dirname = join(tmpdir(), 'nowhere', 'bin');
  const load = (file: string): unknown => {
    const path = join(root, 'bin', file);
    const source = readFileSync(path, 'utf8').replace(/^#!.*/, '');
    const plain = createRequire(path);
    const require = (wanted: string): unknown =>
      wanted.startsWith('./') ? load(wanted) : plain(wanted);
    const module = { exports: {} };
    runInNewContext(source, { process, require, module, __dirname });
    return module.exports;
  };
  load(`${name}.js`);
  return { stderr, exitCode: process.exitCode };
}

/** Node programs on the PATH that are too old for us. */
function oldNodes(): string[] {
  const found = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'node'));
  return found.filter((node) => {
    const { status, stdout } = spawnSync(node, ['-p', 'process.versions.node'], {
      encoding: 'utf8',
    });
    return status === 0 && Number(stdout.split('.')[0]) < 24;
  });
}

describe('the programs in bin', () => {
  for (const version of ['8.17.0', '20.20.2', '24.11.1']) {
    it(`refuse Node ${version} in one sentence`, () => {
      for (const [name, code] of programs) {
        const { stderr, exitCode } = runBy(version, name);
        assert.match(
          stderr,
          /^\w+: this is Node [\d.]+, and Node 24\.12 or newer is needed: .*\n$/,
        );
        assert.ok(stderr.startsWith(`${name}: this is Node ${version},`));
        assert.equal(exitCode, code);
      }
    });
  }

  for (const version of ['24.12.0', '24.21.0', '25.0.0', '26.1.0']) {
    it(`take Node ${version}`, () => assert.match(runBy(version).stderr, /not built yet/));
  }

  it('refuse a really old Node that this machine has', (t) => {
    const [node] = oldNodes();
    if (node === undefined) {
      t.skip('there is none');
      return;
    }
    const told = spawnSync(node, [bin, '--version'], { encoding: 'utf8', env: environment });
    assert.match(
      told.stderr,
      /^continuo: this is Node [\d.]+, and Node 24\.12 or newer is needed: .*\n$/,
    );
    assert.equal(told.stdout, '');
    assert.equal(told.status, 2);
  });

  it('say what to do in a checkout that is not built', () => {
    const folder = mkdtempSync(join(tmpdir(), 'continuo-unbuilt-'));
    try {
      cpSync(join(root, 'bin'), join(folder, 'bin'), { recursive: true });
      const told = spawnSync(process.execPath, [join(folder, 'bin', 'continuo.js')], {
        encoding: 'utf8',
        env: environment,
      });
      assert.match(told.stderr, /^continuo: this checkout is not built yet: run `npm run build`/);
      assert.equal(told.status, 2);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('start where compiled code cannot be kept', () => {
    const folder = mkdtempSync(join(tmpdir(), 'continuo-cache-'));
    const file = join(folder, 'not-a-folder');
    writeFileSync(file, '');
    try {
      for (const cache of [file, '/proc']) {
        const env = { ...environment, XDG_CACHE_HOME: cache };
        const args = [bin, '--version'];
        const told = execFileSync(process.execPath, args, {
          encoding: 'utf8',
          env,
          timeout: 20_000,
        });
        assert.match(told, /^\d+\.\d+\.\d+\n$/);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
