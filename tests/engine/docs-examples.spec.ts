/**
 * The examples in the README and the docs compile, as a team would write them.
 * tests/package/docs.spec.ts runs the same files from the tarball.
 */
import { expect, test } from '@playwright/test';
import { join } from 'node:path';
import { blockFiles } from '../examples/block-files.ts';
import { compilerComplaints } from '../examples/compiler-complaints.ts';
import { pages } from '../examples/docs-pages.ts';
import { examplesIn, type Example } from '../examples/examples-in.ts';

/** `page:line: what is wrong` for each. */
function complaintsOf(examples: readonly Example[]): string[] {
  const files = examples.flatMap(blockFiles);
  const sources = files.map(({ path, code }) => ({ path: join('examples', path), code }));
  // Each shows what it is about, and not what is done with it.
  const complaints = compilerComplaints(sources, {
    noUnusedLocals: false,
    noUnusedParameters: false,
  });
  return complaints.map(({ index, text }) => `${files[index]!.where}: ${text}`);
}

test('every example compiles against the names of loadwright, and a wrong one would not', () => {
  const examples = pages.flatMap(({ name, text }) => examplesIn(name, text));
  expect(examples.length).toBeGreaterThan(4);
  const wrong = examplesIn(
    'wrong.md',
    "# A page\n```ts\nawait runLoad(user, users({ count: 1 }), { budgets: { p42: '< 1 s' } });\n```\n",
  );
  const complaints = complaintsOf([...examples, ...wrong]);
  expect(complaints.filter((one) => !one.startsWith('wrong.md'))).toEqual([]);
  expect(complaints.join('\n')).toMatch(/wrong\.md:3: .*spawnRate/);
  expect(complaints.join('\n')).toMatch(/wrong\.md:3: .*p42/);
});
