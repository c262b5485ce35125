import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What Git says of a folder, by what expressions of Harness call it. What it does not say is left out. */
export async function codebaseFacts(folder: string): Promise<ReadonlyMap<string, string>> {
  const git = (...args: readonly string[]): Promise<string> =>
    run('git', ['-C', folder, ...args], { timeout: 10_000 }).then(
      ({ stdout }) => stdout.trim(),
      () => '',
    );
  const [branch, commit, tag, url, user] = await Promise.all([
    git('symbolic-ref', '--short', 'HEAD'),
    git('rev-parse', '--verify', 'HEAD'),
    git('describe', '--tags', '--exact-match', 'HEAD'),
    git('remote', 'get-url', 'origin'),
    git('log', '-1', '--format=%an'),
  ]);
  const facts = {
    branch,
    tag,
    commitSha: commit,
    shortCommitSha: commit.slice(0, 7),
    repoUrl: withoutUser(url),
    gitUser: user,
    'build.type': branch === '' ? '' : 'branch',
  };
  const known = Object.entries(facts).filter(([, value]) => value !== '');
  return new Map(known.map(([name, value]) => [`codebase.${name}`, value]));
}

/** The address may hold a password. */
function withoutUser(url: string): string {
  if (!URL.canParse(url)) return url;
  const parsed = new URL(url);
  if (parsed.username === '' && parsed.password === '') return url;
  parsed.username = '';
  parsed.password = '';
  return parsed.href;
}
