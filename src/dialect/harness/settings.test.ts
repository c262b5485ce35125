import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { plainly, readSteps, readText, serviceOf, stepOf } from '../../../test/rig/harness.ts';
import { pod } from '../../../test/rig/harness-text.ts';
import { nodesOfPlan } from '../../plan/order.ts';

import type { HarnessRead } from '../../../test/rig/harness.ts';
import type { Container, Variable } from '../../plan/plan.ts';

const read = (spec: string, more: Parameters<typeof readSteps>[1] = {}) =>
  readSteps(`- step: { identifier: db, name: db, type: Background, spec: { ${spec} } }`, more);

const containerOf = async (spec: string): Promise<Container> =>
  serviceOf(await read(`image: redis, ${spec}`), 'db').command.container!;

const values = (environment: readonly Variable[]): Record<string, unknown> =>
  Object.fromEntries(environment.map(({ name, value }) => [name, value]));

describe('the settings of a step', () => {
  it('001-43 are privileged only when they say so', async () => {
    assert.equal((await containerOf('privileged: true')).privileged, true);
    assert.equal((await containerOf('privileged: false')).privileged, undefined);
    assert.equal((await containerOf('privileged: <+input>.default(true)')).privileged, true);
  });

  it('001-44, 001-46, 001-47 name reports by patterns, those of a service too', async () => {
    const spec =
      'image: x, reports: { type: JUnit, spec: { paths: ["**/*.xml", ~/a.xml, "/b[1].xml"] } }';
    assert.deepEqual(serviceOf(await read(spec), 'db').reports, [
      '**/*.xml',
      '~/a.xml',
      '/b[1].xml',
    ]);
  });

  it('001-48, 001-50 are an environment of texts, whatever they are written as', async () => {
    const one = await read(
      'image: x, envVariables: { A: a, B: 8080, C: true, D: "", E: <+pipeline.name>, F: <+input>.default(f), G: 1.10 }',
    );
    assert.deepEqual(values(serviceOf(one, 'db').command.environment), {
      A: ['a'],
      B: ['8080'],
      C: ['true'],
      D: [],
      E: ['p'],
      F: ['f'],
      G: ['1.10'],
    });
    assert.match(
      (await read('image: x, envVariables: { "": a }')).told,
      /an empty text cannot be the/,
    );
  });

  it('001-51 are over variables of the stage, and those over variables of the pipeline', async () => {
    const { command } = serviceOf(
      await read('image: x, envVariables: { C: step }', {
        pipeline:
          'variables: [{ name: A, type: String, value: pipeline }, { name: B, type: String, value: pipeline }, { name: C, type: String, value: pipeline }, { name: CI, type: String, value: mine }]',
        stage:
          'variables: [{ name: B, type: String, value: stage }, { name: S, type: Secret, value: account.pw }]',
      }),
      'db',
    );
    assert.deepEqual(values(command.environment), {
      A: ['pipeline'],
      B: ['stage'],
      S: [{ variable: 'pw' }],
      C: ['step'],
    });
  });

  it('001-51 are secrets of the stage in whatever case it says so, with a warning', async () => {
    const given = await read('image: x, envVariables: { T: <+stage.variables.S> }', {
      stage: 'variables: [{ name: S, type: secret, value: account.pw }]',
    });
    assert.deepEqual(values(serviceOf(given, 'db').command.environment), {
      S: [{ variable: 'pw' }],
      T: [{ variable: 'pw' }],
    });
    assert.match(given.told, /Harness itself refuses `secret`[^]*write `Secret`/);
  });

  it('001-56, 001-57, 001-62 publish ports of this machine', async () => {
    const { ports } = await containerOf('portBindings: { "5433": "5432", 53: 53/udp, 0: 80 }');
    assert.deepEqual(ports?.map(plainly).sort(), ['0:80', '53:53/udp', '5433:5432']);
    const taken = await readSteps(`
- step: { identifier: a, name: a, type: Background, spec: { image: x, portBindings: { "5432": "5432" } } }
- step: { identifier: b, name: b, type: Background, spec: { image: x, portBindings: { "5432": "5433" } } }
`);
    assert.match(
      taken.told,
      /service 'b': port 5432 of this machine is already the port of service 'a'/,
    );
  });

  it('001-63 publish nothing on Kubernetes: that is a mistake', async () => {
    const { told } = await read('connectorRef: hub, image: x, portBindings: { "80": "80" }', {
      runs: pod,
      podsAsContainers: true,
    });
    assert.match(told, /error {2}step 'db': `portBindings` must be empty in a stage on Kubernetes/);
  });

  it('001-64 name a user by a number, for containers only', async () => {
    for (const user of ['1000', '"1000"'])
      assert.deepEqual(serviceOf(await read(`image: x, runAsUser: ${user}`), 'db').command.user, [
        '1000',
      ]);
    const host = await read('command: x, runAsUser: 0');
    assert.equal(serviceOf(host, 'db').command.user, undefined);
    assert.match(host.told, /`runAsUser` says nothing without an `image`/);
  });

  it('001-65 limit memory, in powers of 1000 or of 1024', async () => {
    for (const [memory, bytes] of [
      ['"1000"', 1000],
      ['2G', 2e9],
      ['500M', 500e6],
      ['2Gi', 2 ** 31],
      ['1.5Mi', 1.5 * 2 ** 20],
    ] as const)
      assert.equal(
        (await containerOf(`resources: { limits: { memory: ${memory} } }`)).memoryBytes,
        bytes,
      );
    const { told } = await read('image: x, resources: { limits: { memory: 500 Mi } }');
    assert.match(told, /without blanks/);
  });

  it('001-66 limit processors, by numbers or thousandths', async () => {
    for (const [cpu, cpus] of [
      ['0.1', 0.1],
      ['"0.1"', 0.1],
      ['100m', 0.1],
      ['2', 2],
    ] as const)
      assert.equal((await containerOf(`resources: { limits: { cpu: ${cpu} } }`)).cpus, cpus);
  });

  it('001-65, 001-66, 001-67 limit nothing by themselves but on Kubernetes', async () => {
    const { memoryBytes, cpus } = await containerOf('');
    assert.deepEqual([memoryBytes, cpus], [undefined, undefined]);
    const inPod = await read('connectorRef: hub, image: x', { runs: pod, podsAsContainers: true });
    const limited = serviceOf(inPod, 'db').command.container;
    assert.deepEqual([limited?.memoryBytes, limited?.cpus], [500 * 2 ** 20, 0.4]);
  });

  it('of a pod are those of its containers that do not say it themselves', async () => {
    const inPod = (settings: string, keys = '', pipeline = '') =>
      readSteps(
        `- step: { identifier: a, name: a, type: Run, spec: { connectorRef: hub, image: x, command: y${keys} } }`,
        {
          runs: pod.replace('namespace: ci', `namespace: ci, ${settings}`),
          podsAsContainers: true,
          pipeline,
        },
      );
    const gist = (read: HarnessRead) => {
      const { user, container } = stepOf(read, 'a').command;
      return [user, container?.privileged, container?.pull];
    };
    const all =
      'runAsUser: <+pipeline.variables.UID>, imagePullPolicy: Never, containerSecurityContext: { privileged: true, runAsUser: 2000 }';
    const uid = 'variables: [{ name: UID, type: String, value: "1000" }]';
    const whole = await inPod(all, '', uid);
    assert.deepEqual(gist(whole), [['1000'], true, 'never']);
    assert.equal(whole.told, '');
    const own = ', runAsUser: 0, privileged: false, imagePullPolicy: Always';
    assert.deepEqual(gist(await inPod(all, own, uid)), [['0'], undefined, 'always']);
    const context = await inPod('containerSecurityContext: { runAsUser: "2000" }');
    assert.deepEqual(gist(context), [['2000'], undefined, undefined]);
    assert.match(
      (await inPod('imagePullPolicy: Allways')).told,
      /error[^]*did you mean `Always`\?/,
    );
  });

  it('of a pod that another stage uses are those of its containers, too', async () => {
    const stage = (name: string, spec: string, more = '') => `
    - stage:
        identifier: ${name}
        name: ${name}
        type: CI
        ${more}spec:
          ${spec}
          execution: { steps: [{ step: { identifier: go, name: go, type: Run, spec: { connectorRef: hub, image: x, command: y } } }] }`;
    const settings =
      'connectorRef: k8s, namespace: <+stage.variables.NS>, runAsUser: <+stage.variables.UID>';
    const variables = `variables: [{ name: NS, type: String, value: ci }, { name: UID, type: Number, value: 1000 }]
        `;
    const read = await readText(
      `pipeline:
  identifier: p
  name: p
  stages:${stage('one', `infrastructure: { type: KubernetesDirect, spec: { ${settings} } }`, variables)}${stage('two', 'infrastructure: { useFromStage: one }')}
`,
      { podsAsContainers: true },
    );
    assert.equal(read.told, '');
    assert.deepEqual(stepOf(read, 'two.go').command.user, ['1000']);
  });

  it('of a pod that are not kept are warned of', async () => {
    const told = async (settings: string) => {
      const read = await readSteps(
        '- step: { identifier: a, name: a, type: Run, spec: { connectorRef: hub, image: x, command: y } }',
        {
          runs: pod.replace('namespace: ci', `namespace: ci, ${settings}`),
          podsAsContainers: true,
        },
      );
      return [...read.told.matchAll(/warning {2}stage 'build': `(\w+)` says nothing here/g)].map(
        ([, key]) => key,
      );
    };
    assert.deepEqual(
      await told(
        'hostNames: [db], podSpecOverlay: "x: y", containerSecurityContext: { runAsNonRoot: true, runAsGroup: 1, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }',
      ),
      [
        ...['hostNames', 'podSpecOverlay'],
        ...['runAsNonRoot', 'runAsGroup', 'readOnlyRootFilesystem', 'capabilities'],
      ],
    );
    assert.deepEqual(
      await told(
        'hostNames: [], podSpecOverlay: "", nodeSelector: { a: b }, containerSecurityContext: { runAsNonRoot: false, capabilities: {} }',
      ),
      [],
    );
  });

  it('of a stage that would keep it from starting by itself are warned of', async () => {
    const told = async (stage: string) =>
      (
        await readSteps('- step: { identifier: a, name: a, type: Run, spec: { command: y } }', {
          stage,
        })
      ).told;
    assert.match(
      await told('runMode: { type: Manual }'),
      /warning {2}stage 'build': `runMode` says nothing here: it starts by itself/,
    );
    assert.match(
      await told('skipCondition: <+stages.other.status> == "SUCCEEDED"'),
      /warning {2}stage 'build': `skipCondition` says nothing here/,
    );
    assert.equal(await told('runMode: { type: Auto }'), '');
  });

  it('of copies that would make fewer of them are warned of', async () => {
    const { told, plan } = await readSteps(
      '- step: { identifier: a, name: a, type: Run, strategy: { repeat: { items: [x, y, z], start: 1, end: 2, unit: Count, partitionSize: 2 } }, spec: { command: y } }',
    );
    for (const key of ['start', 'end', 'unit', 'partitionSize'])
      assert.match(told, new RegExp(`warning {2}step 'a': \`${key}\` says nothing here`));
    assert.equal(nodesOfPlan(plan!).filter(({ kind }) => kind === 'run').length, 3);
  });

  it('001-8 that mean nothing on this machine are warned of', async () => {
    const { told } = await read(
      'command: x, connectorRef: hub, privileged: true, imagePullPolicy: Always, portBindings: { "1": "1" }, resources: { limits: { cpu: 1 } }',
    );
    for (const key of [
      'connectorRef',
      'privileged',
      'imagePullPolicy',
      'portBindings',
      'resources',
    ])
      assert.match(told, new RegExp(`\`${key}\` says nothing without an \`image\``));
  });

  it('of the stage share folders between its containers', async () => {
    const { plan, told } = await readSteps(
      '- step: { identifier: dind, name: dind, type: Background, spec: { image: "docker:dind", privileged: true } }',
      { spec: 'sharedPaths: [/var/run, /var/lib/docker/]' },
    );
    assert.deepEqual(
      plan?.stages[0]?.around?.folders.map(({ target }) => target),
      ['/var/run', '/var/lib/docker'],
      told,
    );
  });

  it('of the stage share no folder with what runs on this machine and names it, which is told', async () => {
    const { told, plan } = await readSteps(
      `
- step: { identifier: in, name: in, type: Run, spec: { image: x, command: "cp a /shared /other" } }
- step: { identifier: near, name: near, type: Run, spec: { command: "ls /shared-no /my/shared" } }
- step: { identifier: out, name: out, type: Run, spec: { command: "cat /shared/a" } }
- stepGroup: { identifier: g, name: g, sharedPaths: [/mine], steps: [] }
`,
      { spec: 'sharedPaths: [/shared/, /other]' },
    );
    assert.ok(plan);
    const lines = told.split('\n').filter((line) => line.includes('  warning  '));
    assert.deepEqual(
      lines.map((line) => line.replace(/^.*?:(\d+:\d+)/, '$1')),
      [
        "12:25  warning  stage 'build': 'out' runs on this machine, where `/shared` is not what the containers share",
        "18:54  warning  group 'g': `sharedPaths` of a group are not shared here",
      ],
      told,
    );
  });

  it('of a Run step name its outputs, by what the script calls them', async () => {
    const one = await readSteps(
      '- step: { identifier: a, name: a, type: Run, spec: { command: x, outputVariables: [{ name: X }, { name: Y, type: Secret, value: y }] } }',
    );
    assert.deepEqual(stepOf(one, 'a').outputs, [
      { name: 'X', as: 'output:build.a:X' },
      { name: 'y', as: 'output:build.a:Y', isSecret: true },
    ]);
  });

  it('of a Run step that names the file of its secrets declare nothing but secrets', async () => {
    const read = await readSteps(
      `
- step:
    identifier: a
    name: a
    type: Run
    spec:
      command: echo X=1 >> "$HARNESS_OUTPUT_SECRET_FILE"
      outputVariables: [{ name: X }, { name: Y, type: String }]
`,
    );
    assert.deepEqual(stepOf(read, 'a').outputs, [
      { name: 'X', as: 'output:build.a:X', isSecret: true },
      { name: 'Y', as: 'output:build.a:Y', isSecret: true },
    ]);
  });
});
