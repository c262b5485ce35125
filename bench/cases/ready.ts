import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ms, times } from '../bench.ts';
import { measure, median } from '../measure.ts';
import { serverAndStep } from '../pipelines.ts';

import type { Bench, Row } from '../bench.ts';
import type { Contender } from '../measure.ts';

const rounds = 15;
const port = 17871;
const tcp = `tcp:${port}`;
const http = `http-get://localhost:${port}/`;

/** The command line of a server that opens its port, and of a step that follows. */
interface Pair {
  readonly server: string;
  readonly step: string;
}

type Way = (pair: Pair, bench: Bench) => Contender;

/** What Continuo is measured beside; wireit knows no ports, and waits for a line. */
const ways: Record<string, Record<string, Way>> = {
  tcp: {
    Continuo: continuo(`{tcp: ${port}}`),
    'wait-on': waitOn(tcp),
    'start-server-and-test': startServerAndTest(tcp),
    wireit,
  },
  http: {
    Continuo: continuo(`{http: "http://localhost:${port}/"}`),
    'wait-on': waitOn(http),
    'start-server-and-test': startServerAndTest(http),
    wireit,
  },
  log: {
    Continuo: continuo('{log: listening}'),
    wireit,
  },
};

function continuo(ready: string): Way {
  return ({ server, step }, bench) =>
    bench.continuo('exec', bench.file('ready.yaml', serverAndStep(server, ready, step)));
}

function waitOn(resource: string): Way {
  return ({ server, step }, bench) => {
    const script = `${server} & ${bench.peer('wait-on')} ${resource} && ${step}; kill $!`;
    return { argv: ['sh', '-c', script] };
  };
}

function startServerAndTest(resource: string): Way {
  return ({ server, step }, bench) => ({
    argv: [bench.peer('start-server-and-test'), server, resource, step],
    cwd: bench.folder,
  });
}

function wireit({ server, step }: Pair, bench: Bench): Contender {
  const folder = join(bench.folder, 'wireit');
  const scripts = {
    server: { command: server, service: { readyWhen: { lineMatches: 'listening' } } },
    step: { command: step, dependencies: ['server'] },
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ scripts: { server: 'wireit', step: 'wireit' }, wireit: scripts }),
  );
  // As `npm run step` would start it, without the time that npm takes.
  const env = {
    npm_lifecycle_event: 'step',
    npm_package_json: join(folder, 'package.json'),
    npm_config_user_agent: 'npm/11',
    WIREIT_CACHE: 'none',
  };
  return { argv: [bench.peer('wireit')], cwd: folder, env };
}

/** From the moment that a server's port opens until the command after it runs. */
export async function ready(bench: Bench): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [probe, contenders] of Object.entries(ways)) {
    const [ours, ...others] = await medianLags(contenders, bench);
    const fastest = Math.min(...others.map(([, lag]) => lag));
    rows.push({
      what: `from "port opens" to "next step runs", ${probe}`,
      ours: ms(ours![1]),
      against: others.map(([name, lag]) => `${ms(lag)} ${name}`).join(', '),
      ratio: times(ours![1] / fastest),
      atMost: 'faster than each, 30 ms',
      held: ours![1] < fastest && ours![1] < 30,
    });
  }
  return rows;
}

async function medianLags(
  contenders: Record<string, Way>,
  bench: Bench,
): Promise<readonly (readonly [name: string, lag: number])[]> {
  const lags = Object.entries(contenders).map(([name, way]) => ({
    name,
    way,
    all: [] as number[],
  }));
  for (let round = 0; round < rounds; round += 1) {
    // Differs from round to round, so that nobody's polling falls into step with it.
    const delayMs = 1_200 + round * 17;
    for (const { way, all } of lags) all.push(await lagOf(way, delayMs, bench));
  }
  return lags.map(({ name, all }) => [name, median(all)]);
}

async function lagOf(way: Way, delayMs: number, bench: Bench): Promise<number> {
  const opened = join(bench.folder, 'opened');
  const ran = join(bench.folder, 'ran');
  const server = `${bench.node} ${bench.program('server.js')} ${port} ${delayMs} ${opened}`;
  await measure(way({ server, step: `date +%s%N > ${ran}` }, bench));
  return Number(readFileSync(ran, 'utf8')) / 1e6 - Number(readFileSync(opened, 'utf8'));
}
