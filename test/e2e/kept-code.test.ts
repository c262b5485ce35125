import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const root = join(import.meta.dirname, '..', '..');
const quickstart = join(root, 'examples', 'quickstart.yaml');

const isRoot = process.getuid?.() === 0;

/** A cache folder of its own, and runs of Continuo that know no other. */
class Cache implements Disposable {
  readonly #home = mkdtempSync(join(tmpdir(), 'continuo-cache-'));
  readonly folder = join(this.#home, 'continuo');

  run(...args: string[]) {
    return this.runWith({}, ...args);
  }

  runWith(more: Readonly<Record<string, string>>, ...args: string[]) {
    const env = { PATH: process.env['PATH'], XDG_CACHE_HOME: this.#home, ...more };
    const argv = [join(root, 'bin', 'continuo.js'), ...args];
    return spawnSync(process.execPath, argv, { encoding: 'utf8', env });
  }

  files(): string[] {
    return existsSync(this.folder) ? readdirSync(this.folder).sort() : [];
  }

  changed(file: string): number {
    return statSync(join(this.folder, file)).mtimeMs;
  }

  [Symbol.dispose](): void {
    rmSync(this.#home, { recursive: true });
  }
}

describe('the programs in bin', () => {
  it('keep what was compiled of each command while it ran, for the next time', () => {
    using cache = new Cache();
    assert.equal(cache.run('validate', quickstart).status, 0);
    const kept = cache.files();
    assert.ok(kept.length > 2);
    for (const file of kept) assert.match(file, /^v[\d.]+-\w+-continuo-validate-/);
    const before = kept.map((file) => cache.changed(file));
    assert.equal(cache.run('validate', quickstart).status, 0);
    assert.deepEqual(cache.files(), kept);
    // What was kept was taken, since it was not written anew.
    assert.deepEqual(
      kept.map((file) => cache.changed(file)),
      before,
    );
    assert.equal(cache.run('--version').status, 0);
    assert.ok(cache.files().some((file) => file.includes('-continuo-help-main.js-')));
  });

  it('keep nothing of a command that never began, or where nobody wants it', () => {
    using cache = new Cache();
    assert.equal(cache.run('validate', 'nowhere.yaml').status, 2);
    assert.equal(cache.run('validate', '--nothing').status, 2);
    const { status } = cache.runWith({ NODE_DISABLE_COMPILE_CACHE: '1' }, 'validate', quickstart);
    assert.equal(status, 0);
    assert.deepEqual(cache.files(), []);
  });

  it(
    'keep nothing where the folder is somebody else’s, nor read what is in it',
    { skip: !isRoot },
    () => {
      using cache = new Cache();
      const { stdout } = cache.run('validate', quickstart);
      const [first] = cache.files().map((file) => join(cache.folder, file)) as [string];
      writeFileSync(first, 'poison');
      chownSync(cache.folder, 54_321, 54_321);
      assert.equal(cache.run('validate', quickstart).stdout, stdout);
      assert.equal(readFileSync(first, 'utf8'), 'poison');
    },
  );

  it('run without a home, and where the cache folder is no absolute path', () => {
    using cache = new Cache();
    for (const env of [{ XDG_CACHE_HOME: 'cache' }, { XDG_CACHE_HOME: '', HOME: '/nowhere' }]) {
      const { status, stderr } = cache.runWith(env, 'validate', quickstart);
      assert.equal(status, 0, stderr);
    }
    assert.ok(!existsSync('cache'));
  });

  it('run as a user whom no list of users knows, and who has no home', (test) => {
    const program = join(root, 'bin', 'continuo.js');
    const nobody = { ...{ uid: 54_321, gid: 54_321, cwd: '/' }, encoding: 'utf8' } as const;
    const reads = isRoot && spawnSync('cmp', [program, program], nobody).status === 0;
    if (!reads) {
      test.skip('this needs root, and a checkout that others can read');
      return;
    }
    const env = { PATH: process.env['PATH'] };
    const { status, stderr } = spawnSync(process.execPath, [program, '--version'], {
      ...nobody,
      env,
    });
    assert.equal(status, 0, stderr);
  });

  it('do without compiled code that is not whole, or of another Node, and write it anew', () => {
    using cache = new Cache();
    const { stdout } = cache.run('validate', quickstart);
    const kept = cache.files();
    const [first, second] = kept.map((file) => join(cache.folder, file)) as [string, string];
    writeFileSync(first, '');
    writeFileSync(second, readFileSync(second).fill(7, 0, 16));
    assert.equal(cache.run('validate', quickstart).stdout, stdout);
    for (const file of [first, second]) assert.notEqual(readFileSync(file).subarray(0, 16)[0], 7);
    assert.ok(readFileSync(first).length > 0);
    assert.deepEqual(cache.files(), kept);
  });

  it('take away what versions of long ago have left', () => {
    using cache = new Cache();
    const old = join(cache.folder, 'v24.12.0-x64-abcdef');
    mkdirSync(old, { recursive: true });
    writeFileSync(join(old, 'code'), '');
    utimesSync(old, 0, 0);
    writeFileSync(join(cache.folder, 'of-today'), '');
    assert.equal(cache.run('--version').status, 0);
    assert.ok(!existsSync(old));
    assert.ok(existsSync(join(cache.folder, 'of-today')));
  });

  it('are ASCII where every command loads them: anything else doubles what is read', () => {
    const parts = readdirSync(join(root, 'dist')).filter((file) => file.startsWith('chunk-'));
    const read = (file: string): string => readFileSync(join(root, 'dist', file), 'utf8');
    const longest = parts.reduce((a, b) => (read(a).length > read(b).length ? a : b));
    for (const file of [longest, 'main.js', 'cix.js'])
      assert.doesNotMatch(read(file), /[^\0-\x7f]/, file);
  });
});
