const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

const pipeline = (stage: object): object => ({
  pipeline: {
    name: 'bench',
    identifier: 'bench',
    variables: [{ name: 'tag', type: 'String', value: '7.2' }],
    stages: [{ stage: { name: 'build', identifier: 'build', type: 'CI', ...stage } }],
  },
});

const stage = (steps: readonly object[]): object => ({
  variables: [{ name: 'env', type: 'String', value: 'prod' }],
  spec: {
    platform: { os: 'Linux', arch: 'Amd64' },
    runtime: { type: 'Cloud', spec: {} },
    execution: { steps },
  },
});

const run = (n: number, command: string, more: object = {}): object => ({
  step: {
    name: `step ${n}`,
    identifier: `step_${n}`,
    type: 'Run',
    spec: { shell: 'Sh', command, ...more },
  },
});

/** As many steps as wanted, each with five expressions and an output that the next one reads. */
export const expressionSteps = (count: number): object =>
  pipeline(
    stage(
      numbers(count).map((n) =>
        run(
          n,
          `echo <+pipeline.variables.tag> <+stage.name>\necho <+steps.step_${Math.max(1, n - 1)}.output.outputVariables.X>`,
          {
            envVariables: {
              IMAGE:
                '<+stage.variables.env == "prod" ? "redis:" + pipeline.variables.tag : "redis">',
              UPPER: '<+stage.variables.env.toUpperCase()>',
            },
            outputVariables: [{ name: 'X' }],
          },
        ),
      ),
    ),
  );

/** One step in as many cells as wanted. */
export const matrixSteps = (cells: number): object =>
  pipeline(
    stage([
      {
        step: {
          name: 'cell',
          identifier: 'cell',
          type: 'Run',
          spec: { shell: 'Sh', command: 'echo <+matrix.a> <+matrix.b>' },
          strategy: { matrix: { a: numbers(cells / 10).map(String), b: numbers(10).map(String) } },
        },
      },
    ]),
  );
