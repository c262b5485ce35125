import { cleanLine } from '../../report/clean.ts';
import { jsonLine } from '../../report/json-line.ts';
import { paint } from '../../report/look.ts';
import { lostWhile } from '../../report/lost-while.ts';
import { toBody } from '../../server/run-body.ts';
import { complain } from '../complain.ts';
import { exitCode } from '../exit-code.ts';
import { findListedOrComplain } from '../listed-run.ts';
import { codeOfFailure, describeFailure } from '../remote/describe-failure.ts';
import { RemoteServer } from '../remote/remote-server.ts';
import { findServer } from '../remote/server-place.ts';
import { lookOf } from '../terminal/color.ts';
import { viewOfRun } from '../view-of-run.ts';
import { stateDirOf } from '../world.ts';
import { questionLines } from './question-lines.ts';

import type { OpenQuestion } from '../../event/open-questions.ts';
import type { Look, Tone } from '../../report/look.ts';
import type { ColorFlags } from '../terminal/color.ts';
import type { World } from '../world.ts';

export interface DescribeFlags extends ColorFlags {
  readonly server?: string;
  readonly stateDir?: string;
  readonly format?: 'text' | 'json';
}

/** Shows everything in a run in the order of its file, and what would begin next. */
export async function describe(
  wanted: string,
  flags: DescribeFlags,
  world: World,
): Promise<number> {
  const found = await (flags.server === undefined ? local : remote)(wanted, flags, world);
  if (typeof found === 'number') return found;
  const { stdout, env } = world;
  if (flags.format === 'json') stdout.write(jsonLine(found));
  else
    for (const line of linesOf(found, lookOf(flags, env, stdout.isTTY === true)))
      stdout.write(`${line}\n`);
  return exitCode.ok;
}

/** What is shown of a run: what a server tells of it, and of one of this machine the same. */
type Described = Pick<ReturnType<typeof toBody>, 'id' | 'pipeline' | 'outcome' | 'nodes'> & {
  readonly paused?: unknown;
  readonly explanation?: { readonly sentence: string };
  /** A server of an earlier version tells none. */
  readonly questions?: readonly OpenQuestion[];
  readonly after?: string;
};

async function local(
  wanted: string,
  flags: DescribeFlags,
  world: World,
): Promise<Described | number> {
  const run = await findListedOrComplain(wanted, stateDirOf(flags.stateDir, world), flags, world);
  if (!run) return exitCode.invalid;
  const view = run.path === undefined ? undefined : await viewOfRun(run.path);
  return { ...toBody(run, view), ...(run.after !== undefined && { after: run.after }) };
}

async function remote(
  wanted: string,
  flags: DescribeFlags,
  world: World,
): Promise<Described | number> {
  const place = findServer(flags, world);
  if (!place.ok) {
    complain(world, flags, place.failure);
    return exitCode.server;
  }
  const path = `/api/v1/runs/${encodeURIComponent(wanted)}`;
  const told = await new RemoteServer(place.value).get(path);
  if (told.ok) return told.value as Described;
  complain(world, flags, describeFailure(told.failure));
  return codeOfFailure(told.failure);
}

type Node = Described['nodes'][number];

function linesOf({ id, pipeline, outcome, nodes, ...run }: Described, look: Look): string[] {
  const isLost = outcome === 'lost';
  const isPaused = run.paused !== undefined && !isLost;
  const state = isPaused && outcome !== 'loaded' ? 'paused' : outcome;
  const after = run.after === undefined ? '' : `, begins after ${run.after}`;
  // What has failed in a pause ends the run.
  const next = isPaused && !run.explanation ? nodes.find(comes)?.id : undefined;
  const width = Math.max(0, ...nodes.map(({ depth, name }) => 2 * depth + name.length));
  return [
    `${id}  ${paint(look, toneOf(outcome), state)}${after}  ${cleanLine(pipeline)}`,
    ...nodes.map((node) => {
      const name = `${'  '.repeat(node.depth)}${cleanLine(node.name)}`.padEnd(width);
      const [word, tone] = wordOf(node, isLost);
      const mark = node.id === next ? '  next' : '';
      return `  ${name}  ${node.kind.padEnd(7)}  ${paint(look, tone, word)}${mark}`;
    }),
    ...(run.explanation ? [`  ${cleanLine(run.explanation.sentence)}`] : []),
    ...(outcome === 'running' ? (run.questions ?? []) : []).flatMap((one) =>
      questionLines(id, one),
    ),
  ];
}

/** It would begin now; a group has begun when something in it has. */
const comes = ({ kind, state }: Node): boolean =>
  kind !== 'group' && (state === 'pending' || state === 'waiting');

function wordOf(node: Node, isLost: boolean): readonly [string, Tone] {
  const lost = isLost ? lostWhile(node.state) : undefined;
  if (lost !== undefined) return [lost, 'bad'];
  if (isLost && node.state === 'pending') return ['not run', 'dim'];
  const word = node.state !== 'ended' ? node.state : endOf(node);
  return [word, node.state === 'pending' ? 'dim' : toneOf(word)];
}

const endOf = (node: Node): string =>
  node.kind === 'service' ? (node.end?.kind ?? 'ended') : (node.outcome ?? 'ended');

const good = new Set(['succeeded', 'ready', 'completed', 'stopped']);
const quiet = new Set(['skipped', 'ignored', 'cancelled', 'loaded']);
const busy = new Set('running waiting starting asking retrying restarting stopping'.split(' '));

function toneOf(word: string): Tone {
  if (good.has(word)) return 'good';
  if (quiet.has(word)) return 'warn';
  return busy.has(word) ? 'busy' : 'bad';
}
