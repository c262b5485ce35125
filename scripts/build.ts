import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { build as bundle } from 'esbuild';

import { asParts, ofTheModule } from './as-parts.ts';
import { buildPage } from './build-page.ts';
import { leaveOut } from './left-out.ts';
import { licencesOf } from './licences.ts';

import type { BuildOptions, Plugin } from 'esbuild';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

const serving = 'src/cli/commands/server.ts';

/** The server is a bundle of its own: what it shared with the others, these would load whole. */
const apart: Plugin = {
  name: 'apart',
  setup(build) {
    build.onResolve({ filter: /\/commands\/server\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './serving.js', external: true } : undefined,
    );
  },
};

const common: BuildOptions = {
  absWorkingDir: root,
  outdir: dist,
  bundle: true,
  // What a command needs is loaded when the command needs it.
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24.12',
  // Its build for browsers is the same code as ES modules, which load faster than the CommonJS one.
  alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
  plugins: [leaveOut, apart],
  // Half as much to read at each start; names stay, since stack traces tell them.
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: 'warning',
  metafile: true,
};

/** What `bin` loads. */
const loaded: BuildOptions[] = [
  {
    entryPoints: { main: 'src/cli/main.ts', cix: 'src/cli/cix/main.ts' },
    // Nearly every command reads files. What that takes is one file and not thirty small ones, since
    // whatever stands in all of a bundle is kept together.
    inject: ['src/cli/commands/validate.ts'],
  },
  { entryPoints: { serving } },
];
/** What Node runs by itself: processes and threads of their own. */
const alone: BuildOptions = {
  entryPoints: {
    watchdog: 'src/executor/host/watchdog.ts',
    'docker-watchdog': 'src/executor/docker/docker-watchdog.ts',
    'junit-reading': 'src/report/junit/reading-thread.ts',
  },
  chunkNames: 'alone-[hash]',
  define: { __dirname: 'import.meta.dirname' },
  // Bundled CommonJS packages ask for Node's modules by `require`.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
};

const pageInputs = await buildPage(root, join(dist, 'page'));
const builtParts = await Promise.all(
  loaded.map((each) => bundle({ ...common, ...each, define: ofTheModule, write: false })),
);
const builtAlone = await bundle({ ...common, ...alone });
const parts = await asParts(builtParts.flatMap(({ outputFiles }) => outputFiles));
for (const { name, text } of parts) await writeFile(join(dist, name), text);
const built = [...builtParts, builtAlone].map(({ metafile }) => metafile!);
const inputs = new Set(built.flatMap((metafile) => Object.keys(metafile.inputs)));
const outputs = built.flatMap((metafile) => Object.keys(metafile.outputs));

const licences = 'dist/THIRD_PARTY_LICENSES.txt';
await writeFile(join(root, licences), await licencesOf(root, [...inputs, ...pageInputs]));

// Cleared after the build and not before it: another process may be running the last one.
const written = new Set([licences, 'dist/page', ...outputs]);
for (const name of await readdir(dist))
  if (!written.has(`dist/${name}`)) await rm(join(dist, name), { recursive: true });
