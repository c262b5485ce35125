/** Where a stage runs whose steps are containers, or processes of this machine. */
export const onCloud = `platform: { os: Linux, arch: Amd64 }
runtime: { type: Cloud, spec: {} }`;

/** Where all containers of a stage share one network. */
export const inPod = `infrastructure:
  type: KubernetesDirect
  spec: { connectorRef: cluster, namespace: ci }`;

/** A Harness pipeline of one stage, `build`, with these steps, a list in YAML. */
export const harnessStage = (
  steps: string,
  {
    runs = onCloud,
    pipeline = '',
    stage = '',
    spec = '',
  }: {
    readonly runs?: string;
    /** Further keys of the pipeline. */
    readonly pipeline?: string;
    /** Further keys of the stage. */
    readonly stage?: string;
    /** Further keys of its `spec`. */
    readonly spec?: string;
  } = {},
): string => `pipeline:
  identifier: p
  name: p
${indented(2, pipeline)}  stages:
    - stage:
        identifier: build
        name: build
        type: CI
${indented(8, stage)}        spec:
          cloneCodebase: false
${indented(10, runs)}${indented(10, spec)}          execution:
            steps:
${indented(14, steps)}`;

const indented = (by: number, text: string): string =>
  text.trim() === ''
    ? ''
    : `${text.replace(/^\n+|\s+$/g, '').replaceAll(/^(?=.)/gm, ' '.repeat(by))}\n`;

/** A step in YAML, with the keys of its `spec` and others, each a line or more. */
export function harnessStep(
  type: 'Background' | 'Run',
  identifier: string,
  spec: string,
  more = '',
): string {
  return `- step:
    type: ${type}
    identifier: ${identifier}
    name: ${identifier}
${indented(4, more)}    spec:
${indented(6, spec)}`;
}

/** What a step needs to run in a container of an image of the tests, on every kind of infrastructure. */
export const inImage = (name: string): string => `connectorRef: hub
image: continuo-test/${name}
imagePullPolicy: Never`;

/** A step that runs to its end, by a script for a POSIX shell, with what `spec` says besides. */
export const harnessRun = (identifier: string, script: string, spec = '', more?: string): string =>
  harnessStep('Run', identifier, `${spec}\nshell: Sh\n${command(script)}`, more);

/** A script as the `command` of a step. */
export const command = (script: string): string => `command: |\n${indented(2, script)}`;

export const harnessGroup = (identifier: string, ...steps: readonly string[]): string =>
  `- stepGroup:
    identifier: ${identifier}
    name: ${identifier}
    steps:
${indented(6, steps.join('\n'))}`;

export const harnessParallel = (...steps: readonly string[]): string =>
  `- parallel:\n${indented(4, steps.join('\n'))}`;
