/** What stands before the tables of the reference page. */
export const introduction = `# Pipeline reference

Every key of a pipeline file: the CIX 2.1 language, and what background services need on top of it.
\`continuo validate FILE\` checks a file against it, and \`continuo schema\` prints it as a JSON Schema
for editors. A key that does not stand here is an error.

This page is made from the schema that checks files; a test keeps the two the same.

A **duration** is \`500ms\`, \`10s\`, \`2m\`, \`1h\`, or a number of seconds; a year at most. A **regular expression** is one of
JavaScript. Numbers and truth values that stand where a text goes are kept as they are written:
\`value: 1.10\` is the text \`1.10\`.

**\`$$NAME\`** stands for the variable \`NAME\` of the run: in \`image\`, \`arguments\`, \`entrypoint\`, \`hostname\`, \`ports\`,
\`volumes\`, \`user\`, the \`value\` and \`default\` of a variable, \`timeout\`, \`retry\`, \`loop\`, \`for-each\`, what \`when\` compares,
what \`registry\` says, and in \`imports\`, where it must have a value. Values are taken as they are: a \`$\` in one is never filled again. In
\`commands\`, every dollar is the interpreter's. A number that names a variable without a value is a mistake, told before anything starts.
`;

/** What stands after the tables. Each block is a whole pipeline that a test reads. */
export const examples = `## What a step gets

Besides the variables that it names, every step and service on this machine gets a few of its caller's (\`PATH\`, \`HOME\`,
\`USER\`, \`LOGNAME\`, \`SHELL\`, \`LANG\`, \`LC_*\`, \`TZ\`, \`TMPDIR\`, \`TERM\`), and every one in a container those of its image. All
are told where the services before them, or named in \`needs\`, are found: for a service \`my-db\` whose probes ask port 5432

- \`CONTINUO_MY_DB_HOST\`: the host to reach it at
- \`CONTINUO_MY_DB_PORT\`: the port to reach its first port at
- \`CONTINUO_MY_DB_PORT_5432\`: the same for each port of its own, by number

A service without a \`tcp\` or \`http\` probe and without \`ports\` has no port that Continuo knows of, and so no such variables.

As in CIX, each is also told

- \`CIX_STEP_NAME\`, \`CIX_EXECUTION_ID\` (the id of the run), \`CIX_HOSTNAME\` (this machine), \`CIX_SERVER_PORT\`
- \`CIX_CONTAINER_NAME\` and \`CIX_NETWORK_NAME\`: \`cix-<id>-<step>\` and \`cix-<id>\`; empty on this machine
- \`CIX_WORKSPACE\` and \`CIX_WORKDIR\`: where it finds the workspace, and where it is started
- \`CIX_TEMP\`: a folder that is empty at first, open to every user, kept from step to step, and gone at the end of the run;
  \`/cix/tmp\` in a container

Beside that folder is \`/cix/bin\`, where commands are looked for first: a step can put one there for those after it. The
containers share their folders, and so do the steps on this machine, which have others. What a step says in its own \`environment\` stands before all
of these.

When a service is stopped, its signal goes to every process that it started, as systemd does it; what outlives
the grace is killed. What a step leaves running is ended with the step, with a warning.

## Conditions and copies

What has \`when\` is skipped unless all its conditions hold, a group with everything in it. \`GT\`, \`GTE\`, \`LT\` and \`LTE\` compare
numbers as such when both are numbers, and texts otherwise. An expression of \`MATCHES\` matches the whole of \`value\`.

What has \`loop\` or \`for-each\` becomes a group of copies called \`NAME-1\`, \`NAME-2\` and so on; in the copies of a group, everything
gets the number of its copy, too. The group has the condition, and each copy the \`timeout\`, the \`retry\` and
\`continue-on-fail\`. To name a service in \`needs\` that is repeated is to need all its copies, and in a copy of a group those
of that copy. The copies of a group run at the same time when what is in it does (\`parallel: true\`): put it into another
group where only one of both is meant.

## Imports

A file that is imported is a whole pipeline, or a library: a map of sections, each with \`steps:\` or \`step:\` under its name. It may
import other files in turn. What an \`import\` stands for runs in its place, in its order; its \`environment\` goes to every step
and service in it, in place of variables of the same name.

Addresses are read with the certificates of this machine's authorities and of NODE_EXTRA_CA_CERTS; at most 5 redirects are followed, a server
is waited for 10 s while it says nothing and 30 s in all, and 10 MB are read. A token is shown to the server that the address names, and to no
other one where it redirects to. What is imported from the same server gets the same token.

With this library in \`library.yaml\`

\`\`\`
setup:
  steps:
    name: setup
    pipeline:
      - step: {name: fetch, commands: ['curl -fO "$DATA"'], environment: [{name: DATA}]}
clean:
  step: {name: clean, commands: [rm -rf data]}
\`\`\`

its sections stand in a pipeline so:

\`\`\`yaml
version: 2.1
imports:
  lib: {src: ./library.yaml}
  checks:
    src: https://git.example.com/raw/ci/checks.yaml
    http-authorization-token: $$GIT_TOKEN
pipeline:
  - import:
      - lib.setup:
          environment: [{name: DATA, value: 'https://example.com/data.csv'}]
      - checks
  - import: [lib.clean]
\`\`\`

## Examples

A service, and steps that wait until it is ready:

\`\`\`yaml
version: 2.1
pipeline:
  - step:
      name: db
      background: true
      commands: [exec redis-server --port 6379]
      ready: {tcp: 6379}
  - step:
      name: test
      commands:
        - npm ci
        - npm test
      timeout: 10m
\`\`\`

A service that needs another one, is checked in two ways, and is started again when it dies:

\`\`\`yaml
version: 2.1
pipeline:
  - step:
      name: db
      background: true
      commands: [exec postgres -D data]
      ready: {exec: [pg_isready, -q], timeout: 30s}
      stop: {signal: INT, grace: 20s}
  - step:
      name: api
      background: true
      needs: [db]
      commands: [exec node server.js --port 8080]
      environment:
        - name: TOKEN
        - name: DATABASE
          value: postgres://$$USER@localhost/app
      ready:
        - http: {url: http://localhost:8080/healthz, status: [200, 204]}
          interval: 250ms
        - log: listening on \\d+
      on-exit: {restart: 3, backoff: 2s}
  - step:
      name: smoke
      commands: [curl -f http://localhost:8080/]
      retry: {iterations: 3, backoff: 1s}
\`\`\`

Steps side by side, with a service that lives no longer than they do:

\`\`\`yaml
version: 2.1
pipeline:
  - steps:
      name: checks
      parallel: true
      pipeline:
        - step: {name: lint, commands: [npm run lint], continue-on-fail: true}
        - steps:
            name: browser
            pipeline:
              - step:
                  name: site
                  background: true
                  scope: group
                  commands: [exec npx serve -l 5000]
                  ready: {http: 'http://localhost:5000/'}
              - step: {name: e2e, commands: [npm run e2e]}
\`\`\`

Containers: a service from a private registry, which is ready when its own HEALTHCHECK says so, and steps that use it
from a container and from this machine:

\`\`\`yaml
version: 2.1
registry:
  team:
    host: {name: $$REGISTRY, default: registry.example.com}
    username: $$REGISTRY_USER
    password: $$REGISTRY_PASSWORD
    retry: {iterations: 3, backoff: 10s}
pipeline:
  - step:
      name: db
      background: true
      image: team/postgres:16
      arguments: [postgres, -c, fsync=off]
      environment: [{name: POSTGRES_PASSWORD, value: test}]
      ports: [0:5432]
      volumes: [./test/schema.sql:/docker-entrypoint-initdb.d/schema.sql:ro]
      memory: 512m
      ready: {health: true}
  - step:
      name: test
      image: node:24
      commands: [npm ci, npm test]
      volumes: [npm-cache:/root/.npm]
  - step:
      name: inspect
      commands: ['psql -h "$CONTINUO_DB_HOST" -p "$CONTINUO_DB_PORT" -U postgres -c "\\dt"']
\`\`\`

Containers of a Compose file. When Compose is asked to end, it stops them and leaves them there, and their network too: the
trap takes all of it away. The shell has to outlive the signal for that, and Compose the time that its containers take:

\`\`\`yaml
version: 2.1
pipeline:
  - step:
      name: stack
      background: true
      commands:
        - trap 'docker-compose down --volumes' EXIT
        - trap ':' TERM
        - docker-compose up
      ready: {tcp: 8080}
      stop: {grace: 30s}
  - step: {name: test, commands: ['curl -f http://localhost:8080/']}
\`\`\`

Steps that run on one branch only, once for each of some packages, and a deployment that is tried again as a whole:

\`\`\`yaml
version: 2.1
pipeline:
  - step:
      name: test
      for-each: [api, web, worker]
      element-variable: PACKAGE
      parallel: true
      commands: ['npm test -w "$PACKAGE"']
      timeout: 10m
  - steps:
      name: release
      when:
        - {operator: MATCHES, value: $$BRANCH, value-default: none, expressions: 'main,release-\\d+'}
        - operator: OR
          conditions:
            - {operator: IS_SET, value: $$VERSION}
            - {operator: GTE, value: $$BUILD, value-default: 0, other: 100}
      retry: {iterations: 3, backoff: 10s}
      timeout: 15m
      pipeline:
        - step: {name: publish, commands: [npm publish]}
        - step: {name: announce, commands: [./announce.sh], continue-on-fail: true}
\`\`\`
`;
