import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { fail, ok } from '../../base/result.ts';
import { Findings } from '../common/diagnostic.ts';
import { parseYaml } from '../common/parse-yaml.ts';
import { unread } from '../common/read-source.ts';
import { toSource } from '../common/source.ts';
import { toValue } from '../common/tree.ts';
import { settle } from './settle.ts';
import { compareVersions } from './template-versions.ts';

/** A template for each text, which is what stands under `template`, in a file of its own. */
const filesOf = (templates: Readonly<Record<string, string>>) =>
  Object.entries(templates).map(([name, text]) =>
    toSource(`t/${name}.yaml`, `template:\n${text.trim().replaceAll(/^/gm, '  ')}\n`),
  );

/** What a step, or another part of a pipeline, comes to; and what is told of it. */
async function used(part: string, templates: Readonly<Record<string, string>>) {
  const source = toSource('p.yaml', part);
  const findings = new Findings(source);
  let reads = 0;
  const settled = await settle(parseYaml(findings)!, findings, {
    templates: () => {
      reads++;
      return Promise.resolve(filesOf(templates).map(ok));
    },
  });
  const told = findings
    .all()
    .map(({ severity, message, where: { file, line, column }, hint, related = [] }) =>
      [
        `${severity} ${file}:${line}:${column} ${message}`,
        ...(hint === undefined ? [] : [hint]),
        ...related.map(
          ({ message: why, where }) => `${why} ${where.file}:${where.line}:${where.column}`,
        ),
      ].join(' | '),
    );
  const value = JSON.parse(JSON.stringify(toValue(settled.tree))) as unknown;
  return { value, told, reads, sources: settled.sources.map(({ file }) => file) };
}

const postgres = `
identifier: postgres_service
name: postgres service
type: Step
versionLabel: "1.2"
orgIdentifier: default
allowedOverrides: [ConditionalExecution]
spec:
  type: Background
  timeout: 10m
  spec:
    image: <+input>
    envVariables:
      POSTGRES_PASSWORD: <+secrets.getValue("org.pg")>
      POSTGRES_DB: <+input>.default(app)
`;

const step = (use: string) => `step:\n  identifier: db\n  name: db\n${use}`;

