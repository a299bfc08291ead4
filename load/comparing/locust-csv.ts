/**
 * Reads the CSV of a load test. A Locust `_stats.csv` has a row per request name and one for all of them.
 * Pipelines built on it write a row per service and none for all.
 */
import { CsvError, parse } from 'csv-parse/sync';
import { basename } from 'node:path';
import type { PlainFigures } from '../baselines/plain-rule.ts';
import { defined } from '../platform/defined.ts';
import { firstRepeated } from '../platform/lists.ts';
import { cut, withContext } from '../platform/words.ts';
import { acceptedFiles, foreignFile, locustHistory, refuseForeignCsv } from './foreign-files.ts';
import {
  checkedFigures,
  requestKey,
  type FiguresEntry,
  type FiguresFile,
} from './plain-figures.ts';

/**
 * The names of each column: Locust's, those before Locust 1.0, those of plain figures. The first one that
 * the file has is used.
 */
const figureColumns = {
  averageMs: ['average response time', 'avg_latency_ms'],
  medianMs: ['median response time', 'median_latency_ms'],
  p95Ms: ['95%', 'p95_latency_ms'],
  p99Ms: ['99%', 'p99_latency_ms'],
  requestsPerSecond: ['requests/s', 'rps'],
  requests: ['request count', '# requests', 'total_requests'],
  failures: ['failure count', '# failures', 'total_failures'],
} as const;
const columns = {
  ...figureColumns,
  type: ['type', 'method'],
  name: ['name', 'service', 'system'],
  users: ['users', 'baseline_users'],
  timestamp: ['timestamp'],
} as const;

type Row = Readonly<Record<string, string>>;

const overAll = ['Aggregated', 'Total'];
/** How much of an unknown header an error message shows. */
const longestHeader = 300;
/** Locust has no percentiles for a name that was never answered. */
const nothing = ['N/A', ''];

interface NamedRow {
  readonly row: Row;
  readonly name: string;
  /** The request, with the method in front if the row has one, since one name may have several methods. */
  readonly task: string;
  readonly line: number;
}

/**
 * The figures of one test, whose system is in the file name (`web_shop_stats.csv`) or is `system`. A file
 * with a row per service gives the figures of each service. Throws with the path, the line, the column
 * and what is accepted.
 */
export function locustFigures(text: string, path: string, system?: string): FiguresFile {
  const rows = rowsOf(text, path);
  const named = rows.map((row, index): NamedRow => {
    return { row, name: cell(row, 'name'), task: taskName(row), line: index + 2 };
  });
  const [total, second] = named.filter(isOverAll);
  if (total === undefined) return ofServices(named, path);
  if (cell(total.row, 'timestamp') !== '') throw foreignFile(path, locustHistory);
  if (second !== undefined) {
    const again = `${path}:${second.line}: a second row "${second.name}"`;
    throw new Error(`${again}; accepted is one over all requests, as a whole _stats.csv has it`);
  }
  const ofTasks = named.filter((one) => one !== total);
  refuseRepeated(ofTasks, 'task', path);
  const tasks = ofTasks
    .filter(({ row }) => !isIdle(row))
    .map(({ row, task, line }): [string, PlainFigures] => {
      return [task, figuresOf(row, `${path}:${line}`, 1)];
    });
  const test = system ?? basename(path).replace(/(_stats)?\.\w+$/, '');
  const figures = figuresOf(total.row, `${path}:${total.line}`, 2);
  const isRounded = rows.every((row) => /^(\d+|N\/A)?$/.test(cell(row, 'p95Ms')));
  const rounds = `Locust rounds percentiles from 100 ms on to two digits, so smaller changes do not show`;
  const notes = isRounded ? [`${basename(path)}: ${rounds}`] : [];
  const entry = { test, system: test, figures, tasks: new Map(tasks) };
  return { path, kind: 'Locust CSV', entries: [entry], notes };
}

