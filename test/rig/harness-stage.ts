import { oneStage, pod } from './harness-text.ts';

import type { OneStage } from './harness-text.ts';

/** Where all containers of a stage share one network. */
export const inPod = pod;

/** A Harness pipeline of one stage, `build`, with these steps, a list in YAML; its workspace is what is there. */
export const harnessStage = (steps: string, { spec = '', ...more }: OneStage = {}): string =>
  oneStage(steps, { ...more, spec: `cloneCodebase: false\n${spec}` });

const indented = (by: number, text: string): string =>
  text.trim() === ''
    ? ''
    : `${text.replace(/^\n+|\s+$/g, '').replaceAll(/^(?=.)/gm, ' '.repeat(by))}\n`;

/** A step in YAML, with the keys of its `spec` and others, each a line or more. */
export function harnessStep(
  type: 'Background' | 'HarnessApproval' | 'Run',
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

/** A service that does nothing until it is stopped. */
export const harnessIdler = (identifier: string): string =>
  harnessStep('Background', identifier, `shell: Sh\n${command('while :; do sleep 0.05; done')}`);

/** What a person is asked about a failure; `then` is what comes of that when nobody answers. */
export const askingOnFailure = (then: 'Abort' | 'Ignore'): string => `failureStrategies:
  - onFailure:
      errors: [AllErrors]
      action: { type: ManualIntervention, spec: { timeout: 1h, onTimeout: { action: { type: ${then} } } } }`;

/** An approval that asks for a `target`, `test` or `live`. */
export const harnessApproval = (identifier: string): string =>
  harnessStep(
    'HarnessApproval',
    identifier,
    `approvalMessage: Deploy <+pipeline.name>?
includePipelineExecutionHistory: false
approvers: { minimumCount: 1, disallowPipelineExecutor: false }
approverInputs: [{ name: target, allowedValues: 'test,live' }]`,
    'timeout: 1h',
  );
