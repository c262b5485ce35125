import { valueSpan } from '../common/tree.ts';
import { aboutOf } from './place.ts';

import type { Spot } from '../common/tree.ts';
import type { Place } from './place.ts';

/** Types of steps that are carried out. */
export const runnable = ['Background', 'Run', 'Wait', 'HarnessApproval', 'GitClone'] as const;

/** Types of steps that Harness has, as far as they are met beside those. */
export const stepTypes: readonly string[] = [
  ...runnable,
  'Plugin',
  'Action',
  'Bitrise',
  'RunTests',
  'Test',
  'BuildAndPushDockerRegistry',
  'BuildAndPushECR',
  'BuildAndPushGAR',
  'BuildAndPushACR',
  'BuildAndPushGCR',
  'SaveCacheS3',
  'SaveCacheGCS',
  'RestoreCacheS3',
  'RestoreCacheGCS',
  'S3Upload',
  'GCSUpload',
  'ArtifactoryUpload',
  'Security',
  'Barrier',
  'Queue',
  'Http',
  'ShellScript',
  'Container',
  'Email',
  'JiraApproval',
  'JiraCreate',
  'JiraUpdate',
  'ServiceNowApproval',
  'CustomApproval',
  'Policy',
];

/** Types of stages that are carried out. */
export const runnableStages = ['CI', 'Approval', 'Custom'] as const;

export const stageTypes: readonly string[] = [
  ...runnableStages,
  'Deployment',
  'Pipeline',
  'SecurityTests',
  'IACM',
  'Dynamic',
  'FeatureFlag',
  'IDP',
  'DRTest',
  'CompositeLoadTest',
];

/** Says that something cannot be carried out here: a mistake, unless such things are to be skipped. */
export function notRunHere(type: Spot, what: string, place: Place): void {
  const { findings, options } = place.reading;
  if (options.skipUnsupported === true)
    findings.warning(valueSpan(type), `${aboutOf(place)}: ${what} is not run here, and is skipped`);
  else
    findings.error(valueSpan(type), `${aboutOf(place)}: ${what} is not run here`, {
      hint: 'with `--skip-unsupported` it is skipped',
    });
}
