import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { toDoubts } from './doubts.ts';

describe('toDoubts', () => {
  let workspace: string;
  let owner: { readonly uid: number; readonly gid: number };

  beforeEach(() => {
    workspace = mkdtempSync(join(tmpdir(), 'continuo-doubts-'));
    // Somebody who is not root, if we may choose.
    if (process.getuid?.() === 0) chownSync(workspace, 1000, 1000);
    owner = statSync(workspace);
  });
  afterEach(() => rmSync(workspace, { recursive: true, force: true }));

  const ask = (
    images: string,
    user?: string,
    said = ["sh: can't create made: Permission denied"],
  ): Promise<readonly string[]> => {
    const brought = {
      id: 'i',
      environment: {},
      workingDir: '',
      hasVolumes: false,
      hasCommand: true,
    };
    const task = { name: 'a', run: { kind: 'image' }, environment: {} } as const;
    const image = { ...brought, user: images };
    return toDoubts({ ...task, ...(user !== undefined && { user }) }, image, workspace, said);
  };

  const doubts = (mode: number, images: string, user?: string): Promise<readonly string[]> => {
    chmodSync(workspace, mode);
    return ask(images, user);
  };

  it('has none of root, who may write everywhere', async () => {
    for (const root of ['', 'root', '0', '0:12', 'root:staff', ':12'])
      assert.deepEqual([await doubts(0o700, root), await doubts(0o700, 'app', root)], [[], []]);
  });

  it('has none of a user who may write the workspace', async () => {
    const { uid, gid } = owner;
    for (const [mode, user] of [
      [0o777, 'app'],
      [0o702, '4711'],
      [0o700, `${uid}`],
      [0o755, `${uid}:4711`],
      [0o770, `4711:${gid}`],
    ] as const)
      assert.deepEqual(await doubts(mode, user), [], `${mode.toString(8)} ${user}`);
  });

  it('says who may not, and what would help', async () => {
    const { uid } = owner;
    const help = `; run it as user ${uid}, or let everybody write the workspace`;
    assert.deepEqual(await doubts(0o755, '4711'), [
      `it ran as its image's user '4711', who may not write the workspace (of user ${uid}, mode 755)${help}`,
    ]);
    assert.deepEqual(await doubts(0o775, 'app', '4711:4711'), [
      `it ran as the user '4711:4711', who may not write the workspace (of user ${uid}, mode 775)${help}`,
    ]);
  });

  it('does not claim what only the image knows: which user a name stands for, and which group it has', async () => {
    const { uid, gid } = owner;
    const help = `; run it as user ${uid}, or let everybody write the workspace`;
    assert.deepEqual(await doubts(0o755, 'app'), [
      `it ran as its image's user 'app', who may not write the workspace (of user ${uid}, mode 755) unless it is user ${uid}${help}`,
    ]);
    assert.deepEqual(await doubts(0o770, '4711'), [
      `it ran as its image's user '4711', who may not write the workspace (of user ${uid}, mode 770) unless it is in group ${gid}${help}`,
    ]);
    assert.deepEqual(await doubts(0o775, 'app:staff'), [
      `it ran as its image's user 'app:staff', who may not write the workspace (of user ${uid}, mode 775) unless it is user ${uid} or in group ${gid}${help}`,
    ]);
  });

  it('has none of who failed for something else', async () => {
    chmodSync(workspace, 0o755);
    for (const said of [[], ['wget: server returned error: HTTP/1.1 404 Not Found']])
      assert.deepEqual(await ask('4711', undefined, said), []);
    const denied = ['a line', "Error: EACCES, open 'out.txt'", 'another'];
    assert.equal((await ask('4711', undefined, denied)).length, 1);
  });

  it('has none of a workspace that is not there any more', async () => {
    rmSync(workspace, { recursive: true });
    assert.deepEqual(await ask('4711'), []);
  });
});
