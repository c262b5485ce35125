/** Pipelines whose steps run in containers. */

const image = 'continuo-test/busybox';
const node = 'continuo-test/node';

const pipeline = (...items: readonly string[]): string =>
  `version: 2.1\npipeline:\n${items.join('')}`;

interface Extra {
  readonly image?: string;
  readonly ready?: string;
  readonly isService?: boolean;
}

const item = (
  name: string,
  command: string,
  { image: own = image, ready, isService }: Extra = {},
): string =>
  `  - step:
      name: ${name}
      image: ${own}
      commands-output: minimal
      commands: [${JSON.stringify(command)}]
${isService === true ? '      background: true\n' : ''}${ready === undefined ? '' : `      ready: ${ready}\n`}`;

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** As many steps as wanted that do nothing, one after the other. */
export const idleContainers = (count: number): string =>
  pipeline(...numbers(count).map((n) => item(`step-${n}`, 'true')));

/** The same, all at once. */
export const idleTogether = (count: number): string => `version: 2.1
pipeline:
  - steps:
      name: all
      parallel: true
      pipeline:
${numbers(count)
  .map((n) => item(`step-${n}`, 'true').replaceAll(/^ {2}/gm, '        '))
  .join('')}`;

/** A server with a port, and a step that uses it. */
export const serverAndClient = pipeline(
  item('web', 'exec httpd -f -h /etc -p 8080', { isService: true, ready: '{tcp: 8080}' }),
  item('use', 'wget -q -O /dev/null http://web:8080/passwd'),
);

/** A server that opens its port after a second, and a step: each leaves a file at that moment. */
export const portAndStart = pipeline(
  item('web', `exec node -e '${slowServer()}'`, {
    image: node,
    isService: true,
    ready: '{tcp: 8080}',
  }),
  item('use', ': > started'),
);

/** What the server of `portAndStart` runs. */
export function slowServer(): string {
  const opened = 'require("fs").writeFileSync("opened", "")';
  return `setTimeout(() => require("net").createServer().listen(8080, () => ${opened}), 1000)`;
}

/** A service that dies after a second, under a step: each leaves a file, at its death and when told to stop. */
export const deathAndStop = pipeline(
  item('frail', 'sleep 1.5; : > died; exit 3', { isService: true }),
  item('use', "trap ': > told; exit 1' TERM; while :; do sleep 0.01; done"),
);

/** A step that prints this many bytes of lines. */
export const loudStep = (bytes: number): string => pipeline(item('loud', loudCommand(bytes)));

/** What it runs. */
export const loudCommand = (bytes: number): string =>
  `yes "$(head -c 99 /dev/zero | tr '\\0' x)" | head -c ${bytes}`;

/** As many services as wanted that end at once when told to. */
export const politeServices = (count: number): string =>
  pipeline(
    ...numbers(count).map((n) => item(`service-${n}`, 'exec sleep 1000', { isService: true })),
    item('step', 'true'),
  );

/** A service that is waited for by nobody, and a step. */
export const serviceAndStep = (service: string, step = 'true'): string =>
  pipeline(item('service', service, { isService: true }), item('step', step));

/** One step with one command. */
export const oneContainer = (command: string): string => pipeline(item('step', command));
