/** Pipelines that are run before and after they are said in the other language. */
export interface ConvertStory {
  readonly shows: string;
  readonly text: string;
  /** Words of the command line for it, and for what it becomes. Absent: none, and the same. */
  readonly before?: readonly string[];
  readonly after?: readonly string[];
  /** Absent: 0. */
  readonly code?: number;
  readonly happened: readonly string[];
}

const cix = (items: string): string =>
  `version: 2.1\npipeline:\n${items.replaceAll(/^(?=.)/gm, '  ')}`;

const harness = (steps: string, variables = ''): string => `pipeline:
  identifier: demo
  name: demo
${variables}  stages:
    - stage:
        identifier: build
        name: build
        type: CI
        spec:
          platform: { os: Linux, arch: Amd64 }
          runtime: { type: Docker, spec: {} }
          execution:
            steps:
${steps.replaceAll(/^(?=.)/gm, '              ')}`;

export const cixStories: readonly ConvertStory[] = [
  {
    shows: 'with a service that steps wait for, and that ends last',
    text: cix(`- step:
    name: queue
    background: true
    commands-output: minimal
    commands: [echo up, exec sleep 1000]
    ready: { log: ^up$ }
    stop: { signal: INT, grace: 1s }
- step:
    name: worker
    background: true
    commands-output: minimal
    commands:
      - exec 2> /dev/null
      - trap 'echo bye; exit 0' TERM
      - echo working
      - while true; do sleep 0.05; done
    ready: { log: working }
    needs: queue
- step:
    name: use
    commands-output: minimal
    commands: [echo used]
`),
    happened: [
      ...['queue ready', 'worker ready', 'use started', 'use succeeded'],
      ...['worker stopped', 'queue stopped', 'run succeeded'],
    ],
  },
  {
    shows: 'with variables of the run, defaults and a condition',
    text: cix(`- step:
    name: greet
    environment:
      - { name: WHO }
      - { name: HOW, default: hello }
      - { name: BOTH, value: "$$HOW $$WHO" }
    commands-output: minimal
    commands: ['echo "$HOW, $WHO: $BOTH"']
- step:
    name: main
    when: [{ operator: EQ, value: $$WHO, other: world }]
    commands-output: minimal
    commands: [echo for the world]
- step:
    name: other
    when: [{ operator: NOT_MATCHES, value: $$WHO, expressions: 'w.*,v\\d{1,2}' }]
    commands-output: minimal
    commands: [echo never]
`),
    before: ['-e', 'WHO=world', '-e', 'HOW=welcome'],
    after: ['--input', 'WHO=world', '--input', 'HOW=welcome'],
    happened: [
      ...['greet started', 'greet succeeded', 'main started', 'main succeeded'],
      ...['other skipped', 'run succeeded'],
    ],
  },
  {
    shows: 'with a group that is tried again as a whole, in folders of the workspace',
    text: cix(`- steps:
    name: release
    retry: { iterations: 3, backoff: 0.1s }
    pipeline:
      - step:
          name: prepare
          commands-output: minimal
          commands: [mkdir -p out, echo prepared, echo x >> out/attempts]
      - step:
          name: deploy
          working-dir: out
          commands-shell: /bin/bash
          commands-output: minimal
          commands: ['[[ $(wc -l < attempts) -eq 2 ]]', echo deployed]
- step:
    name: after
    arguments: [echo, "it's", done]
`),
    happened: [
      ...['prepare started', 'prepare succeeded', 'deploy started', 'deploy failed'],
      ...['prepare started', 'prepare succeeded', 'deploy started', 'deploy succeeded'],
      ...['after started', 'after succeeded', 'run succeeded'],
    ],
  },
  {
    shows: 'with a step that may fail, one that is tried again, and one that fails for good',
    text: cix(`- step:
    name: may
    continue-on-fail: true
    commands-output: minimal
    commands: [echo may, exit 3]
- step:
    name: flaky
    retry: { iterations: 3 }
    commands-output: minimal
    commands: [echo x >> attempts, '[ "$(wc -l < attempts)" -eq 3 ]']
- step:
    name: broken
    commands-output: minimal
    commands: [echo broken, exit 4]
- step:
    name: never
    commands: [echo never]
`),
    code: 1,
    happened: [
      ...['may started', 'may ignored'],
      ...['flaky started', 'flaky started', 'flaky started', 'flaky succeeded'],
      ...['broken started', 'broken failed', 'never skipped', 'run failed'],
    ],
  },
  {
    shows: 'with copies that are told what they are',
    text: cix(`- step:
    name: say
    for-each: a, b,,c
    element-variable: LETTER
    counter-variable: NUMBER
    commands-output: minimal
    commands: ['echo "$NUMBER $LETTER"']
- step:
    name: times
    loop: $$COUNT
    commands-output: minimal
    commands: [echo again]
`),
    before: ['-e', 'COUNT=2'],
    after: ['--input', 'COUNT=2'],
    happened: [
      ...['say started', 'say succeeded', 'say started', 'say succeeded'],
      ...['say started', 'say succeeded', 'times started', 'times succeeded'],
      ...['times started', 'times succeeded', 'run succeeded'],
    ],
  },
  {
    shows: 'with words and texts that each language reads in its own way',
    text: cix(`- step:
    name: words
    environment: [{ name: WHO, value: somebody else }]
    arguments: [printf, '%s|', "$$WHO's \\"x\\" $HOME \\\\", "$$API_TOKEN", "<$$NUMBER>"]
- step:
    name: texts
    commands-output: minimal
    commands: ['echo "<+not ours> <+pipeline.name>"', 'echo "a <+ b"']
`),
    before: ['-e', 'WHO=a  $b', '-e', 'API_TOKEN=$(c) d', '-e', 'NUMBER=7'],
    after: ['--input', 'WHO=a  $b', '-e', 'API_TOKEN=$(c) d', '--input', 'NUMBER=7'],
    happened: [
      ...['words started', 'words succeeded', 'texts started', 'texts succeeded'],
      'run succeeded',
    ],
  },
  {
    shows: 'with a service that dies and takes the run with it',
    text: cix(`- step:
    name: db
    background: true
    commands-output: minimal
    commands: [echo up, 'until [ -e go ]; do sleep 0.02; done', echo dying, exit 5]
    ready: { log: up }
- step:
    name: use
    commands-output: minimal
    commands: [echo using, touch go, exec sleep 1000]
`),
    code: 1,
    happened: ['db ready', 'use started', 'db died', 'run failed'],
  },
];

