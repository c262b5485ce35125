import type { Plugin } from 'esbuild';

const sorry = `throw new Error('this is not in the bundle');`;

/** What stands in the place of a module, by what it is asked for as. */
const standIns: readonly { readonly name: RegExp; readonly contents: string }[] = [
  {
    // Loaded, and never called: BuildKit's sessions, with gRPC; the contexts of builds.
    name: /^(\.\/session|\.\/buildkit|tar-fs|@balena\/dockerignore)$/,
    contents: `module.exports = () => { ${sorry} };`,
  },
  {
    // Reads the certificates of `DOCKER_CERT_PATH`, which we read ourselves; has no licence text.
    name: /^split-ca$/,
    contents: 'module.exports = () => undefined;',
  },
  {
    // Ours runs the user's own ssh.
    name: /^\.\/ssh$/,
    contents: `module.exports = () => { ${sorry} };`,
  },
];

/** Leaves out of the bundle what the client of an engine could do and is seldom asked for. */
export const leaveOut: Plugin = {
  name: 'leave-out',
  setup(build) {
    for (const { name, contents } of standIns) {
      const namespace = `instead-of-${name.source}`;
      build.onResolve({ filter: name }, ({ path, importer }) =>
        /node_modules.docker/.test(importer) ? { path, namespace } : undefined,
      );
      build.onLoad({ filter: /./, namespace }, () => ({ contents }));
    }
  },
};
