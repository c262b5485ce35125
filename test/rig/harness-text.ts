/** Where a stage of the tests runs. */
export const cloud = 'platform: { os: Linux, arch: Amd64 }, runtime: { type: Cloud, spec: {} }';
export const pod =
  'infrastructure: { type: KubernetesDirect, spec: { connectorRef: k8s, namespace: ci } }';

/** What a pipeline of one stage has besides its steps: lines of YAML for each of its levels. */
export interface OneStage {
  /** Absent: `p`. */
  readonly name?: string | undefined;
  /** Where it runs. Absent: in the cloud of Harness, which is here. */
  readonly runs?: string | undefined;
  readonly pipeline?: string | undefined;
  readonly stage?: string | undefined;
  readonly spec?: string | undefined;
}

/** The text of a pipeline of one stage, `build`, whose steps are given as a list of YAML. */
export const oneStage = (
  steps: string,
  { name = 'p', runs = cloud, pipeline = '', stage = '', spec = '' }: OneStage = {},
): string =>
  `pipeline:
  identifier: ${name}
  name: ${name}
${indented(pipeline, 2)}  stages:
    - stage:
        identifier: build
        name: build
        type: CI
${indented(stage, 8)}        spec:
${indented(runs.replace(/, (runtime|infrastructure):/, '\n$1:'), 10)}${indented(spec, 10)}          execution:
            steps:
${indented(steps, 14)}`;

function indented(lines: string, columns: number): string {
  const text = lines.replace(/^\n+|\s+$/g, '');
  return text === '' ? '' : `${text.replaceAll(/^/gm, ' '.repeat(columns))}\n`;
}
