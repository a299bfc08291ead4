/** Reads a Locust `_stats.csv`: a row per request name, and one over all of them. */
import { parse } from 'csv-parse/sync';
import { basename } from 'node:path';
import type { PlainFigures } from '../baselines/plain-rule.ts';
import { withContext } from '../platform/words.ts';
import { checkedFigures, type FiguresFile } from './plain-figures.ts';

/** By the first of its names that the file has; the second is what Locust before 1.0 wrote. */
const figureColumns = {
  averageMs: ['average response time'],
  medianMs: ['median response time'],
  p95Ms: ['95%'],
  p99Ms: ['99%'],
  requestsPerSecond: ['requests/s'],
  requests: ['request count', '# requests'],
  failures: ['failure count', '# failures'],
} as const;
const columns = { ...figureColumns, type: ['type', 'method'], name: ['name'] } as const;

type Row = Readonly<Record<string, string>>;

const overAll = ['Aggregated', 'Total'];
/** Locust has no percentile of a name that was never answered. */
const nothing = ['N/A', ''];

/**
 * The figures of one test: its system is the file's name (`web_shop_stats.csv`), or `system`. Throws
 * with the path, the line, the column and what is accepted.
 */
export function locustFigures(text: string, path: string, system?: string): FiguresFile {
  const rows = rowsOf(text, path);
  const named = rows.map((row, index) => ({ row, name: cell(row, 'name'), line: index + 2 }));
  const total = named.findLast(({ row, name }) => {
    return overAll.includes(name) && ['', 'None'].includes(cell(row, 'type'));
  });
  if (total === undefined) {
    throw new Error(`${path}: no row "Aggregated"; accepted is a whole _stats.csv`);
  }
  const isTwice = (name: string): boolean =>
    named.filter((one) => one !== total && one.name === name).length > 1;
  const tasks = named
    .filter((one) => one !== total && Number(cell(one.row, 'requests')) !== 0)
    .map(({ row, name, line }): [string, PlainFigures] => [
      isTwice(name) ? `${cell(row, 'type')} ${name}` : name,
      figuresOf(row, `${path}:${line}`, 1),
    ]);
  const test = system ?? basename(path).replace(/(_stats)?\.csv$/, '');
  const figures = figuresOf(total.row, `${path}:${total.line}`, 2);
  const notes = [
    `${basename(path)}: Locust rounds percentiles from 100 ms on to two digits, so smaller changes do not show`,
  ];
  const entry = { test, system: test, figures, tasks: new Map(tasks) };
  return { path, kind: 'Locust CSV', entries: [entry], notes };
}

function rowsOf(text: string, path: string): Row[] {
  const columnsOf = (header: string[]): string[] => header.map(columnName);
  const options = { bom: true, skip_empty_lines: true, trim: true, columns: columnsOf };
  const rows: Row[] = withContext(path, () => parse(text, options));
  const header = Object.keys(rows[0] ?? {});
  const needed = ['name', 'requests', 'failures', 'requestsPerSecond'] as const;
  const missing = needed.filter((key) => !columns[key].some((name) => header.includes(name)));
  if (missing.length === 0) return rows;
  throw new Error(
    `${path}: has no ${missing.map((key) => `"${columns[key][0]}"`).join(', ')} ` +
      `(its columns: ${header.join(', ') || 'none'}); accepted is the _stats.csv that Locust writes`,
  );
}

function columnName(name: string): string {
  if (name === '__proto__') throw new Error('the column "__proto__" is not accepted');
  return name.toLowerCase();
}

function cell(row: Row, column: keyof typeof columns): string {
  const name = columns[column].find((one) => Object.hasOwn(row, one));
  return name === undefined ? '' : row[name]!;
}

function figuresOf(row: Row, where: string, least: number): PlainFigures {
  const figure = (column: keyof typeof columns): number | undefined => {
    const text = cell(row, column);
    if (nothing.includes(text) && !(['requests', 'failures'] as string[]).includes(column)) return;
    // Number() would read '' as 0, and 'NaN', '0x1' and 'Infinity' without a word.
    if (/^\d+(\.\d+)?([eE][-+]?\d+)?$/.test(text)) return Number(text);
    throw new Error(
      `${where}: "${columns[column][0]}" is ${JSON.stringify(text)}; accepted is a number, 0 or more`,
    );
  };
  const names = Object.keys(figureColumns) as (keyof typeof figureColumns)[];
  const numbers = names.map((name) => [name, figure(name)] as const);
  return checkedFigures(where, Object.fromEntries(numbers), least);
}