export const harnessStories: readonly ConvertStory[] = [
  {
    shows: 'with a service in a group, and steps that need it',
    text: harness(`- stepGroup:
    identifier: data
    name: data
    steps:
      - step:
          identifier: db
          name: db
          type: Background
          spec:
            command: |
              exec 2> /dev/null
              trap 'echo bye; exit 0' TERM
              echo up
              while true; do sleep 0.05; done
            ready: { log: up }
            stop: { grace: 2s }
      - step:
          identifier: fill
          name: fill it
          type: Run
          spec: { needs: [db], command: echo filled }
- step:
    identifier: use
    name: use
    type: Run
    spec:
      shell: Bash
      command: |
        words=(a b)
        echo "\${#words[@]} words"
`),
    happened: [
      ...['db ready', 'fill started', 'fill succeeded', 'use started', 'use succeeded'],
      ...['db stopped', 'run succeeded'],
    ],
  },
  {
    shows: 'with inputs, variables of its stage, and a secret in a script',
    text: harness(
      `- step:
    identifier: tell
    name: tell
    type: Run
    spec:
      command: |
        echo 'the <+pipeline.variables.WHAT> is <+secrets.getValue("account.word")>' "for $WHO"
        if [ "$LEVEL" = debug ]; then
          echo "<+pipeline.variables.WHO> looks"
        fi
      envVariables:
        LEVEL: <+pipeline.variables.LEVEL>
`,
      `  variables:
    - { name: WHO, type: String, value: <+input>.default(you) }
    - { name: LEVEL, type: String, value: debug }
    - { name: WHAT, type: String, value: <+input> }
`,
    ),
    before: ['--input', 'WHAT=word', '-e', 'word=s3cret'],
    after: ['-e', 'WHAT=word', '-e', 'word=s3cret'],
    happened: ['tell started', 'tell succeeded', 'run succeeded'],
  },
  {
    shows: 'with strategies for failures',
    text: harness(`- step:
    identifier: may
    name: may
    type: Run
    failureStrategies: [{ onFailure: { errors: [AllErrors], action: { type: Ignore } } }]
    spec: { command: echo may; exit 3 }
- step:
    identifier: flaky
    name: flaky
    type: Run
    failureStrategies:
      - onFailure:
          errors: [AllErrors]
          action:
            type: Retry
            spec: { retryCount: 2, retryIntervals: [0.1s], onRetryFailure: { action: { type: MarkAsFailure } } }
    spec: { command: "echo x >> attempts\\n[ $(wc -l < attempts) -eq 3 ]" }
- step:
    identifier: slow
    name: slow
    type: Run
    timeout: 0.2s
    spec: { command: exec sleep 1000 }
- step: { identifier: never, name: never, type: Run, spec: { command: echo never } }
`),
    code: 1,
    happened: [
      ...['may started', 'may ignored'],
      ...['flaky started', 'flaky started', 'flaky started', 'flaky succeeded'],
      ...['slow started', 'slow timed-out', 'never skipped', 'run failed'],
    ],
  },
  {
    shows: 'with two stages, each with a service of its own',
    text: `pipeline:
  identifier: two
  name: two
  stages:
${['one', 'two']
  .map(
    (stage) => `    - stage:
        identifier: ${stage}
        name: ${stage}
        type: CI
        variables: [{ name: STAGE, type: String, value: ${stage} }]
        spec:
          platform: { os: Linux, arch: Amd64 }
          runtime: { type: Docker, spec: {} }
          execution:
            steps:
              - step: { identifier: ${stage}db, name: db, type: Background, spec: { command: "echo up in $STAGE\\nexec sleep 1000", ready: { log: up } } }
              - step: { identifier: ${stage}use, name: use, type: Run, spec: { command: "echo $STAGE, $HARNESS_STEP_ID, $CI" } }
`,
  )
  .join('')}`,
    happened: [
      ...['onedb ready', 'oneuse started', 'oneuse succeeded', 'onedb stopped'],
      ...['twodb ready', 'twouse started', 'twouse succeeded', 'twodb stopped'],
      'run succeeded',
    ],
  },
  {
    shows: 'with waits, and conditions that the run decides',
    text: harness(`- step: { identifier: rest, name: rest, type: Wait, spec: { duration: 0.1s } }
- step:
    identifier: yes
    name: yes
    type: Run
    when: { stageStatus: Success, condition: '<+secrets.getValue("MODE")>.startsWith("f") && <+secrets.getValue("MODE")> != "fake"' }
    spec: { command: echo yes }
- step:
    identifier: no
    name: no
    type: Run
    when: { stageStatus: Success, condition: '!(<+secrets.getValue("MODE")> == "full" || <+secrets.getValue("MODE")>.isEmpty())' }
    spec: { command: echo no }
`),
    before: ['-e', 'MODE=full'],
    happened: [
      ...['rest started', 'rest succeeded', 'yes started', 'yes succeeded'],
      ...['no skipped', 'run succeeded'],
    ],
  },
  {
    shows: 'with a matrix, one copy at a time, and scripts of Python',
    text: harness(`- step:
    identifier: cell
    name: cell
    type: Run
    strategy: { matrix: { os: [linux, plan9], node: ["20", "22"], exclude: [{ os: plan9, node: "20" }], maxConcurrency: 1 } }
    spec:
      shell: Python
      command: |
        import os
        print("<+matrix.os>", "<+matrix.node>", os.environ["HARNESS_STEP_INDEX"])
`),
    happened: [
      ...['cell started', 'cell succeeded', 'cell started', 'cell succeeded'],
      ...['cell started', 'cell succeeded', 'run succeeded'],
    ],
  },
];

