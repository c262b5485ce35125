import { globSync } from 'node:fs';
import { join } from 'node:path';

import eslint from '@eslint/js';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/**
 * Who may import whom, room by room; a room may always import from itself. When this table and
 * docs/architecture.md differ, this table is right. Rooms of the design that are not built yet are
 * added with their first file. `executor` is the port; `cli` may import everything.
 */
export const rooms = {
  base: [],
  plan: ['base'],
  'dialect/common': ['base', 'plan'],
  'dialect/cix': ['base', 'plan', 'dialect/common'],
  'dialect/harness': ['base', 'plan', 'expression', 'dialect/common'],
  'dialect/convert': [
    ...['base', 'plan', 'expression'],
    ...['dialect/common', 'dialect/cix', 'dialect/harness'],
  ],
  expression: ['base', 'plan'],
  executor: ['base'],
  'executor/fake': ['base', 'executor'],
  'executor/common': ['base', 'executor'],
  'executor/host': ['base', 'executor', 'executor/common'],
  'executor/docker': ['base', 'executor', 'executor/common'],
  event: ['base', 'plan', 'executor'],
  engine: ['base', 'plan', 'expression', 'event', 'executor'],
  journal: ['base', 'event'],
  control: ['base', 'dialect/common', 'event', 'report'],
  report: ['base', 'plan', 'event', 'journal'],
  // All but the concrete executors.
  server: ['base', 'plan', 'event', 'journal', 'control', 'report'],
  // In a browser: what it imports has to run there.
  page: ['base', 'plan', 'event', 'report'],
};

/** The port is one file, so that nobody reaches a concrete executor through it. */
const placeOf = (room) => (room === 'executor' ? 'executor/executor.ts' : room);

const zones = Object.entries(rooms).map(([room, allowed]) => ({
  target: `src/${placeOf(room)}`,
  from: 'src',
  except: [room, ...allowed].map(placeOf),
  message: `${room}/ may import only from: ${[room, ...allowed].join(', ')}.`,
}));

const homeless = globSync('src/**/*.{ts,tsx}', { cwd: import.meta.dirname }).filter((file) =>
  ['cli', ...Object.keys(rooms)].every((room) => !file.startsWith(join('src', placeOf(room)))),
);
if (homeless.length > 0) throw new Error(`In no room of eslint.config.js: ${homeless.join(', ')}`);

export default tseslint.config(
  { ignores: ['dist'] },
  eslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true } },
    settings: {
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.tsx', '.js'] })],
      'import-x/extensions': ['.ts', '.tsx', '.js'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
    },
    rules: {
      'import-x/no-cycle': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // An index just checked, a pid just spawned.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      // `using _x` is there for its end.
      '@typescript-eslint/no-unused-vars': ['error', { ignoreUsingDeclarations: true }],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['**/*.test.ts'],
    rules: {
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones }],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/cli/**', 'src/executor/*/**', '**/*.test.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'Only cli/ and the executors see the process.' },
      ],
    },
  },
  {
    files: ['src/page/**/*.{ts,tsx}'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['node:*'], message: 'No browser has it.' }] },
      ],
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'No browser has it.' },
        { name: 'Buffer', message: 'No browser has it.' },
      ],
    },
  },
  {
    files: ['**/*.test.ts', 'test/**/*.ts'],
    rules: { '@typescript-eslint/no-floating-promises': 'off' },
  },
  {
    // Read by whatever Node a machine has, up to the sentence that it is too old.
    files: ['bin/*.js'],
    languageOptions: {
      ecmaVersion: 2017,
      sourceType: 'commonjs',
      globals: {
        require: 'readonly',
        process: 'readonly',
        setTimeout: 'readonly',
        __dirname: 'readonly',
      },
    },
  },
  {
    // Loaded once the Node is known to be new enough.
    files: ['bin/kept-code.js'],
    languageOptions: { ecmaVersion: 2024 },
  },
  {
    files: ['examples/**/*.js', 'bench/**/*.js'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        fetch: 'readonly',
        performance: 'readonly',
        setTimeout: 'readonly',
        URL: 'readonly',
      },
    },
  },
);
