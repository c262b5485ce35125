import eslint from '@eslint/js';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/**
 * Who may import whom, folder by folder; a folder may always import from itself. When this table and
 * docs/architecture.md differ, this table is right. Rooms of the design that are not built yet are
 * added with their first file.
 */
const rooms = {
  base: [],
  plan: ['base'],
  'dialect/common': ['base', 'plan'],
  'dialect/cix': ['base', 'plan', 'dialect/common'],
  expression: ['base', 'plan'],
  executor: ['base'],
  event: ['base', 'plan', 'executor'],
  engine: ['base', 'plan', 'expression', 'event', 'executor'],
  journal: ['base', 'event'],
  report: ['base', 'plan', 'event', 'journal'],
};

const folders = [...Object.keys(rooms), 'executor/*', 'cli'];

const boundaries = Object.entries(rooms).map(([room, allowed]) => ({
  files: [`src/${room}/**/*.ts`],
  ignores: ['**/*.test.ts'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: folders
          .filter((folder) => folder !== room && !allowed.includes(folder))
          .filter((folder) => !(room === 'executor' && folder === 'executor/*'))
          .map((folder) => ({
            group: [folder === 'executor/*' ? '**/executor/*/**' : `**/${folder}/**`],
            message: `${room}/ may import only from: ${[room, ...allowed].join(', ')}.`,
          })),
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['node_modules', 'dist'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true } },
    settings: {
      'import-x/resolver': { typescript: true },
      'import-x/extensions': ['.ts', '.js'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
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
    },
  },
  ...boundaries,
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
    files: ['**/*.test.ts', 'test/**/*.ts'],
    rules: { '@typescript-eslint/no-floating-promises': 'off' },
  },
);