function taskName(row: Row): string {
  // Text that a spreadsheet would take for a formula has a mark in front.
  const [type, name] = [methodOf(row), cell(row, 'name')].map((word) =>
    word.replace(/^'(?=[=+\-@])/, ''),
  );
  // In older files of this suite the column holds the task, whose request may have the same name.
  return type === name ? name! : requestKey(type!, name!);
}

/** Before its 1.0, Locust wrote `None` for none. */
function methodOf(row: Row): string {
  const method = cell(row, 'type');
  return method === 'None' ? '' : method;
}

function isOverAll({ row, name }: NamedRow): boolean {
  return overAll.includes(name) && methodOf(row) === '';
}

/** It is unclear which of the two is meant. */
function refuseRepeated(rows: readonly NamedRow[], key: 'task' | 'name', path: string): void {
  const again = firstRepeated(rows, (row) => row[key]);
  if (again === undefined) return;
  const twice = `${path}:${again.line}: ${JSON.stringify(again[key])} for the second time`;
  throw new Error(`${twice}; accepted is a row per ${key === 'task' ? 'request' : 'service'}`);
}

/** A file of Locust that was cut off also has no sum, but its rows have names of requests. */
function isOfService({ name, row }: NamedRow): boolean {
  return name !== '' && !name.includes('/') && !overAll.includes(name) && methodOf(row) === '';
}

function ofServices(rows: readonly NamedRow[], path: string): FiguresFile {
  if (!rows.every(isOfService)) {
    const accepted = 'a whole _stats.csv, or a row per service, named by it';
    throw new Error(`${path}: no row "Aggregated"; accepted is ${accepted}`);
  }
  refuseRepeated(rows, 'name', path);
  const used = rows.filter(({ row }) => !isIdle(row));
  const entries = used.map(({ row, name, line }): FiguresEntry => {
    const figures = figuresOf(row, `${path}:${line}`, 2);
    const timestamp = timeOf(row, `${path}:${line}`);
    return { test: name, system: name, figures, tasks: new Map(), ...defined({ timestamp }) };
  });
  const idle = rows.filter(({ row }) => isIdle(row));
  const notes = idle.map(({ name }) => `${basename(path)}: ${name} got no request and is left out`);
  if (entries.length === 0) throw new Error([`${path}: no service in it`, ...notes].join('; '));
  return { path, kind: 'CSV by service', entries, notes };
}

function isIdle(row: Row): boolean {
  const requests = cell(row, 'requests');
  return requests !== '' && Number(requests) === 0;
}

function timeOf(row: Row, where: string): string | undefined {
  const text = cell(row, 'timestamp');
  if (text === '' || !Number.isNaN(Date.parse(text))) return text === '' ? undefined : text;
  const told = `${where}: "timestamp" is ${JSON.stringify(text)}`;
  throw new Error(`${told}; accepted is a time such as 2025-10-17T05:15:19Z`);
}

function rowsOf(text: string, path: string): Row[] {
  let header: string[] = [];
  const columnsOf = (names: string[]): string[] => (header = columnNames(names));
  refuseOtherSeparator(text, path);
  const rows: Row[] = withContext(path, () => parsed(text, columnsOf));
  refuseForeignCsv(header, path);
  const needed = ['name', 'requests', 'failures', 'requestsPerSecond'] as const;
  const missing = needed.filter((key) => !columns[key].some((name) => header.includes(name)));
  if (missing.length === 0 && rows.length > 0) return rows;
  const lacks =
    missing.length === 0
      ? 'no rows'
      : `no ${missing.map((key) => `"${columns[key][0]}"`).join(', ')}`;
  const own = cut(header.join(', '), longestHeader);
  throw new Error(`${path}: has ${lacks} (its columns: ${own || 'none'}); ${acceptedFiles}`);
}

/** Spreadsheets write the separator of their locale. */
function refuseOtherSeparator(text: string, path: string): void {
  const header = text.split(/\r\n?|\n/, 1)[0] ?? '';
  const columnsBy = (separator: string): number => header.split(separator).length;
  // A number may contain a decimal comma.
  const other = [';', '\t', '|'].find((one) => columnsBy(one) > Math.max(2, columnsBy(',')));
  if (other === undefined) return;
  const told = other === '\t' ? 'a tab' : JSON.stringify(other);
  throw new Error(`${path}: has ${told} between its columns; ${acceptedFiles}, with commas`);
}

/** Errors of csv-parse are reported in its words, errors of this reader in their own. */
function parsed(text: string, columnsOf: (names: string[]) => string[]): Row[] {
  try {
    return parse(text, { skip_empty_lines: true, trim: true, columns: columnsOf });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new Error(`is no CSV (${cut(error.message, longestHeader)}); ${acceptedFiles}`, {
      cause: error,
    });
  }
}

function columnNames(names: readonly string[]): string[] {
  const known = names.map((name) => name.toLowerCase());
  const twice = firstRepeated(known, (name) => name);
  if (twice !== undefined) {
    throw new Error(
      `the column ${JSON.stringify(twice)} for the second time; accepted is each once`,
    );
  }
  if (known.includes('__proto__')) throw new Error('the column "__proto__" is not accepted');
  return known;
}

/** The file's name for the column, or the first possible name if it has none. */
function nameOf(row: Row, column: keyof typeof columns): string {
  return columns[column].find((one) => Object.hasOwn(row, one)) ?? columns[column][0];
}

function cell(row: Row, column: keyof typeof columns): string {
  return row[nameOf(row, column)] ?? '';
}

function figuresOf(row: Row, where: string, least: number): PlainFigures {
  const figure = (column: keyof typeof figureColumns): number | undefined => {
    const text = cell(row, column);
    if (nothing.includes(text) && column !== 'requests' && column !== 'failures') return;
    // More requests failed than the percentile leaves out. Only this suite's files say so.
    if (text === 'Infinity' && column.endsWith('Ms')) return Infinity;
    // Number() would silently accept '', 'NaN', '0x1' and 'Infinity'.
    if (/^\d+(\.\d+)?([eE][-+]?\d+)?$/.test(text)) return Number(text);
    const told = `${where}: "${nameOf(row, column)}" is ${JSON.stringify(text)}`;
    throw new Error(`${told}; accepted is a number, 0 or more`);
  };
  const names = Object.keys(figureColumns) as (keyof typeof figureColumns)[];
  const numbers = names.map((name) => [name, figure(name)] as const);
  const users = cell(row, 'users');
  const loose = { ...Object.fromEntries(numbers), users: users === '' ? undefined : users };
  return checkedFigures(where, loose, least);
}
