import { expect, test } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { LogReader } from '../../../../load/metrics/log/reader.ts';
import type { BudgetOfSchema1 } from '../../../../load/metrics/log/schema-1.ts';
import type { End, LogLine } from '../../../../load/metrics/log/schema.ts';
import { endLine, intervalLine, planLine } from '../lines.ts';

// JSON drops what is undefined: these fields are not in the file.
const plan = { ...planLine(), schema: 1, load: undefined };
const end = { ...endLine(), cause: undefined, reason: 'completed' };

function read(lines: readonly object[], budgetOf?: BudgetOfSchema1): LogLine[] {
  const path = test.info().outputPath('log.ndjson');
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const reader = new LogReader(path, budgetOf);
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

test('its budgets are what the reader is told to make of them, and the plan is at hand', () => {
  const [line] = read([plan], (budget, { testId }) => ({
    ...(budget as object),
    key: String(testId),
  }));
  expect(line).toMatchObject({ budgets: [{ key: planLine().testId, limit: '< 3 s' }] });
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