/** The same for an engine. */
export const cixContainerStories: readonly ConvertStory[] = [
  {
    shows: 'in containers that find each other and share a folder',
    text: cix(`- step:
    name: web-1
    image: continuo-test/busybox
    background: true
    commands-output: minimal
    commands:
      - mkdir -p /www
      - echo "hello from $(cat /cix/tmp/note 2>/dev/null || echo nobody)" > /www/index.html
      - exec httpd -f -p 8080 -h /www
    ready: { tcp: 8080 }
- step:
    name: ask
    image: continuo-test/busybox
    commands-output: minimal
    commands: ['wget -qO- http://web-1:8080/', echo note > /cix/tmp/note]
- step:
    name: look
    image: continuo-test/busybox
    user: 1000
    commands-output: minimal
    commands: [cat /cix/tmp/note, id -u, 'echo "$CIX_STEP_NAME"']
`),
    happened: [
      ...['web ready', 'ask started', 'ask succeeded', 'look started', 'look succeeded'],
      ...['web stopped', 'run succeeded'],
    ],
  },
];

export const harnessContainerStories: readonly ConvertStory[] = [
  {
    shows: 'in containers, by the names that each goes by',
    text: harness(`- stepGroup:
    identifier: web
    name: web
    steps:
      - step:
          identifier: my_site
          name: my site
          type: Background
          spec:
            image: continuo-test/busybox
            command: |
              mkdir -p /www && echo hello > /www/index.html
              exec httpd -f -p 8080 -h /www
            ready: { tcp: 8080 }
- step:
    identifier: ask
    name: ask
    type: Run
    spec:
      image: continuo-test/busybox
      runAsUser: 1000
      command: |
        wget -qO- http://web_my_site:8080/
        wget -qO- http://my-site:8080/
        ls -d /harness && id -u
`),
    happened: ['site ready', 'ask started', 'ask succeeded', 'site stopped', 'run succeeded'],
  },
];
