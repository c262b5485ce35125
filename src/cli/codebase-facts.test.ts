import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';

import { codebaseFacts } from './codebase-facts.ts';

it('Git says what the codebase is, without the password of its address', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'continuo-codebase-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=Ada', '-c', 'user.email=a@b.c', ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  git('init', '-b', 'trunk');
  git('commit', '--allow-empty', '-m', 'first');
  git('tag', 'v1');
  git('remote', 'add', 'origin', 'https://ada:hunter2@example.com/shop.git');
  const commit = git('rev-parse', 'HEAD').trim();
  assert.deepEqual(Object.fromEntries(await codebaseFacts(folder)), {
    'codebase.branch': 'trunk',
    'codebase.tag': 'v1',
    'codebase.commitSha': commit,
    'codebase.shortCommitSha': commit.slice(0, 7),
    'codebase.repoUrl': 'https://example.com/shop.git',
    'codebase.gitUser': 'Ada',
    'codebase.build.type': 'branch',
  });
});

it('nothing is known of a folder that is no repository', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'continuo-codebase-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  assert.equal((await codebaseFacts(folder)).size, 0);
});
