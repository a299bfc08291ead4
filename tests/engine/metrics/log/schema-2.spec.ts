import { expect, test } from '@playwright/test';
import { liftedFrom2 } from '../../../../load/metrics/log/schema-2.ts';
import { parseLine } from '../../../../load/metrics/log/reader.ts';
import { intervalLine, planLine } from '../lines.ts';

test('a log of schema 2 is read as one of today that tells of no single request', () => {
  const { requests, ...interval } = intervalLine();
  expect(requests).toHaveLength(1);
  const lines = [{ ...planLine(), schema: 2 }, interval].map((line) => JSON.stringify(line));
  const read = lines.map((text) => parseLine(text, 'log', liftedFrom2));
  expect(read).toEqual([planLine(), interval]);
});

test('a line that is none stays what it is', () => {
  expect([null, 7, { type: 'end', schema: 2 }].map(liftedFrom2)).toEqual([
    null,
    7,
    { type: 'end', schema: 2 },
  ]);
});