describe('templates', () => {
  it('001, 1.10: a step takes what its template says, and keeps its own identifier', async () => {
    const { value, told, sources } = await used(
      step(
        `  template:
    templateRef: org.postgres_service
    versionLabel: "1.2"
    templateInputs: { type: Background, spec: { image: "postgres:16", envVariables: { POSTGRES_DB: shop } } }`,
      ),
      { postgres },
    );
    assert.deepEqual(told, []);
    assert.deepEqual(value, {
      step: {
        identifier: 'db',
        name: 'db',
        type: 'Background',
        timeout: '10m',
        spec: {
          image: 'postgres:16',
          envVariables: {
            POSTGRES_PASSWORD: '<+secrets.getValue("org.pg")>',
            POSTGRES_DB: 'shop',
          },
        },
      },
    });
    assert.deepEqual(sources, ['t/postgres.yaml', '--input']);
  });

  it('leave what nobody gives to whoever runs the pipeline', async () => {
    const { told } = await used(step('  template: { templateRef: org.postgres_service }'), {
      postgres,
    });
    assert.deepEqual(told, [
      'error t/postgres.yaml:12:14 the input `step.spec.image` is missing | give it by `--input step.image=…` | used here p.yaml:4:28',
    ]);
  });

  it('that are asked for in turn keep what the template says of the input', async () => {
    const { value, told } = await used(
      step(`  template:
    templateRef: org.postgres_service
    templateInputs: { spec: { image: <+input>.default(a), envVariables: { POSTGRES_DB: <+input> } } }`),
      { postgres },
    );
    assert.deepEqual(told, []);
    assert.match(JSON.stringify(value), /"image":"a".*"POSTGRES_DB":"app"/);
  });

  it('check what is given as they would an input', async () => {
    const own = postgres.replace('image: <+input>', 'image: <+input>.allowedValues(a,b)');
    const { told } = await used(
      step(
        '  template: { templateRef: org.postgres_service, templateInputs: { spec: { image: c } } }',
      ),
      { own },
    );
    assert.deepEqual(told, [
      'error p.yaml:4:83 this must be one of a, b | the template asks for it here t/own.yaml:12:14',
    ]);
  });

  it('let only inputs be given, and say what is not taken', async () => {
    const { value, told } = await used(
      step(`  template:
    templateRef: org.postgres_service
    templateInputs:
      timeout: 5m
      spec: { image: a, envVariable: { A: b } }
  when: { stageStatus: All }
  strategy: { parallelism: 2 }`),
      { postgres },
    );
    assert.deepEqual(told, [
      'warning p.yaml:7:7 the template fixes this: what is given here is not taken | only what is `<+input>` in the template can be given | the template has it here t/postgres.yaml:10:14',
      'warning p.yaml:8:25 the template has no `envVariable` here: what is given for it is not taken | did you mean `envVariables`?',
      'warning p.yaml:10:3 `strategy` beside `template` changes nothing | the template lets its users say it when its `allowedOverrides` have LoopingStrategy | what the template lets its users say t/postgres.yaml:7:3',
    ]);
    assert.match(JSON.stringify(value), /"timeout":"10m".*"when":\{"stageStatus":"All"\}/);
  });

  it('002-12: without a version are the stable one: the one that says so, else the highest', async () => {
    const version = (label: string, more = '') =>
      `identifier: a\ntype: Step\nversionLabel: "${label}"${more}\nspec: { type: "${label}" }`;
    const one = step('  template: { templateRef: a }');
    const templates = { a: version('1.9'), b: version('1.10'), c: version('1.2') };
    assert.match(JSON.stringify((await used(one, templates)).value), /"type":"1.10"/);
    const stable = { ...templates, c: version('1.2', '\nstable: true') };
    assert.match(JSON.stringify((await used(one, stable)).value), /"type":"1.2"/);
    const exact = step('  template: { templateRef: a, versionLabel: 1.10 }');
    assert.match(JSON.stringify((await used(exact, stable)).value), /"type":"1.10"/);
    const { told } = await used(
      step('  template: { templateRef: a, versionLabel: "1.11" }'),
      stable,
    );
    assert.deepEqual(told, [
      'error p.yaml:4:45 the template `a` has no version `1.11` | did you mean `1.10`?',
    ]);
  });

  it('belong to a project, an organisation or an account, or do not say', async () => {
    const a = (scope: string) => `identifier: a\ntype: Step\n${scope}\nspec: { type: "${scope}" }`;
    const templates = {
      project: a('projectIdentifier: p'),
      org: a('orgIdentifier: o'),
      any: a('description: any'),
    };
    const typeOf = async (ref: string) =>
      JSON.stringify((await used(step(`  template: { templateRef: ${ref} }`), templates)).value);
    assert.match(await typeOf('a'), /"type":"projectIdentifier: p"/);
    assert.match(await typeOf('org.a'), /"type":"orgIdentifier: o"/);
    assert.match(await typeOf('account.a'), /"type":"description: any"/);
  });

  it('that are not there are told with the nearest name, or with where they are looked for', async () => {
    const one = async (ref: string, templates: Readonly<Record<string, string>>) =>
      (await used(step(`  template: { templateRef: ${ref} }`), templates)).told;
    assert.deepEqual(await one('org.postgres_servise', { postgres }), [
      'error p.yaml:4:28 there is no template `org.postgres_servise` | did you mean `org.postgres_service`?',
    ]);
    assert.deepEqual(await one('postgres_service', { postgres }), [
      'error p.yaml:4:28 there is no template `postgres_service` | did you mean `org.postgres_service`?',
    ]);
    assert.match((await one('x', {})).join(), /looked for in `.harness\/templates`/);
  });

  it('that are not there leave a step that others may name', async () => {
    const { value } = await used(step('  template: { templateRef: a }'), {});
    assert.deepEqual(value, { step: { identifier: 'db', name: 'db', type: null, spec: null } });
  });

  it('that are there twice are told', async () => {
    const { told } = await used(step('  template: { templateRef: org.postgres_service }'), {
      postgres,
      again: postgres,
    });
    assert.deepEqual(told, [
      'error p.yaml:4:28 there are 2 templates `org.postgres_service` of one version | keep one of them, or give them different versions | one of them t/postgres.yaml:1:1 | one of them t/again.yaml:1:1',
    ]);
  });

  it('002-11: are used as what they are: a stage with a group with a step', async () => {
    const stage = `
identifier: ci
type: Stage
spec:
  type: CI
  variables: [{ name: MODE, type: String, value: <+input> }]
  spec:
    execution:
      steps:
        - stepGroup:
            identifier: deps
            name: deps
            template: { templateRef: deps, templateInputs: { steps: [{ step: { identifier: db, spec: { image: <+input> } } }] } }
`;
    const deps = `
identifier: deps
type: StepGroup
spec:
  steps:
    - step: { identifier: db, name: db, type: Background, spec: { image: <+input> } }
`;
    const { value, told } = await used(
      `
pipeline:
  identifier: p
  template:
    templateRef: all
`,
      {
        stage,
        deps,
        all: `
identifier: all
type: Pipeline
spec:
  stages:
    - parallel:
        - stage:
            identifier: one
            name: one
            template:
              templateRef: ci
              templateInputs:
                type: CI
                variables: [{ name: MODE, type: String, value: fast }]
                spec: { execution: { steps: [{ stepGroup: { identifier: deps, template: { templateInputs: { steps: [{ step: { identifier: db, spec: { image: redis } } }] } } } }] } }
`,
      },
    );
    assert.deepEqual(told, []);
    assert.deepEqual(value, {
      pipeline: {
        identifier: 'p',
        stages: [
          {
            parallel: [
              {
                stage: {
                  identifier: 'one',
                  name: 'one',
                  type: 'CI',
                  variables: [{ name: 'MODE', type: 'String', value: 'fast' }],
                  spec: {
                    execution: {
                      steps: [
                        {
                          stepGroup: {
                            identifier: 'deps',
                            name: 'deps',
                            steps: [
                              {
                                step: {
                                  identifier: 'db',
                                  name: 'db',
                                  type: 'Background',
                                  spec: { image: 'redis' },
                                },
                              },
                            ],
                          },
                        },
                      ],
                    },
                  },
                },
              },
            ],
          },
        ],
      },
    });
  });

  it('that use themselves, or are of another type, are told with the way to them', async () => {
    const group = (name: string, other: string) => `
identifier: ${name}
type: StepGroup
spec:
  steps:
    - stepGroup: { identifier: x, name: x, template: { templateRef: ${other} } }
`;
    const templates = { a: group('a', 'b'), b: group('b', 'a') };
    const { told } = await used('stepGroup: { template: { templateRef: a } }', templates);
    assert.deepEqual(told, [
      'error t/b.yaml:6:71 the template `a` uses itself | the template t/a.yaml:3:3 | used here t/a.yaml:6:71 | used here p.yaml:1:39',
    ]);
    const wrong = await used(step('  template: { templateRef: a }'), templates);
    assert.match(wrong.told.join(), /is of type `StepGroup`, and cannot be used as a `step`/);
  });

  it('have their own mistakes told in their own file', async () => {
    const { told } = await used(step('  template: { templateRef: a }'), {
      a: 'identifier: a\ntype: Step\ntype: Step\nversionLabel: 1',
    });
    assert.deepEqual(told, [
      'error t/a.yaml:1:1 a template says what it is in `spec`, a map | used here p.yaml:4:28',
      'error t/a.yaml:4:3 the key `type` stands here a second time | keep one of the two | first written here t/a.yaml:3:3 | used here p.yaml:4:28',
    ]);
  });

  it('that grow without end are stopped', async () => {
    const group = (name: string, other: string) =>
      `identifier: ${name}\ntype: StepGroup\nspec:\n  steps:\n${`    - stepGroup: { identifier: x, template: { templateRef: ${other} } }\n`.repeat(4)}`;
    const names = Array.from({ length: 12 }, (_, at) => `t${at}`);
    const templates = Object.fromEntries(
      names.map((name, at) => [name, group(name, `t${at + 1}`)]),
    );
    const { told } = await used('stepGroup: { template: { templateRef: t0 } }', templates);
    assert.match(told.join('\n'), /more than 10000 templates are used/);
  });

  it('are not looked for when nobody uses one', async () => {
    assert.equal((await used('step: { name: template }', { postgres })).reads, 0);
    assert.equal((await used(step('  template: { templateRef: a }'), { postgres })).reads, 1);
  });

  it('in a file that cannot be read may be the one that is missing', async () => {
    const source = toSource('p.yaml', step('  template: { templateRef: a }'));
    const findings = new Findings(source);
    const broken = toSource('t/b.yaml', 'template:\n  name: a: b\n');
    await settle(parseYaml(findings)!, findings, {
      templates: () =>
        Promise.resolve([fail(unread('t/a.yaml', 'this file may not be read by you')), ok(broken)]),
    });
    assert.deepEqual(
      findings.all().map(({ where, related = [] }) => [where.file, related.length]),
      [
        ['p.yaml', 0],
        ['t/a.yaml', 1],
        ['t/b.yaml', 1],
      ],
    );
  });
});

it('versions are compared by their numbers, and what is released is above what is not', () => {
  const sorted = ['1.0-rc1', '1.0-rc2', '1.0', '1.9', '1.10', '2', 'v1'];
  assert.deepEqual(sorted.toReversed().sort(compareVersions), sorted);
  assert.ok(compareVersions(undefined, '0') < 0);
});
