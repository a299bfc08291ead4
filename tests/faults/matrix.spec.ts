/** Every row of the fault matrix is shown by tests that exist. */
import { faultMatrix } from './matrix.ts';
import { expect, test } from './suite-run.ts';

/** These rows must be there. Shards at the merge (38) are their own. */
const rows = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 14, 15, 16, 17, 18, 19, 20, 22, 23, 24, 25, 26, 28, 30, 31, 32,
  33, 34, 35, 36, 37, 38, 39, 40, 41, 42,
];

interface Suite {
  readonly specs: readonly { readonly file: string; readonly title: string }[];
  readonly suites?: readonly Suite[];
}

test('no row is missing or there twice, and each names the tests that show it', () => {
  const numbers = faultMatrix.map(({ row }) => row).sort((a, b) => a - b);
  expect(numbers).toEqual(rows);
  for (const { row, shownBy } of faultMatrix) {
    const titles = Object.values(shownBy).flat();
    expect(titles.length, `row ${row}`).toBeGreaterThan(0);
  }
});

test('every test that a row names is there, under that title', async ({ run }) => {
  const files = [...new Set(faultMatrix.flatMap(({ shownBy }) => Object.keys(shownBy)))];
  const listed = await run({
    words: ['--list', '--reporter=json', ...files.map(pathOf)],
  });
  expect(listed.code, listed.output).toBe(0);
  const there = new Set(titlesIn(JSON.parse(listed.stdout) as Suite));
  const missing = faultMatrix.flatMap(({ row, shownBy }) =>
    Object.entries(shownBy).flatMap(([file, titles]) =>
      titles
        .map((title) => `${pathOf(file)}: ${title}`)
        .filter((name) => !there.has(name))
        .map((name) => `row ${row}: ${name}`),
    ),
  );
  expect(missing).toEqual([]);
});

function pathOf(file: string): string {
  return `tests/${file}.spec.ts`;
}

function titlesIn({ specs = [], suites = [] }: Partial<Suite>): string[] {
  return [...specs.map(({ file, title }) => `${file}: ${title}`), ...suites.flatMap(titlesIn)];
}
