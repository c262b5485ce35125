import { key, noted, text } from '../common/values.ts';
import { anything, flag, listOf, mapOf, open, someText, word } from './values.ts';
import { timeout } from './timeouts.ts';
import { pullPolicies, runAsUser } from './spec-keys.ts';
import { variable } from './step-keys.ts';

/** The schemas of a pipeline, and of the settings of its stages. */

export const pipeline = () =>
  open(
    {
      identifier: key(text('an identifier'), 'What expressions call it.'),
      name: noted({ description: 'What people call it.' }, text('a name')),
      projectIdentifier: key(anything(), 'For expressions.'),
      orgIdentifier: key(anything(), 'For expressions.'),
      description: key(anything(), 'For people.'),
      tags: key(mapOf(anything(), 'a map of tags'), 'For people.'),
      stages: key(listOf(anything(), 'a list of stages'), 'What is done, in this order.'),
      variables: key(listOf(variable(), 'a list of variables'), 'Variables of every step.'),
      properties: key(anything(), 'For expressions: the workspace is the codebase.'),
      timeout: key(timeout(), 'How long the whole run may take.'),
      flowControl: key(anything(), 'Not used here.'),
      notificationRules: key(anything(), 'Not used here.'),
      delegateSelectors: key(anything(), 'Not used here.'),
      allowStageExecutions: key(anything(), 'Not used here.'),
      fixedInputsOnRerun: key(anything(), 'Not used here.'),
    },
    'a map with `identifier`, `name` and `stages`',
  );

const steps = () =>
  open(
    {
      steps: noted({ description: 'The steps.' }, listOf(anything(), 'a list of steps')),
      rollbackSteps: key(anything(), 'Not used here.'),
    },
    'a map with `steps`',
  );

/** The settings of a CI stage. */
export const ciSpec = () =>
  open(
    {
      cloneCodebase: key(flag(), 'The workspace is taken as it is.'),
      execution: key(steps(), 'What is done.'),
      platform: key(
        open(
          {
            os: key(word(['Linux', 'MacOS', 'Windows']), 'The system that the steps are for.'),
            arch: key(word(['Amd64', 'Arm64']), 'The processor that the steps are for.'),
          },
          'a map with `os` and `arch`',
        ),
        'What kind of machine it is for.',
      ),
      runtime: key(
        open(
          { type: noted({}, word(['Cloud', 'Docker'])), spec: key(anything(), 'Not used here.') },
          'a map with `type`',
        ),
        'Where Harness runs it: its cloud, or a runner of Docker.',
      ),
      infrastructure: key(
        open(
          {
            type: key(word(['VM', 'KubernetesDirect', 'UseFromStage']), 'Where Harness runs it.'),
            spec: key(anything(), 'Settings of that.'),
            useFromStage: key(text('the identifier of a stage'), 'As that stage has it.'),
          },
          'a map with `type` and `spec`, or with `useFromStage`',
        ),
        'Where Harness runs it.',
      ),
      sharedPaths: key(
        listOf(someText('a path'), 'a list of paths'),
        'Folders that all containers of the stage share.',
      ),
      caching: key(anything(), 'Not used here.'),
      buildIntelligence: key(anything(), 'Not used here.'),
      serviceDependencies: key(
        listOf(anything(), 'a list of services'),
        'Services that start together before the first step.',
      ),
      slsa_provenance: key(anything(), 'Not used here.'),
    },
    'a map with `execution`',
  );

/** The settings of a stage that only asks and waits. */
export const plainSpec = () =>
  open(
    { execution: key(steps(), 'What is done.'), environment: key(anything(), 'Not used here.') },
    'a map with `execution`',
  );

const unused = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, key(anything(), 'Not used here.')]));

/** What else a pod may allow its containers. */
export const unusedAllowances = [
  'capabilities',
  'runAsNonRoot',
  'runAsGroup',
  'readOnlyRootFilesystem',
  'allowPrivilegeEscalation',
  'procMount',
] as const;

const securityContext = () =>
  open(
    {
      privileged: key(flag(), 'Whether its containers may do anything.'),
      runAsUser: key(runAsUser(), 'As the one beside, which goes before it.'),
      ...unused(unusedAllowances),
    },
    'a map with `privileged` and `runAsUser`',
  );

/** The settings of a pod that mean something here. */
export const podSpec = () =>
  open(
    {
      connectorRef: key(someText('a connector'), 'Not used here.'),
      namespace: key(someText('a namespace'), 'Not used here.'),
      volumes: key(
        listOf(
          open(
            {
              mountPath: noted({}, someText('a path')),
              type: noted(
                {},
                word(['EmptyDir', 'PersistentVolumeClaim', 'HostPath', 'ConfigMap', 'Secret']),
              ),
              spec: key(anything(), 'Settings of it.'),
            },
            'a map with `mountPath` and `type`',
          ),
          'a list of volumes',
        ),
        'Folders that all containers share.',
      ),
      runAsUser: key(runAsUser(), 'The user of its containers that name none.'),
      imagePullPolicy: key(word(pullPolicies), 'The policy of its containers that have none.'),
      containerSecurityContext: key(
        securityContext(),
        'What its containers may do that do not say it themselves.',
      ),
      ...unused([
        'serviceAccountName',
        'automountServiceAccountToken',
        'labels',
        'annotations',
        'nodeSelector',
        'tolerations',
        'priorityClassName',
        'hostNames',
        'initTimeout',
        'harnessImageConnectorRef',
        'os',
        'podSpecOverlay',
      ]),
    },
    'a map with `connectorRef` and `namespace`',
  );
