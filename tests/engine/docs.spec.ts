import { expect, test } from '@playwright/test';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { blocks, withBlock } from '../../fixtures/commands/docs-blocks.ts';

const docs = readdirSync('docs')
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);

for (const block of blocks) {
  test(`the ${block.marker} in ${block.file} are what npm run docs writes`, () => {
    const page = readFileSync(block.file, 'utf8');
    expect(withBlock(page, block)).toBe(page);
  });
}

test('a page without the place of a block is refused', () => {
  const block = { file: 'page.md', marker: 'things', text: () => 'text' };
  expect(() => withBlock('# Page\n', block)).toThrow('page.md: no "<!-- generated: things -->"');
  expect(() => withBlock('<!-- generated: things -->\n', block)).toThrow('page.md');
  const page = '# Page\n<!-- generated: things -->\nold\n<!-- /generated -->\nrest\n';
  expect(withBlock(page, block)).toBe(page.replace('old', '\ntext\n'));
});

test('every relative link leads to a file, and to a heading of it', () => {
  const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'deploy/README.md', ...docs];
  expect(pages.flatMap((page) => brokenLinks(page, readFileSync(page, 'utf8')))).toEqual([]);
});

test('a link to no file or to no heading is found, one in a block of code is none', () => {
  const text = `# A page
[page](settings.md) [heading](../README.md#verdicts) [here](#a-page) [web](https://example.org/#x)
[page](nowhere.md) ![picture](nothing.png) [heading](../README.md#nothing) [here](#nothing)
\`\`\`ts
[x](y.md)
\`\`\`
`;
  expect(brokenLinks('docs/page.md', text)).toEqual([
    'docs/page.md: nowhere.md',
    'docs/page.md: nothing.png',
    'docs/page.md: ../README.md#nothing',
    'docs/page.md: #nothing',
  ]);
});

test('the README leads to every page, and is short', () => {
  const readme = readFileSync('README.md', 'utf8');
  expect(docs.filter((page) => !readme.includes(`](${page})`))).toEqual([]);
  expect(statSync('README.md').size).toBeLessThanOrEqual(9000);
});

test('every page begins with what a reader can do after it', () => {
  const first = (page: string): string => readFileSync(page, 'utf8').split('\n')[2] ?? '';
  const pages = ['CONTRIBUTING.md', 'deploy/README.md', ...docs];
  expect(pages.filter((page) => !first(page).startsWith('After this page '))).toEqual([]);
});

test('llms.txt leads to every page, and to nothing that is not there', () => {
  const text = readFileSync('llms.txt', 'utf8');
  expect(docs.filter((page) => !text.includes(`](${page})`))).toEqual([]);
  expect(brokenLinks('llms.txt', text)).toEqual([]);
});

/** `page: target` for each relative link that GitHub could not follow. */
function brokenLinks(page: string, text: string): string[] {
  const targets = [...withoutCode(text).matchAll(/\]\(([^()\s]+)\)/g)].map(([, to = '']) => to);
  return targets
    .filter((target) => !/^[a-z]+:/.test(target) && !isFollowed(target, page, text))
    .map((target) => `${page}: ${target}`);
}

function isFollowed(target: string, page: string, text: string): boolean {
  const [path = '', heading] = target.split('#');
  const file = normalize(join(dirname(page), path));
  if (path !== '' && !existsSync(file)) return false;
  if (heading === undefined) return true;
  return anchorsOf(path === '' ? text : readFileSync(file, 'utf8')).includes(heading);
}

/** Anchors of headings as on GitHub: lower case, hyphens for spaces, no punctuation. */
function anchorsOf(text: string): string[] {
  return [...withoutCode(text).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function withoutCode(text: string): string {
  return text.replaceAll(/^```.*?^```$/gms, '');
}
