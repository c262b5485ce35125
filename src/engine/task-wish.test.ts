import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { fillRegistries } from './images.ts';
import { toTaskWish } from './task-wish.ts';

import type { Command, Registry, Text } from '../plan/plan.ts';

const variables = new Map([
  ['TAG', '7'],
  ['PORT', '8080'],
  ['DIR', '/data'],
  ['BAD', 'a b'],
  ['EMPTY', ''],
]);
const hole = (variable: string): Text[number] => ({ variable });

const wish = (
  command: Pick<Command, 'image' | 'container' | 'user'>,
  registries: readonly Registry[] = [],
): unknown => {
  const made = toTaskWish(command, {
    variables,
    registries: fillRegistries(registries, variables),
  });
  return made.ok ? made.value : made.failure;
};

describe('toTaskWish', () => {
  it('asks for nothing when a command needs nothing', () => {
    assert.deepEqual(wish({}), {});
  });

  it('fills what surrounds a command, and reads its ports and volumes', () => {
    const container = {
      hostname: ['db-', hole('TAG')],
      ports: [[hole('PORT'), ':80/udp'], ['0:1']],
      volumes: [[hole('DIR'), ':/x:ro'], ['cache:/c']],
      privileged: true,
      mountPoint: '/w',
      pull: 'never',
      memoryBytes: 1,
      cpus: 0.5,
    } as const;
    assert.deepEqual(wish({ image: ['redis:', hole('TAG')], container, user: [hole('TAG')] }), {
      user: '7',
      image: 'redis:7',
      container: {
        hostname: 'db-7',
        ports: [
          { own: 80, outside: 8080, protocol: 'udp' },
          { own: 1, outside: 0, protocol: 'tcp' },
        ],
        volumes: [
          { source: '/data', target: '/x', readOnly: true },
          { source: 'cache', target: '/c', readOnly: false },
        ],
        privileged: true,
        mountPoint: '/w',
        pull: 'never',
        memoryBytes: 1,
        cpus: 0.5,
      },
    });
  });

  it('has the registry of an image go with it', () => {
    const retry = { attempts: 2, backoffMs: 5 };
    const team = { name: 'team', host: { value: ['r.example.com'] }, retry };
    assert.deepEqual(wish({ image: ['team/app'] }, [team]), {
      image: 'r.example.com/app',
      container: { registry: { retry } },
    });
  });

  it('leaves a user and a hostname that nobody named to the image', () => {
    for (const text of [[hole('NONE')], [hole('EMPTY')], [hole('NONE'), ':', hole('NONE')]])
      assert.deepEqual(wish({ image: ['redis'], container: { hostname: text }, user: text }), {
        image: 'redis',
        container: {},
      });
  });

  it('names the variable that a word lacks', () => {
    const image = ['redis'];
    const lacking = (what: string): string =>
      `its ${what} names the variable NONE, which has no value`;
    const half = ['a', hole('NONE')];
    assert.equal(wish({ image: [hole('NONE'), '/app'] }), lacking('image'));
    assert.equal(wish({ image, user: half }), lacking('user'));
    assert.equal(wish({ image, container: { hostname: half } }), lacking('hostname'));
    assert.equal(wish({ image, container: { ports: [half] } }), lacking('port'));
    assert.equal(wish({ image, container: { volumes: [half] } }), lacking('volume'));
  });

  it('says what a variable has made of a word', () => {
    const image = ['redis'];
    const bad = [hole('BAD')];
    assert.match(String(wish({ image: bad })), /^its image `a b` has /);
    assert.match(String(wish({ image: [hole('EMPTY')] })), /^its image `` has /);
    assert.match(String(wish({ image, container: { hostname: bad } })), /^its hostname `a b` has /);
    assert.match(String(wish({ image, container: { ports: [bad] } })), /^its port `a b` is not /);
    assert.match(
      String(wish({ image, container: { volumes: [bad] } })),
      /^its volume `a b` is not /,
    );
  });
});
