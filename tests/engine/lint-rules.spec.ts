/** The repository's own lint rules, tested with ESLint's tester: what they refuse and how they fix it. */
import { test } from '@playwright/test';
import { RuleTester } from 'eslint';
import { join } from 'node:path';
import tseslint from 'typescript-eslint';
import { commentSentence } from '../../eslint/comment-sentence.js';
import { noConditionalSpread } from '../../eslint/no-conditional-spread.js';
import { noLiteralSpread } from '../../eslint/no-literal-spread.js';

RuleTester.describe = (text: string, run: () => void) => {
  test.describe(text, run);
};
RuleTester.it = (text: string, run: () => void) => {
  test(text, run);
};

const tester = new RuleTester({ languageOptions: { parser: tseslint.parser } });

tester.run('no-literal-spread', noLiteralSpread, {
  valid: [
    'x = { ...a, b }',
    'x = [...a, ...b.map(f)]',
    'f(...a)',
    'x = { ...(flag ? { a } : { b }) }',
    // An array spread in an object gives its indices: odd, but not a literal of the same kind.
    'x = { ...[a] }',
  ],
  invalid: [
    { code: 'x = { ...{ a, b: 1 }, c }', output: 'x = { a, b: 1 , c }', errors: 1 },
    { code: 'x = [...[1, 2], 3]', output: 'x = [1, 2, 3]', errors: 1 },
    { code: 'f(...[1, 2])', output: 'f(1, 2)', errors: 1 },
    { code: 'new F(...[1, 2])', output: 'new F(1, 2)', errors: 1 },
    { code: 'x = [...(["a"] as const)]', output: 'x = ["a"]', errors: 1 },
    { code: 'x = { ...({ a } satisfies T) }', output: 'x = { a  }', errors: 1 },
    {
      name: 'the order is kept, so that the later one of two still counts',
      code: 'x = { ...{ a: 1 }, ...b, ...{ a: 2 } }',
      output: 'x = { a: 1 , ...b, a: 2  }',
      errors: 2,
    },
    {
      name: 'comments are kept, a comma at the end is not',
      code: 'x = { ...{\n/* one */ a, // two\nb, // three\n}, c }',
      output: 'x = { /* one */ a, // two\nb // three\n, c }',
      errors: 1,
    },
    {
      name: 'one in the other',
      code: 'x = { ...{ a, ...{ b } } }',
      output: 'x = { a, ...{ b }  }',
      errors: 2,
    },
    { name: 'a hole becomes undefined by a spread', code: 'x = [...[1, , 2]]', errors: 1 },
    {
      name: 'an accessor becomes a value by a spread',
      code: 'x = { ...{ get a() {} } }',
      errors: 1,
    },
    { name: 'a prototype is not spread', code: 'x = { ...{ __proto__: a } }', errors: 1 },
    { name: 'nothing to write', code: 'x = { ...{}, a }', errors: 1 },
    { name: 'a comment beside the literal', code: 'x = { ...(/* why */ { a }) }', errors: 1 },
  ],
});

const root = join(import.meta.dirname, '../..');
const options = [{ helper: 'load/platform/defined.ts' }];

function conditional(name: string, code: string, output?: string) {
  const filename = join(root, 'load/metrics/any.ts');
  return { name, filename, options, code, output: output ?? null };
}

const line = "import { defined } from '../platform/defined.ts';\n";

tester.run('no-conditional-spread', noConditionalSpread, {
  valid: [
    'x = { ...a }',
    'x = { ...(flag ? { a } : { b }) }',
    'x = [...(flag ? [1] : [])]',
    'x = defined({ a, b: flag ? 1 : undefined })',
    'x = b === undefined ? {} : f(b)',
    'x = flag ? { a, b } : {}',
    // Its key has no form without the value.
    'x = a === undefined ? {} : { [f(a)]: a.b }',
  ],
  invalid: [
    {
      ...conditional(
        'the value itself is asked for',
        'x = { a, ...(b === undefined ? {} : { b }) }',
        `${line}x = defined({ a, b })`,
      ),
      errors: 1,
    },
    {
      ...conditional(
        'the other way round, under another name',
        'x = { ...(a.b !== undefined ? { c: a.b } : {}) }',
        `${line}x = defined({ c: a.b })`,
      ),
      errors: 1,
    },
    {
      ...conditional(
        'what is made of the value',
        'x = { ...(b === undefined ? {} : { c: f(b) }) }',
        `${line}x = defined({ c: b === undefined ? undefined : f(b) })`,
      ),
      errors: 1,
    },
    {
      ...conditional(
        'a flag',
        "x = { ...(flag ? { [k]: 1 } : {}), ...(flag && { 'a b': 2 }) }",
        `${line}x = defined({ [k]: flag ? 1 : undefined, ...(flag && { 'a b': 2 }) })`,
      ),
      errors: 2,
    },
    {
      ...conditional(
        'the next ones in a wrapped object',
        `${line}x = defined({ a, ...(b === undefined ? {} : { b }), ...(flag && { c }) })`,
        `${line}x = defined({ a, b, c: flag ? c : undefined })`,
      ),
      errors: 2,
    },
    {
      ...conditional(
        'what was spread before is not hidden by undefined',
        "import { a } from 'a';\nx = { ...a, ...(b === undefined ? {} : { b }) }",
        `import { a } from 'a';\n${line}x = { ...a, ...defined({ b }) }`,
      ),
      errors: 1,
    },
    {
      ...conditional('two members', 'x = { ...(a === undefined ? {} : { b: a.b, c: a.c }) }'),
      errors: 1,
    },
    { ...conditional('not a literal', 'x = { ...(flag ? f() : {}) }'), errors: 1 },
    { ...conditional('a comment', 'x = { ...(flag ? { a } : {} /* why */) }'), errors: 1 },
    {
      ...conditional('not spread', 'x = b === undefined ? {} : { b }', `${line}x = defined({ b })`),
      errors: 1,
    },
    {
      ...conditional(
        'not spread, the other way round, under another name',
        'f(a, b?.c !== undefined ? { d: g(b.c) } : {})',
        `${line}f(a, defined({ d: b?.c !== undefined ? g(b.c) : undefined }))`,
      ),
      errors: 1,
    },
    { ...conditional('not spread, two members', 'x = a === undefined ? {} : { b, c }'), errors: 1 },
    {
      name: 'without a helper it is refused as it is',
      code: 'x = { ...(a === undefined ? {} : { a }) }',
      errors: 1,
    },
  ],
});

tester.run('comment-sentence', commentSentence, {
  valid: [
    '// The end of it all.',
    '/** One of them. */',
    '// The shortest\n// Of all comments.',
    '/**\n * Often.\n */',
    '// Whatever comes.',
    '// A reader must know\n// what this costs.',
    'f(); // the shortest\n     // Of all comments.',
  ],
  invalid: [
    { code: '// Of all of them.', errors: 1 },
    { code: '/* Of all of them. */', errors: 1 },
    { code: '/** Of all of them. */', errors: 1 },
    { code: '/**\n * Of all of them.\n * More.\n */', errors: 1 },
    { code: 'f(); // no sentence\n// Of all of them.', errors: 1 },
    { code: '// A text.\n\n// Of all of them.', errors: 1 },
    { code: '// of all of them', errors: 1 },
    { code: '/** What a reader must know. */', errors: 1 },
    { code: '/**\n * What a reader must know.\n * More.\n */', errors: 1 },
  ],
});
