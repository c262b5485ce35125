import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { imageOf } from '../images/images.ts';
import { processesWith } from './cli.ts';
import { docker, dockerSuite } from './docker.ts';
import { noPrivateEngine, PrivateEngine } from './docker-engine.ts';

dockerSuite('a private engine of a test', () => {
  it(
    'is reached, killed, started again, and leaves nothing',
    { skip: noPrivateEngine },
    async () => {
      await using engine = await PrivateEngine.start(docker);
      await engine.docker.createNetwork({ Name: 'fruit' });
      const container = await engine.docker.createContainer({
        Image: imageOf('busybox'),
        Cmd: ['httpd', '-f', '-p', '80'],
        HostConfig: { NetworkMode: 'fruit' },
        // It would let TERM pass, and an engine stops what it finds running when it starts.
        StopSignal: 'SIGKILL',
      });
      await container.start();
      const { NetworkSettings: settings, State: state } = await container.inspect();
      await reaches(settings.Networks['fruit']!.IPAddress, 80);

      await engine.kill();
      assert.doesNotThrow(() => process.kill(state.Pid, 0), 'its containers go on');
      await engine.start();
      assert.equal((await container.inspect()).State.Running, false);

      await engine.kill();
      await engine[Symbol.asyncDispose]();
      assert.deepEqual(processesWith(engine.host.slice('unix://'.length, -'/sock'.length)), []);
    },
  );

  it('answers nobody while it is paused', { skip: noPrivateEngine }, async () => {
    await using engine = await PrivateEngine.start(docker, []);
    engine.pause();
    const answered = engine.docker.version();
    const stillSilent = await Promise.race([answered, docker.version().then(() => 'silent')]);
    assert.equal(stillSilent, 'silent');
    engine.resume();
    await answered;
  });
});

/** Settles once somebody listens there; throws where there is no way. */
async function reaches(host: string, port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const socket = connect(port, host);
    try {
      await once(socket, 'connect');
      return;
    } catch (error) {
      // The program may not listen yet.
      assert.equal((error as NodeJS.ErrnoException).code, 'ECONNREFUSED');
      await delay(20);
    } finally {
      socket.destroy();
    }
  }
  assert.fail(`nobody listens at ${host}:${port}`);
}
