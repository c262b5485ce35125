import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { ms, times } from '../bench.ts';
import * as pipelines from '../docker-pipelines.ts';
import { measure, median, medianTimes } from '../measure.ts';

import type { Bench, Row } from '../bench.ts';
import type { Contender } from '../measure.ts';

const network = `continuo-bench-${process.pid}`;
export const image = 'continuo-test/busybox';

/** Steps and services in containers, beside the same by hand in a shell, on the same engine. */
export async function docker(bench: Bench): Promise<Row[]> {
  if (!hasEngine()) {
    console.error('docker: not measured, no engine has the images of the tests (npm run engine)');
    return [];
  }
  execFileSync('docker', ['network', 'create', network]);
  try {
    return [
      ...(await wholeRuns(bench)),
      await portOpens(bench),
      await serviceDies(bench),
      await teardown(bench),
    ];
  } finally {
    removeNetwork();
  }
}

/** Docker 20.10 may count containers that are gone: what was measured is worth more. */
function removeNetwork(): void {
  try {
    execFileSync('docker', ['network', 'rm', network], { stdio: 'pipe' });
  } catch (error) {
    console.error(`docker: the network ${network} is still there: ${String(error)}`);
  }
}

async function wholeRuns(bench: Bench): Promise<Row[]> {
  const run = `docker run --rm --network ${network} ${image}`;
  const serverByHand = [
    `docker run -d --name bench-web --network ${network} ${image} httpd -f -h /etc -p 8080`,
    "ip=$(docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' bench-web)",
    'until busybox nc -w 1 $ip 8080 </dev/null 2>/dev/null; do sleep 0.1; done',
    `${run} wget -q -O /dev/null http://bench-web:8080/passwd`,
    'docker rm -f bench-web',
  ].join('\n');
  const loud = pipelines.loudCommand(100_000_000).replaceAll("'", String.raw`'\''`);
  const logsByHand = `docker run -d --name bench-loud ${image} sh -c '${loud}'
docker logs -f bench-loud > ${join(bench.folder, 'log')}
docker rm -f bench-loud`;
  const cases = [
    {
      what: '20 steps in containers, whole process',
      pipeline: pipelines.idleContainers(20),
      byHand: `for i in $(seq 20); do ${run} true; done`,
      hand: 'a loop of `docker run --rm`',
      most: 0.85,
      rounds: 5,
    },
    {
      what: 'a service with a port, a step that uses it',
      pipeline: pipelines.serverAndClient,
      byHand: serverByHand,
      hand: '`docker run -d`, `nc`, `docker run`, `docker rm -f`',
      most: 0.9,
      rounds: 7,
    },
    {
      what: 'the same, where the shell has to make and remove its network, too',
      pipeline: pipelines.serverAndClient,
      byHand: [
        'docker network create bench-own',
        serverByHand.replaceAll(network, 'bench-own'),
        'docker network rm bench-own',
      ].join('\n'),
      hand: 'the same, `docker network create`, `docker network rm`',
      most: 0.9,
      rounds: 7,
    },
    {
      what: '100 MB of lines out of a container into the journal',
      pipeline: pipelines.loudStep(100_000_000),
      byHand: logsByHand,
      hand: '`docker logs -f > file`',
      most: 0.5,
      rounds: 3,
    },
    {
      what: '50 parallel steps in containers',
      pipeline: pipelines.idleTogether(50),
      byHand: `for i in $(seq 50); do ${run} true & done; wait`,
      hand: '50 x `docker run --rm &`',
      most: 1,
      rounds: 5,
    },
  ];
  const rows: Row[] = [];
  for (const { what, pipeline, byHand, hand, most, rounds } of cases) {
    const [ours, theirs] = await medianTimes(rounds, [
      bench.continuo('exec', bench.file('docker.yaml', pipeline)),
      inShell(byHand),
    ]);
    rows.push(row(what, ours!, theirs!, hand, most));
  }
  return rows;
}

