/**
 * Rows for tasks, read once from JSONL. They are split over the slices, so that no two slices use the
 * same row.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { z } from 'zod';
import { integerBelow, purpose, type DrawKey } from '../platform/random.ts';
import { counted, withContext } from '../platform/words.ts';
import { isOwned, type Slice } from '../workload/slice.ts';

/**
 * `unique`: each row is used once in the run, and running out of rows is an error. `circular`: in order,
 * then again from the start. `random`: drawn at random, the same for a user in every run with one seed.
 * @example
 * datasetOf('coupons', 'unique', [{ code: 'A1' }, { code: 'B2' }]); // each is used once in the run
 */
export type DatasetMode = 'unique' | 'circular' | 'random';

/**
 * Rows for tasks. `data.next()` returns one row after another, in the order that `mode` states.
 * @example
 * const queries: Dataset<{ q: string }> = datasetOf('queries', 'circular', [{ q: 'tea' }]);
 * defineUser({
 *   system: 'shop',
 *   data: queries,
 *   tasks: { search: { run: ({ http, data }) => void http.get('/search', { query: data.next() }) } },
 * });
 */
export interface Dataset<Row> {
  readonly name: string;
  readonly mode: DatasetMode;
  readonly rows: readonly Row[];
}

export interface DataCursor<Row> {
  /** The next row. In mode `unique` it throws when this slice has no more rows. */
  next(): Row;
}

/**
 * Rows from a JSONL file, each checked by `schema` if one is given. The file is read when a load first
 * needs a row, so a missing file fails only the tests that use it. A row that is not valid throws with
 * path and line.
 * @example
 * const customers = dataset('tests/load/customers.jsonl', 'unique', z.object({ email: z.email() }));
 */
export function dataset<Row = unknown>(
  path: string,
  mode: DatasetMode,
  schema?: z.ZodType<Row>,
): Dataset<Row> {
  let rows: readonly Row[] | undefined;
  return {
    name: path,
    mode,
    get rows() {
      return (rows ??= readRows(path, schema));
    },
  };
}

function readRows<Row>(path: string, schema: z.ZodType<Row> | undefined): readonly Row[] {
  const isThere = existsSync(path);
  if (!isThere) throw new Error(`dataset ${path}: no such file; looked for from ${process.cwd()}`);
  const rows: Row[] = [];
  for (const [i, line] of readFileSync(path, 'utf8').split('\n').entries()) {
    if (line.trim() === '') continue;
    rows.push(parseRow(line, `${path}:${i + 1}`, schema));
  }
  if (rows.length === 0) throw new Error(noRow(path));
  return rows;
}

function noRow(name: string): string {
  return `dataset ${name}: has no row; needs at least one`;
}

/**
 * A dataset from an array of rows. Throws if the array is empty.
 * @example
 * datasetOf('queries', 'random', [{ q: 'tea' }, { q: 'coffee' }]);
 */
export function datasetOf<Row>(
  name: string,
  mode: DatasetMode,
  rows: readonly Row[],
): Dataset<Row> {
  if (rows.length === 0) throw new Error(noRow(name));
  return { name, mode, rows };
}

/** Identifies a dataset by its mode and the content of its rows, not by its path. */
export function describeDataset({ mode, rows }: Dataset<unknown>): string {
  const hash = createHash('sha256').update(JSON.stringify(rows)).digest('hex').slice(0, 12);
  return `${mode}, ${counted(rows.length, 'row')}, ${hash}`;
}

function parseRow<Row>(line: string, where: string, schema: z.ZodType<Row> | undefined): Row {
  const row: unknown = withContext(`dataset ${where}`, () => JSON.parse(line) as unknown);
  if (schema === undefined) return row as Row;
  const parsed = schema.safeParse(row);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`dataset ${where}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'wrong'}`);
}

const rowDraw = purpose('dataset row');

/** Hands out the rows of one slice. All virtual users of a load stream share one reader. */
export class DatasetReader<Row> {
  private readonly own: readonly number[];
  private position = 0;
  private readonly dataset: Dataset<Row>;
  private readonly key: DrawKey;

  constructor(dataset: Dataset<Row>, slice: Slice, key: DrawKey) {
    this.dataset = dataset;
    this.key = key;
    this.own = dataset.rows.map((_, k) => k).filter((k) => isOwned(k, slice));
    // In mode `random` every slice draws from all rows.
    if (this.own.length === 0 && dataset.mode !== 'random') {
      const { length } = dataset.rows;
      throw new Error(
        `dataset ${dataset.name}: ${counted(length, 'row')} for ${counted(slice.count, 'slice')}; too few`,
      );
    }
  }

  /** The row for draw `n` of user or arrival `index`. Both matter only in mode `random`. */
  next(index: number, n: number): Row {
    const { mode, rows, name } = this.dataset;
    if (mode === 'random') return rows[integerBelow(rows.length, this.key, index, rowDraw, n)]!;
    if (mode === 'unique' && this.position >= this.own.length) {
      throw new Error(
        `dataset ${name}: this slice has ${counted(this.own.length, 'row')}, and all are used up`,
      );
    }
    return rows[this.own[this.position++ % this.own.length]!]!;
  }
}
