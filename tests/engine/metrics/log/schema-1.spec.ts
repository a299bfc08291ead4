import { expect, test } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { LogReader } from '../../../../load/metrics/log/reader.ts';
import type { PlanOfSchema1 } from '../../../../load/metrics/log/schema-1.ts';
import type { End, LogLine } from '../../../../load/metrics/log/schema.ts';
import { endLine, intervalLine, planLine } from '../lines.ts';

// JSON drops what is undefined: these fields are not in the file.
const plan = { ...planLine(), schema: 1, load: undefined };
const end = { ...endLine(), cause: undefined, reason: 'completed' };

function read(lines: readonly object[], planOf?: PlanOfSchema1): LogLine[] {
  const path = test.info().outputPath('log.ndjson');
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const reader = new LogReader(path, planOf);
  const read: LogLine[] = [];
  for (let line = reader.next(); line !== undefined; line = reader.next()) read.push(line);
  reader.close();
  return read;
}

function lastOf(end: object): End {
  return read([plan, end]).at(-1) as End;
}

test('a log of schema 1 is read as one of today', () => {
  expect(read([plan, intervalLine(), end])).toEqual([
    planLine(),
    intervalLine(),
    endLine({ overflowedLabels: [] }),
  ]);
});

test('a plan of schema 1 keeps its number among the loads of its test', () => {
  expect(read([{ ...plan, load: 3 }])).toEqual([planLine({ load: 3 })]);
});

test('the rest of the plan is what the reader is told to make of it', () => {
  const [line] = read([{ ...plan, budgets: ['p95 < 3 s'] }], ({ budgets, ...rest }) => {
    expect(budgets).toEqual(['p95 < 3 s']);
    return { ...rest, budgets: planLine().budgets };
  });
  expect(line).toEqual(planLine());
});

for (const [reason, detail, cause] of [
  ['aborted', 'abortOnFail: p95 is 4 s, limit < 3 s', 'budget-failed'],
  ['aborted', 'slice 2 of 4 (host, pid 4711) was lost: its connection ended', 'slice-lost'],
  ['interrupted', 'the run was interrupted', 'interrupted'],
  ['crashed', 'the generator failed', 'crashed'],
] as const) {
  test(`${reason}, "${detail.slice(0, 20)}…": the cause is ${cause}`, () => {
    expect(lastOf({ ...end, reason, detail })).toMatchObject({ cause, detail });
  });
}

test('labels that overflowed were told by notes', () => {
  const notes = [
    'label a b: more than 50 values; the rest counts as "other"',
    'labels: more than 1000 combinations; the rest counts as "other"',
  ];
  expect(lastOf({ ...end, notes })).toMatchObject({ overflowedLabels: ['a b'], notes });
});

test('a log of today is not lifted: what schema 1 calls the end is refused', () => {
  expect(() => read([planLine(), end, end])).toThrow(/:2: cause /);
});