/** From a port that opens to the process that waited for it. */
async function portOpens(bench: Bench): Promise<Row> {
  const lag = (): number => modified(bench, 'started') - modified(bench, 'opened');
  const server = pipelines.slowServer().replaceAll('"', '\\"');
  const polled = `docker run -d --name bench-web --network ${network} -v ${bench.folder}:/w -w /w \\
  --health-cmd 'nc -w 1 localhost 8080 </dev/null' --health-interval 1s continuo-test/node node -e "${server}"
until [ "$(docker inspect -f '{{.State.Health.Status}}' bench-web)" = healthy ]; do sleep 0.1; done
docker run --rm --network ${network} -v ${bench.folder}:/w -w /w ${image} sh -c ': > started'
docker rm -f bench-web`;
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    await measure(bench.continuo('exec', bench.file('port.yaml', pipelines.portAndStart)));
    ours.push(lag());
    await measure(inShell(polled));
    theirs.push(lag());
  }
  return limit(
    'port opens in a container -> the next step runs in its own',
    median(ours),
    `${ms(median(theirs))} health polling at 1 s`,
    60,
  );
}

/** From the death of a service to the moment when the running step is told to stop. */
async function serviceDies(bench: Bench): Promise<Row> {
  const lags: number[] = [];
  for (let round = 0; round < 7; round += 1) {
    const { argv, cwd, env } = bench.continuo(
      'exec',
      bench.file('death.yaml', pipelines.deathAndStop),
    );
    // It fails, as it should.
    await measure({
      argv: ['sh', '-c', '"$@" || [ $? = 1 ]', 'sh', ...argv],
      ...(cwd !== undefined && { cwd }),
      ...(env && { env }),
    });
    lags.push(modified(bench, 'told') - modified(bench, 'died'));
  }
  return limit('a service dies -> the running step is told to stop', median(lags), '', 150);
}

/** From the first word to stop until nothing is left, of five services that end at once. */
async function teardown(bench: Bench): Promise<Row> {
  const names = [1, 2, 3, 4, 5].map((n) => `bench-service-${n}`);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    rmSync(join(bench.folder, 'state'), { recursive: true, force: true });
    await measure(bench.continuo('exec', bench.file('five.yaml', pipelines.politeServices(5))));
    ours.push(teardownOf(bench));
    const start = names.map(
      (name) => `docker run -d --name ${name} --network bench-five ${image} sleep 1000`,
    );
    await measure(inShell(['docker network create bench-five', ...start].join('\n')));
    const removing = `docker rm -f ${names.join(' ')} && docker network rm bench-five`;
    theirs.push((await measure(inShell(removing))).ms);
  }
  return row(
    'teardown of five services that stop at once',
    median(ours),
    median(theirs),
    '`docker rm -f` of the five and the network',
    1,
  );
}

function teardownOf(bench: Bench): number {
  const runs = join(bench.folder, 'state', 'runs');
  const [run = ''] = readdirSync(runs);
  const events = readFileSync(join(runs, run, 'journal'), 'latin1');
  const at = (type: string): number =>
    Number(new RegExp(`"at":([\\d.]+)[^\\n]*"type":"${type}"`).exec(events)?.[1]);
  return at('run.ended') - at('service.stopping');
}

const modified = (bench: Bench, name: string): number => statSync(join(bench.folder, name)).mtimeMs;

export const inShell = (script: string): Contender => ({
  argv: ['sh', '-ec', `exec >/dev/null\n${script}`],
});

const row = (what: string, ours: number, theirs: number, hand: string, most: number): Row => ({
  what,
  ours: ms(ours),
  against: `${ms(theirs)} ${hand}`,
  ratio: times(ours / theirs),
  atMost: times(most),
  held: ours / theirs <= most,
});

const limit = (what: string, ours: number, against: string, mostMs: number): Row => ({
  what,
  ours: ms(ours),
  against,
  ratio: '',
  atMost: ms(mostMs),
  held: ours <= mostMs,
});

export function hasEngine(): boolean {
  try {
    execFileSync('docker', ['image', 'inspect', image, 'continuo-test/node'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
