import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { build } from 'esbuild';

import { leaveOut } from './left-out.ts';
import { licencesOf } from './licences.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

const { metafile } = await build({
  absWorkingDir: root,
  outdir: dist,
  entryPoints: {
    main: 'src/cli/main.ts',
    cix: 'src/cli/cix/main.ts',
    watchdog: 'src/executor/host/watchdog.ts',
    'docker-watchdog': 'src/executor/docker/docker-watchdog.ts',
    'junit-reading': 'src/report/junit/reading-thread.ts',
  },
  bundle: true,
  // What a command needs is loaded when the command needs it.
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24.12',
  // Its build for browsers is the same code as ES modules, which load faster than the CommonJS one.
  alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
  plugins: [leaveOut],
  define: { __dirname: 'import.meta.dirname' },
  metafile: true,
  logLevel: 'warning',
  // Bundled CommonJS packages ask for Node's modules by `require`.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});

const licences = 'dist/THIRD_PARTY_LICENSES.txt';
await writeFile(join(root, licences), await licencesOf(root, Object.keys(metafile.inputs)));

// Cleared after the build and not before it: another process may be running the last one.
const written = new Set([licences, ...Object.keys(metafile.outputs)]);
for (const name of await readdir(dist))
  if (!written.has(`dist/${name}`)) await rm(join(dist, name), { recursive: true });
