import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { loadwright } from './eslint/plugin.js';

export default defineConfig(
  { ignores: ['dist/**', 'reports/**', 'node_modules/**'] },
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    plugins: { loadwright },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      // Numbers in messages are wanted; objects are not.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // An index that was just checked, an array that can't be empty: noUncheckedIndexedAccess asks
      // for a word, and `!` is the shortest true one.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      // There is no enum here, and looking for one takes a tenth of the time.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      'no-console': 'error',
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
      'loadwright/comment-sentence': 'error',
      'loadwright/no-conditional-spread': ['error', { helper: 'load/platform/defined.ts' }],
      'loadwright/no-literal-spread': 'error',
    },
  },
  // A page's function holds its markup, and a test's `describe` all its tests.
  {
    files: ['**/*.tsx'],
    rules: {
      'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: ['tests/**'], rules: { 'max-lines-per-function': 'off' } },
  // The services import nothing of load/: what may be missing there is set by hand.
  {
    files: ['fixtures/reference/**'],
    rules: { 'loadwright/no-conditional-spread': ['error', {}] },
  },
);
