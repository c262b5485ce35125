const pipeline = (items: readonly string[]): string => `version: 2.1\npipeline:\n${items.join('')}`;

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** As many steps as wanted that do nothing. */
export const idleSteps = (count: number): string =>
  pipeline(numbers(count).map((n) => step(`step-${n}`, 'true')));

/** One step with one command. */
export const oneStep = (command: string): string => pipeline([step('step', command)]);

/** As many services as wanted that are ready once they have said so, and a step after them. */
export const services = (count: number): string =>
  pipeline([
    ...numbers(count).map((n) =>
      service(`service-${n}`, ['echo up', 'exec sleep 1000'], '{log: "^up$"}'),
    ),
    step('step', 'true'),
  ]);

/** A server, and a step that runs when it is ready. */
export const serverAndStep = (server: string, ready: string, command: string): string =>
  pipeline([service('server', [`exec ${server}`], ready), step('step', command)]);

const step = (name: string, command: string): string =>
  `  - step:
      name: ${name}
      commands:
        - ${JSON.stringify(command)}
`;

const service = (name: string, commands: readonly string[], ready: string): string =>
  `  - step:
      name: ${name}
      background: true
      commands: ${JSON.stringify(commands)}
      ready: ${ready}
`;
