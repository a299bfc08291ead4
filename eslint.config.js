import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['reports/**', 'node_modules/**', 'eslint.config.js'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      // Numbers in messages are wanted; objects are not.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // An index that was just checked, an array that can't be empty: noUncheckedIndexedAccess asks
      // for a word, and `!` is the shortest true one.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-console': 'error',
    },
  },
);
