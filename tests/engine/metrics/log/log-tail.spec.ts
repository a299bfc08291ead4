import { expect, test } from '@playwright/test';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { LogTail } from '../../../../load/metrics/log/log-tail.ts';
import { repeat } from '../../budgets/make-result.ts';
import { logLines, logText, requests } from '../../report/make-log.ts';

function emptyLog(): string {
  const path = test.info().outputPath('load.ndjson');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '');
  return path;
}

const made = { seconds: repeat([requests([100, 200], { request: 'größe' })], 3) };

test('gives each line once, as it is written', () => {
  const path = emptyLog();
  const tail = new LogTail(path);
  expect(tail.read()).toEqual([]);
  const given = logText(made)
    .split(/(?<=\n)/)
    .map((line) => {
      appendFileSync(path, line);
      return tail.read();
    });
  expect(given).toEqual(logLines(made).map((line) => [line]));
  expect(tail.read()).toEqual([]);
});

test('a line that is torn waits until it is whole, also within a character', () => {
  const path = emptyLog();
  const tail = new LogTail(path);
  const bytes = Buffer.from(logText(made));
  const given = [];
  for (let start = 0; start < bytes.length; start += 97) {
    appendFileSync(path, bytes.subarray(start, start + 97));
    given.push(...tail.read());
  }
  expect(given).toEqual(logLines(made));
});

test('lines that are longer than what is read at once, and many of them', () => {
  const path = emptyLog();
  const sample = 'x'.repeat(1000);
  const errors = Array.from({ length: 700 }, (_, i) => ({
    kind: `kind ${i}`,
    count: 1,
    firstMs: 0,
    lastMs: 0,
    sample,
  }));
  const long = { seconds: repeat([requests([100], { errors })], 20) };
  writeFileSync(path, logText(long));
  const tail = new LogTail(path);
  const first = tail.read();
  expect(tail.isAtEnd).toBe(false);
  expect(first.length).toBeLessThan(22);
  const rest = tail.read();
  expect(tail.isAtEnd).toBe(true);
  expect([...first, ...rest]).toEqual(logLines(long));
});

test('a file that is not there yet has no lines, and is found when it is', () => {
  const path = test.info().outputPath('later.ndjson');
  const tail = new LogTail(path);
  expect([tail.read(), tail.failure]).toEqual([[], undefined]);
  writeFileSync(path, logText(made));
  expect(tail.read()).toHaveLength(5);
});

test('a folder in its place is no log, and nothing is thrown', () => {
  const path = test.info().outputPath('folder.ndjson');
  mkdirSync(path, { recursive: true });
  const tail = new LogTail(path);
  expect(tail.read()).toEqual([]);
  expect(tail.failure).toContain('EISDIR');
});

test('a broken line ends the reading, with its place', () => {
  const path = emptyLog();
  writeFileSync(path, `${logText({ seconds: [], end: false })}{"type":"interval"}\n`);
  const tail = new LogTail(path);
  expect(tail.read()).toHaveLength(1);
  expect(tail.failure).toContain(`${path}:2: `);
  appendFileSync(path, logText(made));
  expect(tail.read()).toEqual([]);
});
