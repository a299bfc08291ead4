/** The examples in the README and the docs compile in a team's project. */
import { expect, test } from '@playwright/test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compilerComplaints } from '../examples/compiler-complaints.ts';
import { examplesIn, type Example } from '../examples/examples-in.ts';

/** The code around an example that shows a part of a spec. */
const around = `
import {
  between, constant, defineUser, expect, noThinkTime, spike, stages, test, users, type RunLoad,
} from 'loadwright';
declare const runLoad: RunLoad;
const user = defineUser({ system: 'shop', tasks: { order: { run: () => undefined } } });
`;

/** `page:line: problem` for each. */
function complaintsOf(examples: readonly Example[]): string[] {
  // Files of one page import one another; files of two pages may have the same name.
  const files = examples.map(({ page, path, code }, i) => ({
    path: join('examples', page, path ?? `tests/systems/example-${i}.spec.ts`),
    code: /^import /m.test(code) || path !== undefined ? code : `${around}${code}`,
  }));
  // These declare their subject without using it.
  const complaints = compilerComplaints(files, {
    noUnusedLocals: false,
    noUnusedParameters: false,
  });
  return complaints.map(({ index, text }) => `${examples[index]!.where}: ${text}`);
}

test('every example compiles against the names of loadwright, and a wrong one would not', () => {
  const pages = ['README.md', ...readdirSync('docs').map((name) => `docs/${name}`)];
  const examples = pages
    .filter((page) => page.endsWith('.md'))
    .flatMap((page) => examplesIn(page, readFileSync(page, 'utf8')));
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
