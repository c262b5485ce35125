/** What of a part of a pipeline says nothing to a run on this machine; `*` is whatever is not named. */
interface Part {
  readonly [key: string]: Part | 'unused';
}

const used: Part = {};

const remarks: Part = { description: 'unused', tags: 'unused', delegateSelectors: 'unused' };

const variables: Part = { '*': { description: 'unused' } };

/** A step, or a group of steps. */
const step: Part = {
  ...remarks,
  variables,
  spec: { delegateSelectors: 'unused', approverInputs: { '*': { description: 'unused' } } },
  get steps(): Part {
    return { '*': step };
  },
};

const infrastructure: Part = {
  '*': 'unused',
  runAsUser: used,
  imagePullPolicy: used,
  containerSecurityContext: { '*': 'unused', runAsUser: used, privileged: used },
  volumes: { '*': { spec: { '*': 'unused', path: used } } },
};

const stage: Part = {
  ...remarks,
  variables,
  spec: {
    infrastructure: { spec: infrastructure },
    runtime: { spec: 'unused' },
    caching: 'unused',
    buildIntelligence: 'unused',
    slsa_provenance: 'unused',
    execution: { steps: { '*': step } },
    serviceDependencies: { '*': step },
  },
};

const pipeline: Part = {
  ...remarks,
  variables,
  notificationRules: 'unused',
  properties: { ci: { codebase: 'unused' } },
  stages: { '*': stage },
};

/** Whether what stands at a path says nothing to a run on this machine. */
export function isNotNeeded(path: readonly string[]): boolean {
  let part: Part | 'unused' | undefined = pipeline;
  for (const key of path)
    if (typeof part === 'object') part = Object.hasOwn(part, key) ? part[key] : part['*'];
  return part === 'unused';
}
