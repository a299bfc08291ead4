import { expect, test } from '@playwright/test';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { LogTail, readResult } from '../../../../load/metrics/log/reader.ts';
import { ResultFold } from '../../../../load/metrics/result/result.ts';
import { repeat } from '../../budgets/make-result.ts';
import { logLines, logText, requests } from '../../report/make-log.ts';
import { endLine, intervalLine, planLine } from '../lines.ts';

const plan = JSON.stringify(planLine());
const first = JSON.stringify(intervalLine());
const second = JSON.stringify(intervalLine({ startMs: 2000.5, endMs: 3000 }));
const end = JSON.stringify(endLine({ scheduled: 8, sent: 8 }));

function logOf(text: string): string {
  const path = test.info().outputPath('log.ndjson');
  writeFileSync(path, text);
  return path;
}

test('a log read back is the fold of its lines', async () => {
  const fold = new ResultFold(planLine());
  fold.addInterval(intervalLine());
  fold.addInterval(intervalLine({ startMs: 2000.5, endMs: 3000 }));
  fold.addEnd(endLine({ scheduled: 8, sent: 8 }));
  const read = await readResult(logOf(`${plan}\n${first}\n${second}\n${end}\n`));
  expect(read).toEqual(fold.result());
});

test('a torn last line is left out with a note', async () => {
  const read = await readResult(logOf(`${plan}\n${first}\n${second.slice(0, 200)}`));
  expect(read.timeline).toHaveLength(1);
  expect(read.notes).toEqual(['last line (3) was torn and is left out']);
  expect(read.end).toBeUndefined();
});

test('a log that breaks off between two lines is whole as far as it goes', async () => {
  const read = await readResult(logOf(`${plan}\n${first}\n`));
  expect([read.scheduled, read.notes, read.end]).toEqual([4, [], undefined]);
});

for (const name of [
  '../escaped',
  '/etc/passwd',
  'a/b',
  'a\\b',
  '.hidden',
  '..',
  '',
  'a\0b',
  'x'.repeat(201),
]) {
  test(`a log whose name would lead out of its folder is refused: ${JSON.stringify(name).slice(0, 30)}`, async () => {
    for (const field of ['testId', 'runId']) {
      const path = logOf(`${JSON.stringify({ ...planLine(), [field]: name })}\n${first}\n`);
      await expect(readResult(path)).rejects.toThrow(field);
      await expect(readResult(path)).rejects.toThrow('accepted is a name of a file');
    }
  });
}

test('a log that holds only a plan gives an empty result', async () => {
  expect((await readResult(logOf(`${plan}\n`))).timeline).toEqual([]);
});

test('a broken line in the middle is refused by file and line', async () => {
  const path = logOf(`${plan}\n${first.slice(0, 200)}\n${second}\n${end}\n`);
  await expect(readResult(path)).rejects.toThrow(`${path}:2: `);
});

test('a line of the wrong shape in the middle is refused once by file, line and path', async () => {
  const wrong = JSON.stringify({ ...intervalLine(), scheduled: -1 });
  const path = logOf(`${plan}\n${wrong}\n${end}\n`);
  const message = await readResult(path).then(String, (error: unknown) => (error as Error).message);
  expect(message).toMatch(/:2: scheduled /);
  expect(message.split(path)).toHaveLength(2);
});

test('Windows line ends and blank lines do no harm', async () => {
  const read = await readResult(logOf(`${plan}\r\n\r\n${first}\r\n${end}\r\n\r\n`));
  expect([read.timeline.length, read.notes]).toEqual([1, ['a note']]);
});

test('a torn last line with blank ones after it is still the last', async () => {
  const read = await readResult(logOf(`${plan}\n${first}\n${second.slice(0, 99)}\n\n`));
  expect(read.notes).toEqual(['last line (3) was torn and is left out']);
});

for (const [what, text] of [
  ['empty file', ''],
  ['file of blank lines', '\n\n'],
  ['torn plan', plan.slice(0, 100)],
] as const) {
  test(`an ${what} is no interval log`, async () => {
    await expect(readResult(logOf(text))).rejects.toThrow('no plan in it; not an interval log');
  });
}

test('a log without its plan is refused', async () => {
  await expect(readResult(logOf(`${first}\n${end}\n`))).rejects.toThrow('not a plan');
});

test('two logs in one file are refused: nothing of the first may get lost', async () => {
  const path = logOf(`${plan}\n${first}\n${end}\n${plan}\n${second}\n`);
  await expect(readResult(path)).rejects.toThrow(`${path}:4: a second plan`);
});

test('a file that is not there is refused', async () => {
  const path = test.info().outputPath('missing.ndjson');
  await expect(readResult(path)).rejects.toThrow('missing.ndjson');
});

test('a last line without its line break is torn: nobody knows whether it is whole', async () => {
  const read = await readResult(logOf(`${plan}\n${first}\n${end}`));
  expect([read.end, read.notes]).toEqual([undefined, ['last line (3) was torn and is left out']]);
});

function emptyLog(): string {
  const path = test.info().outputPath('load.ndjson');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '');
  return path;
}

const written = { seconds: repeat([requests([100, 200], { request: 'größe' })], 3) };

test('gives each line once, as it is written', () => {
  const path = emptyLog();
  const tail = new LogTail(path);
  expect(tail.read()).toEqual([]);
  const given = logText(written)
    .split(/(?<=\n)/)
    .map((line) => {
      appendFileSync(path, line);
      return tail.read();
    });
  expect(given).toEqual(logLines(written).map((line) => [line]));
  expect(tail.read()).toEqual([]);
});

test('a line that is torn waits until it is whole, also within a character', () => {
  const path = emptyLog();
  const tail = new LogTail(path);
  const bytes = Buffer.from(logText(written));
  const given = [];
  for (let start = 0; start < bytes.length; start += 97) {
    appendFileSync(path, bytes.subarray(start, start + 97));
    given.push(...tail.read());
  }
  expect(given).toEqual(logLines(written));
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
  writeFileSync(path, logText(written));
  expect(tail.read()).toHaveLength(5);
});

test('a folder in its place is no log, and nothing is thrown', () => {
  const path = test.info().outputPath('folder.ndjson');
  mkdirSync(path, { recursive: true });
  const tail = new LogTail(path);
  expect(tail.read()).toEqual([]);
  expect(tail.failure).toContain('EISDIR');
});

test('a broken line ends the reading, with its place, once another follows it', () => {
  const path = emptyLog();
  const [, next = ''] = logText(written).split(/(?<=\n)/);
  writeFileSync(path, `${logText({ seconds: [], end: false })}{"type":"interval"}\n`);
  const tail = new LogTail(path);
  expect([tail.read().length, tail.failure]).toEqual([1, undefined]);
  appendFileSync(path, next);
  expect(tail.read()).toEqual([]);
  expect(tail.failure).toContain(`${path}:2: `);
  appendFileSync(path, next);
  expect(tail.read()).toEqual([]);
});
