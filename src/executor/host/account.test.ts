import assert from 'node:assert/strict';
import { userInfo } from 'node:os';
import { describe, it } from 'node:test';

import { Accounts, canActAs, parsePasswordEntry } from './account.ts';

describe('an account', () => {
  it('is read from the seven fields of Linux and the ten of macOS', () => {
    const account = { name: 'ann', uid: 501, gid: 20, home: '/home/ann' };
    assert.deepEqual(parsePasswordEntry('ann:x:501:20:Ann,,,:/home/ann:/bin/sh\n'), account);
    assert.deepEqual(parsePasswordEntry('ann:*:501:20::0:0:Ann:/home/ann:/bin/zsh\n'), account);
    assert.equal(parsePasswordEntry(''), undefined);
  });

  it('of ourselves needs no change', () => {
    const { username, uid, gid } = userInfo();
    for (const user of [username, `${uid}`, `${uid}:${gid}`]) {
      assert.deepEqual(new Accounts().find(user), { ok: true, value: undefined });
      assert.ok(canActAs(user));
    }
  });

  it('may have numbers that nobody has', () => {
    const found = new Accounts().find('54321:54322');
    assert.ok(found.ok);
    assert.deepEqual(found.value, { uid: 54_321, gid: 54_322, name: '54321', home: '/' });
  });

  it('that does not exist is told', () => {
    assert.deepEqual(new Accounts().find('continuo-nobody'), {
      ok: false,
      failure: "there is no user 'continuo-nobody' on this machine",
    });
  });
});
