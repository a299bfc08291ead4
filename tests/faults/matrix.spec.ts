/**
 * Every row of the fault matrix has tests, which name it in an annotation. The table is generated from
 * them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { faultRows } from './fault-matrix.ts';
import { expect, test } from './suite-run.ts';

/** A test's file, and the row in its annotation. */
interface Shown {
  readonly row: string;
  readonly file: string;
}

const testFiles = readdirSync('tests', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => `tests/${path}`);

interface Suite {
  readonly specs: readonly {
    readonly file: string;
    readonly tests: readonly {
      readonly annotations: readonly { readonly type: string; readonly description?: string }[];
    }[];
  }[];
  readonly suites?: readonly Suite[];
}

function shownIn({ specs = [], suites = [] }: Partial<Suite>): Shown[] {
  const own = specs.flatMap(({ file, tests }) =>
    tests
      .flatMap(({ annotations }) => annotations.filter(({ type }) => type === 'fault'))
      .map(({ description = '' }) => ({ row: description, file })),
  );
  return [...own, ...suites.flatMap(shownIn)];
}

/** Problems with a suite's annotations. */
function complaints(shown: readonly Shown[]): string[] {
  const rows = new Set(Object.keys(faultRows));
  const named = new Set(shown.map(({ row }) => row));
  return [
    ...shown.filter(({ row }) => !rows.has(row)).map((one) => `${one.file}: no row "${one.row}"`),
    ...[...rows].filter((row) => !named.has(row)).map((row) => `row ${row}: no test`),
  ];
}

function table(shown: readonly Shown[]): string {
  const lines = Object.entries(faultRows).map(([row, [fault, expected]]) => {
    const files = new Set(shown.filter((one) => one.row === row).map(({ file }) => file));
    const names = [...files].sort().map((file) => file.replace(/^tests\/|\.spec\.ts$/g, ''));
    const cells = [row, fault, expected, names.join(', ')];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return ['| # | case | expected | shown by |', '|---|---|---|---|', ...lines, ''].join('\n');
}

test('every row is shown by a test, and no test names another; the table is theirs', async ({
  run,
}) => {
  const files = testFiles
    .filter((path) => path.endsWith('.spec.ts'))
    .filter((path) => /\bfault\(/.test(readFileSync(path, 'utf8')));
  const words = ['--list', '--project=*', '--reporter=json', ...files];
  const { code, output, stdout } = await run({ words });
  expect(code, output).toBe(0);
  const shown = shownIn(JSON.parse(stdout) as Suite);
  expect(complaints(shown)).toEqual([]);
  expect(table(shown)).toMatchSnapshot('fault-matrix.md');
});

test('no test writes the annotation by hand: a misspelt type would be passed over in silence', () => {
  const byHand = /\bannotation:\s*(?:\[[^\]]*)?\{|\btype: 'fault'/;
  const isHelp = (path: string): boolean =>
    /^tests\/faults\/(matrix\.spec|fault-matrix)\.ts$/.test(path);
  const files = testFiles.filter((path) => byHand.test(readFileSync(path, 'utf8')));
  expect(files.filter((path) => !isHelp(path))).toEqual([]);
  const written = [
    "{ annotation: { type: 'falut' } }",
    "{\n  annotation: [\n    { type: 'fault' }]",
    "{ annotation: [fault(40), { type: 'falut' }] }",
  ];
  expect(written.filter((text) => !byHand.test(text))).toEqual([]);
  expect(byHand.test("testInfo.annotations.push({ type: 'freeze', description })")).toBe(false);
});

test('a row without a test, and a test without a row, are told', () => {
  const shown = Object.keys(faultRows).map((row) => ({ row, file: 'a.spec.ts' }));
  expect(complaints(shown)).toEqual([]);
  expect(complaints(shown.slice(1))).toEqual(['row 1: no test']);
  for (const row of ['0', '1, 2', 'reset', '']) {
    expect(complaints([...shown, { row, file: 'b.spec.ts' }])).toEqual([
      `b.spec.ts: no row "${row}"`,
    ]);
  }
});
