import { expect, test } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { drawKey } from '../../../load/platform/random.ts';
import { wholeLoad } from '../../../load/workload/slice.ts';
import { dataset, DatasetReader, datasetOf, describeDataset } from '../../../load/user/dataset.ts';

const key = drawKey(1, 'main');
const rows = ['a', 'b', 'c', 'd', 'e'];

function fileOf(text: string): string {
  const path = test.info().outputPath('rows.jsonl');
  writeFileSync(path, text);
  return path;
}

test('rows are read from lines of JSON, blank ones left out', () => {
  expect(dataset(fileOf('{"q":1}\n\n{"q":2}\n'), 'circular').rows).toEqual([{ q: 1 }, { q: 2 }]);
});

test('a line that is no JSON is refused by file and line', () => {
  const path = fileOf('{"q":1}\n{"q":');
  expect(() => dataset(path, 'circular').rows).toThrow(`dataset ${path}:2: `);
});

test('a row of the wrong shape is refused by file, line and field', () => {
  const path = fileOf('{"q":1}\n{"q":"two"}\n');
  const schema = z.object({ q: z.number() });
  expect(() => dataset(path, 'circular', schema).rows).toThrow(`dataset ${path}:2: q: `);
});

test('a file that is missing is named when a row is wanted, and no sooner', () => {
  const missing = dataset('nowhere/rows.jsonl', 'unique');
  expect(missing).toMatchObject({ name: 'nowhere/rows.jsonl', mode: 'unique' });
  expect(() => missing.rows).toThrow(
    `dataset nowhere/rows.jsonl: no such file; looked for from ${process.cwd()}`,
  );
});

test('a dataset without rows is refused', () => {
  expect(() => dataset(fileOf('\n'), 'unique').rows).toThrow('has no row');
  expect(() => datasetOf('none', 'unique', [])).toThrow('dataset none: has no row');
});

test('unique: each row once, then an error', () => {
  const reader = new DatasetReader(datasetOf('five', 'unique', rows), wholeLoad, key);
  expect(rows.map(() => reader.next(0, 0))).toEqual(rows);
  expect(() => reader.next(0, 0)).toThrow(
    'dataset five: this slice has 5 rows, and all are used up',
  );
});

test('circular: in order, and again from the start', () => {
  const reader = new DatasetReader(datasetOf('five', 'circular', rows), wholeLoad, key);
  expect(Array.from({ length: 7 }, () => reader.next(0, 0))).toEqual([...rows, 'a', 'b']);
});

for (const mode of ['unique', 'circular'] as const) {
  test(`${mode}: slices share the rows, without overlap`, () => {
    const taken = [1, 2, 3].map((index) => {
      const reader = new DatasetReader(datasetOf('five', mode, rows), { index, count: 3 }, key);
      return Array.from({ length: index === 3 ? 1 : 2 }, () => reader.next(0, 0));
    });
    expect(taken).toEqual([['a', 'd'], ['b', 'e'], ['c']]);
  });
}

test('random: the same for a user in every run of one seed, in any slice', () => {
  const set = datasetOf('five', 'random', rows);
  const drawn = (slice: typeof wholeLoad): string[] => {
    const reader = new DatasetReader(set, slice, key);
    return Array.from({ length: 40 }, (_, n) => reader.next(7, n));
  };
  expect(drawn({ index: 2, count: 4 })).toEqual(drawn(wholeLoad));
  expect(new Set(drawn(wholeLoad))).toEqual(new Set(rows));
});

test('more slices than rows are refused', () => {
  const set = datasetOf('five', 'circular', rows);
  expect(() => new DatasetReader(set, { index: 6, count: 6 }, key)).toThrow(
    'dataset five: 5 rows for 6 slices; too few',
  );
});

test('datasets are told apart by their rows and how they are read, not by their names', () => {
  const [here, there] = [datasetOf('here', 'random', rows), datasetOf('there', 'random', rows)];
  expect(describeDataset(here)).toMatch(/^random, 5 rows, [0-9a-f]{12}$/);
  expect(describeDataset(there)).toBe(describeDataset(here));
  const others = [datasetOf('here', 'circular', rows), datasetOf('here', 'random', ['b', 'a'])];
  for (const other of others) expect(describeDataset(other)).not.toBe(describeDataset(here));
});
