import assert from 'node:assert/strict';

import { ContainerPlace } from './container-place.ts';
import { docker } from './docker.ts';
import { assertInvariants } from './invariants.ts';

import type { Told } from './cli.ts';
import type { CorpusPipeline, CorpusPromise } from './corpus.ts';

const cixExits = { 0: 0, 1: 3, 2: 2 } as const;

/** A place where pipelines of the corpus run, with a workspace that is empty at first. */
export class CorpusPlace extends ContainerPlace {
  /** The name of a volume, which is gone at the end. */
  readonly volume = `continuo-test-${this.mark}`;

  /** Runs a pipeline, and throws unless all that it promises came true. */
  async keeps(
    { file, promise }: CorpusPipeline,
    program: 'continuo' | 'cix',
    args: readonly string[],
  ): Promise<void> {
    const told = await this.start(['exec', ...args, '-y', file], {}, program).told;
    const all = `${told.stdout}${told.stderr}`;
    const exit = program === 'cix' ? cixExits[promise.exit] : promise.exit;
    assert.equal(told.code, exit, all);
    for (const text of promise.hides) assert.ok(!all.includes(text), `${text} is shown:\n${all}`);
    if (program === 'cix') {
      isOnConsole(told, promise);
      return;
    }
    for (const text of promise.tells) assert.ok(all.includes(text), `${text} is not told:\n${all}`);
    if (promise.exit === 2) return;
    assertInvariants(await this.events());
    for (const [task, text] of Object.entries(promise.prints))
      assert.equal(withoutTrace(await this.output(task)), lines(text), `${task}\n${all}`);
    for (const [task, pattern] of Object.entries(promise.matches))
      assert.match(await this.output(task), new RegExp(pattern), task);
    if (promise.ends) assert.deepEqual(await this.ends(), promise.ends, all);
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await super[Symbol.asyncDispose]();
    // What has a name is kept: it is the next run's cache. Without any, an engine answers null.
    const { Volumes } = await docker.listVolumes({ filters: { name: [this.volume] } });
    for (const { Name } of (Volumes as typeof Volumes | null) ?? [])
      await docker.getVolume(Name).remove();
  }
}

/** CIX's console has each line of a step after its name. */
function isOnConsole({ stdout }: Told, { prints }: CorpusPromise): void {
  for (const [task, text] of Object.entries(prints)) {
    const before = `${task.padEnd(20)} | `;
    const printed = stdout
      .split('\n')
      .filter((line) => line.startsWith(before))
      .map((line) => `${line.slice(before.length)}\n`);
    assert.equal(withoutTrace(printed.join('')), lines(text), stdout);
  }
}

/** Without what tells of a command before it runs. */
const withoutTrace = (output: string): string => output.replaceAll(/^\+ \[\d{4}-.*?Z\] .*\n/gm, '');

const lines = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);
