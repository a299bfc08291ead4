/**
 * No block of the docs is one that nobody runs. Those of TypeScript run in tests/package/docs.spec.ts, and the
 * commands are those of tests/examples/docs-commands.ts; data, output and pictures each have a spec that reads them.
 */
import { expect, test } from '@playwright/test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandText, knownCommands, whyUnknown } from '../examples/command-coverage.ts';
import { commandsIn } from '../examples/commands-in.ts';
import { elsewhere } from '../examples/docs-commands.ts';
import { pages, type Page } from '../examples/docs-pages.ts';
import { examplesIn } from '../examples/examples-in.ts';
import { fencedBlocks } from '../examples/fenced-blocks.ts';

const specs = readdirSync('tests', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.spec.ts') && !path.endsWith('docs-blocks.spec.ts'))
  .map((path) => readFileSync(join('tests', path), 'utf8'))
  .join('\n');

/** `page:line: what is wrong` for each block that no test would run or read. */
function unread(page: Page): string[] {
  const examples = examplesIn(page.name, page.text).map(({ where }) => where);
  const commands = commandsIn(page.name, page.text).map(({ where }) => where);
  return fencedBlocks(page).flatMap(({ where, language }) => {
    if (language === 'ts' && examples.includes(where)) return [];
    if (/^(?:sh|bash)$/.test(language) && commands.includes(where)) return [];
    const call = `docsBlock('${page.name}', '${language}')`;
    return specs.includes(call) ? [] : [`${where}: no spec has ${call}`];
  });
}

function unrun({ name, text }: Page): string[] {
  return commandsIn(name, text).flatMap((command) => {
    const why = whyUnknown(command);
    return why === undefined ? [] : [`${command.where}: ${commandText(command)}: ${why}`];
  });
}

test('every block has a test that runs or reads it', () => {
  expect(pages.flatMap(fencedBlocks).length).toBeGreaterThan(60);
  expect(pages.flatMap(unread)).toEqual([]);
});

test('every command is run by a test, or has a stated reason why not', () => {
  expect(pages.flatMap(unrun)).toEqual([]);
});

test('what the tables name is in the docs, and in the specs that they name', () => {
  const all = pages.flatMap(({ name, text }) => commandsIn(name, text)).map(commandText);
  expect(knownCommands.filter((command) => !all.includes(command))).toEqual([]);
  const silent = elsewhere.filter(({ spec, by }) => !readFileSync(spec, 'utf8').includes(by));
  expect(silent).toEqual([]);
});

test('a block of another language, and a command that nobody knows, are found', () => {
  const text =
    '# A page\n```json\n{}\n```\n```\nplain\n```\n```bash\nnpm run docs\n```\n' +
    '```js\n1;\n```\n```sh\nnpx loadwright compare a.json b.json\nnpm run tset\n```\n';
  const page = { name: 'page.md', text };
  expect(unread(page)).toEqual([
    "page.md:3: no spec has docsBlock('page.md', 'json')",
    "page.md:6: no spec has docsBlock('page.md', '')",
    "page.md:12: no spec has docsBlock('page.md', 'js')",
  ]);
  expect(unrun(page).map((line) => line.split(': ')[1])).toEqual([
    'npx loadwright compare a.json b.json',
    'npm run tset',
  ]);
});
