import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { groupFolder } from './own-group.ts';

const mount = (root: string, point: string, type: string): string =>
  `41 31 0:38 ${root} ${point} rw,relatime shared:9 - ${type} ${type} rw\n`;

describe('our control group', () => {
  it('is below the one mount of a unified hierarchy', () => {
    assert.equal(
      groupFolder(mount('/', '/sys/fs/cgroup', 'cgroup2'), '0::/user.slice/a.scope\n'),
      '/sys/fs/cgroup/user.slice/a.scope',
    );
  });

  it('is found beside the old hierarchies', () => {
    const mounts =
      mount('/', '/sys/fs/cgroup/memory', 'cgroup') +
      mount('/', '/sys/fs/cgroup/unified', 'cgroup2');
    assert.equal(groupFolder(mounts, '4:memory:/x\n0::/\n'), '/sys/fs/cgroup/unified/');
  });

  it('is found in a mount of a part of the hierarchy', () => {
    const mounts = mount('/docker/1f', '/sys/fs/cgroup', 'cgroup2');
    assert.equal(groupFolder(mounts, '0::/docker/1f/job\n'), '/sys/fs/cgroup/job');
    assert.equal(groupFolder(mounts, '0::/docker/1fe\n'), undefined);
  });

  it('may be out of reach, or absent', () => {
    assert.equal(groupFolder(mount('/', '/c', 'cgroup2'), '0::/../other\n'), undefined);
    assert.equal(groupFolder(mount('/', '/c', 'cgroup'), '1:cpu:/\n'), undefined);
    assert.equal(groupFolder(mount('/', '/c', 'cgroup'), '0::/\n'), undefined);
  });

  it('may be mounted at a path with a space', () => {
    assert.equal(groupFolder(mount('/', '/c\\040d', 'cgroup2'), '0::/x\n'), '/c d/x');
  });
});
