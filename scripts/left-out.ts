import type { Plugin } from 'esbuild';

const sorry = `throw new Error('this is not in the bundle');`;

interface StandIn {
  readonly name: RegExp;
  /** Whose modules ask for it. */
  readonly importer: RegExp;
  readonly contents: string;
}

const docker = /node_modules.docker/;

/** What stands in the place of a module, by what it is asked for as. */
const standIns: readonly StandIn[] = [
  {
    // Loaded, and never called: BuildKit's sessions, with gRPC; the contexts of builds.
    name: /^(\.\/session|\.\/buildkit|tar-fs|@balena\/dockerignore)$/,
    importer: docker,
    contents: `module.exports = () => { ${sorry} };`,
  },
  {
    // Reads the certificates of `DOCKER_CERT_PATH`, which we read ourselves; has no licence text.
    name: /^split-ca$/,
    importer: docker,
    contents: 'module.exports = () => undefined;',
  },
  {
    // Ours runs the user's own ssh.
    name: /^\.\/ssh$/,
    importer: docker,
    contents: `module.exports = () => { ${sorry} };`,
  },
  {
    // Only for commands that are programs of their own, and it takes some of the start of each.
    name: /^node:child_process$/,
    importer: /node_modules.commander/,
    contents: `exports.spawn = () => { ${sorry} };`,
  },
  {
    // The logger of those who want none; has no licence text.
    name: /^abstract-logging$/,
    importer: /node_modules.fastify/,
    contents: `
      const nothing = () => undefined;
      module.exports = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing, fatal: nothing };`,
  },
  {
    // Expands entities, which we have the parser of JUnit files not do; has no licence text.
    name: /^@nodable\/entities$/,
    importer: /node_modules.fast-xml-parser/,
    contents: `
      export class EntityDecoder { constructor() { ${sorry} } }
      export const [XML, CURRENCY, COMMON_HTML, ENTITY_ACTION] = [{}, {}, {}, {}];`,
  },
];

/** Leaves out of the bundle what libraries could do and are never asked for. */
export const leaveOut: Plugin = {
  name: 'leave-out',
  setup(build) {
    for (const { name, importer: whose, contents } of standIns) {
      const namespace = `instead-of-${name.source}`;
      build.onResolve({ filter: name }, ({ path, importer }) =>
        whose.test(importer) ? { path, namespace } : undefined,
      );
      build.onLoad({ filter: /./, namespace }, () => ({ contents }));
    }
  },
};
