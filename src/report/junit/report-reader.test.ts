import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempDisposableSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';

import { reportReader } from './report-reader.ts';

import type { ReadReports, ReportsRead } from '../../event/tests.ts';

const xml = (...names: string[]): string =>
  `<testsuite name="s">${names.map((name) => `<testcase name="${name}" time="0.5"/>`).join('')}</testsuite>`;

/** A workspace whose files were all written at time 100,000. */
class Workspace implements Disposable {
  readonly #dir = mkdtempDisposableSync(join(tmpdir(), 'continuo-reports-'));
  readonly read: ReadReports;

  constructor() {
    this.read = reportReader({ workspace: this.dir, home: join(this.dir, 'home') });
  }

  get dir(): string {
    return this.#dir.path;
  }

  put(name: string, text: string | Buffer = xml('a'), writtenMs = 100_000): void {
    const path = join(this.dir, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    utimesSync(path, writtenMs / 1_000, writtenMs / 1_000);
  }

  ask(patterns: string[], task = 'unit', sinceMs = 100_000): Promise<ReportsRead> {
    return this.read({ task, patterns, sinceMs, signal: new AbortController().signal });
  }

  [Symbol.dispose](): void {
    this.#dir.remove();
  }
}

const filesOf = ({ files }: ReportsRead): string[] => files.map(({ file }) => file);

describe('001-44, 001-46 the reports that a task has written', () => {
  it('are found by patterns, by `~` and by absolute paths', async () => {
    using place = new Workspace();
    for (const name of ['a/x.xml', 'a/b/y.xml', 'z.xml', 'home/h.xml', 'c/n[1].xml'])
      place.put(name);
    const found = async (...patterns: string[]) => {
      const read = reportReader({ workspace: place.dir, home: join(place.dir, 'home') });
      const { signal } = new AbortController();
      const { files, warnings } = await read({ task: 't', patterns, sinceMs: 100_000, signal });
      assert.deepEqual(warnings, []);
      return files.map(({ file }) => file);
    };
    assert.deepEqual(await found('a/**/*.xml'), ['a/b/y.xml', 'a/x.xml']);
    assert.deepEqual(await found('?.xml', 'a/[xy].xml'), ['z.xml', 'a/x.xml']);
    assert.deepEqual(await found('~/*.xml'), ['home/h.xml']);
    assert.deepEqual(await found(join(place.dir, 'z.xml')), ['z.xml']);
    assert.deepEqual(await found('c/n[1].xml'), ['c/n[1].xml']);
  });

  it('are named by their whole path outside of the workspace', async () => {
    using place = new Workspace();
    using other = new Workspace();
    other.put('o.xml');
    const path = join(other.dir, 'o.xml');
    assert.deepEqual(filesOf(await place.ask([path])), [path]);
  });

  it('are none that were there before it began, nor any that are not there', async () => {
    using place = new Workspace();
    place.put('old.xml', xml('a'), 99_000);
    place.put('new.xml');
    assert.deepEqual(await place.ask(['*.xml']).then(filesOf), ['new.xml']);
    const { files, warnings } = await place.ask(['old.xml', 'no/*.xml']);
    assert.deepEqual(files, []);
    assert.deepEqual(warnings, [
      "it has not written its reports 'old.xml': old.xml was there before",
      "there is no report 'no/*.xml'",
    ]);
  });

  it('001-45 count once, whichever patterns or tasks name them, until written anew', async () => {
    using place = new Workspace();
    place.put('a.xml');
    place.put('b.xml');
    const first = await place.ask(['*.xml', 'a.xml']);
    assert.deepEqual(filesOf(first), ['a.xml', 'b.xml']);
    assert.deepEqual(first.warnings, ['several patterns name a.xml: counted once']);
    const second = await place.ask(['*.xml'], 'other');
    assert.deepEqual(second, {
      files: [],
      warnings: ['other tasks wrote a.xml and b.xml: counted there'],
    });
    place.put('a.xml', xml('a', 'b'), 200_000);
    assert.deepEqual(filesOf(await place.ask(['a.xml'], 'other', 200_000)), ['a.xml']);
  });

  it('are told of by name when they cannot be read, and the others are read', async () => {
    using place = new Workspace();
    place.put('bad.xml', '<testsuite>');
    place.put('big.xml', Buffer.alloc(16_000_001));
    place.put('good.xml');
    place.put('page.xml', '<html/>');
    mkdirSync(join(place.dir, 'folder.xml'));
    const read = await place.ask(['*.xml']);
    assert.deepEqual(filesOf(read), ['good.xml']);
    assert.match(read.warnings[0]!, /^report bad\.xml does not count: it is broken XML at line 1/);
    assert.match(
      read.warnings[1]!,
      /^report big\.xml does not count: it has 16.0 MB, more than 16.0 MB/,
    );
    assert.match(read.warnings[2]!, /^report page\.xml does not count: it is no JUnit file/);
    assert.equal(read.warnings.length, 3);
  });

  it('are told of by number when very many cannot be read', async () => {
    using place = new Workspace();
    for (let n = 0; n < 12; n++) place.put(`bad${n}.xml`, '<a>');
    const { warnings } = await place.ask(['*.xml']);
    assert.equal(warnings.length, 6);
    assert.equal(warnings.at(-1), '7 more reports do not count');
  });

  it('are none when nobody wants to know any more', async () => {
    using place = new Workspace();
    place.put('a.xml');
    const asked = { task: 'unit', patterns: ['*.xml', 'b.xml'], sinceMs: 100_000 };
    const read = await place.read({ ...asked, signal: AbortSignal.abort() });
    assert.deepEqual(read, { files: [], warnings: [] });
  });

  it('are read in the encoding that they have', async () => {
    using place = new Workspace();
    const text =
      '<?xml version="1.0" encoding="ISO-8859-1"?><testsuite><testcase name="grün"/></testsuite>';
    place.put('latin.xml', Buffer.from(text, 'latin1'));
    place.put('wide.xml', Buffer.from(`\ufeff${xml('grün')}`, 'utf16le'));
    const { files } = await place.ask(['*.xml']);
    assert.deepEqual(
      files.map(({ cases }) => cases[0]?.name),
      ['grün', 'grün'],
    );
  });

  it('are counted in full, and kept as far as there is room: what broke before the rest', async () => {
    using place = new Workspace();
    const failed = `<testcase name="bad"><failure>${'x'.repeat(9_000)}</failure></testcase>`;
    const many = Array.from({ length: 6_000 }, (_, n) => `t${n}`);
    place.put('many.xml', xml(...many).replace('</testsuite>', `${failed}</testsuite>`));
    place.put('next.xml');
    const [read, next] = (await place.ask(['*.xml'])).files;
    assert.deepEqual(read?.counts, {
      passed: 6_000,
      failed: 1,
      skipped: 0,
      error: 0,
      seconds: 3_000,
    });
    assert.equal(read.cases.length, 5_000);
    assert.deepEqual([read.cases.at(-1)?.name, read.cases.at(-1)?.message?.length], ['bad', 4_096]);
    assert.deepEqual([next?.counts.passed, next?.cases], [1, []]);
  });
});

describe('a report that takes long to be read', () => {
  const many = xml(...Array.from({ length: 30_000 }, (_, nth) => `does thing ${nth}`));

  it('holds nothing up meanwhile: lines still come and go', async () => {
    using place = new Workspace();
    place.put('big.xml', many);
    await using child = new Echo();
    const meanwhile = Promise.withResolvers<string>();
    process.once('worker', (thread) => {
      thread.once('online', () => void child.say('still here').then(meanwhile.resolve));
      thread.once('message', () => meanwhile.resolve('nothing was heard before the end'));
    });
    const read = place.ask(['big.xml']);
    void read.then(() => meanwhile.resolve('there was no thread'));
    assert.equal(await meanwhile.promise, 'still here');
    const { files, warnings } = await read;
    assert.deepEqual([files[0]?.counts.passed, warnings], [30_000, []]);
  });

  it('is read no further when nobody wants it any more', async () => {
    using place = new Workspace();
    place.put('big.xml', many);
    const wanted = new AbortController();
    const ended = Promise.withResolvers<number>();
    process.once('worker', (thread) => {
      thread.once('online', () => wanted.abort());
      thread.once('exit', ended.resolve);
    });
    const { signal } = wanted;
    const read = await place.read({ task: 't', patterns: ['big.xml'], sinceMs: 100_000, signal });
    assert.deepEqual(read, { files: [], warnings: [] });
    assert.equal(await ended.promise, 1);
  });
});

/** A process that says again what it is told. */
class Echo implements AsyncDisposable {
  readonly #child = spawn('cat', { stdio: ['pipe', 'pipe', 'inherit'] });

  async say(line: string): Promise<string> {
    this.#child.stdin.write(line);
    const [heard] = (await once(this.#child.stdout, 'data')) as [Buffer];
    return heard.toString();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin.end();
    await once(this.#child, 'close');
  }
}
