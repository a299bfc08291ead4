/** The examples in the README and the docs compile, as a team would write them. */
import { expect, test } from '@playwright/test';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';
import { examplesIn, type Example } from '../examples/examples-in.ts';

/** What an example that shows a part of a spec stands in. */
const around = `
import {
  between, constant, defineUser, expect, noThinkTime, spike, stages, test, users, type RunLoad,
} from 'loadwright';
declare const runLoad: RunLoad;
const user = defineUser({ system: 'shop', tasks: { order: { run: () => undefined } } });
`;

/** `page:line: what is wrong` for each. */
function complaintsOf(examples: readonly Example[]): string[] {
  const config: unknown = ts.parseConfigFileTextToJson(
    '',
    readFileSync('tsconfig.json', 'utf8'),
  ).config;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, resolve('.'));
  // Each shows what it is about, and not what is done with it.
  const shown = { ...options, noUnusedLocals: false, noUnusedParameters: false };
  // Files of one page import one another; those of two pages may have one name.
  const files = new Map(
    examples.map(({ page, path, code }, i) => [
      resolve('examples', page, path ?? `tests/systems/example-${i}.spec.ts`),
      /^import /m.test(code) || path !== undefined ? code : `${around}${code}`,
    ]),
  );
  const host = ts.createCompilerHost(shown);
  host.fileExists = (path) => files.has(path) || ts.sys.fileExists(path);
  host.directoryExists = (path) =>
    ts.sys.directoryExists(path) || [...files.keys()].some((file) => file.startsWith(`${path}/`));
  host.readFile = (path) => files.get(path) ?? ts.sys.readFile(path);
  const program = ts.createProgram([...files.keys()], shown, host);
  return [...files.keys()].flatMap((path, i) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(path))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
      .map((text) => `${examples[i]!.where}: ${text}`),
  );
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
