import { expect, test } from '@playwright/test';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LogFile } from '../../../../load/metrics/log/log-file.ts';
import { fillDisk } from '../full-disk.ts';

test('lines stand in the file in the order in which they came', async () => {
  const path = test.info().outputPath('new/folder/log.ndjson');
  const file = new LogFile(path);
  const lines = Array.from({ length: 200 }, (_, i) => `{"line":${i},"text":"größer"}`);
  for (const line of lines) file.append(line);
  await file.close();
  expect(readFileSync(path, 'utf8')).toBe(`${lines.join('\n')}\n`);
  expect(file.failure).toBeUndefined();
});

test('it knows how much it holds', async () => {
  const file = new LogFile(test.info().outputPath('log.ndjson'));
  file.append('12345');
  file.append('');
  expect(file.bytes).toBe(7);
  await file.close();
});

test('a file that exists already is refused and left as it is', () => {
  const path = test.info().outputPath('log.ndjson');
  writeFileSync(path, 'an earlier run');
  expect(() => new LogFile(path)).toThrow('EEXIST');
  expect(readFileSync(path, 'utf8')).toBe('an earlier run');
});

test('a folder that cannot be made is refused', () => {
  const path = test.info().outputPath('file');
  writeFileSync(path, '');
  expect(() => new LogFile(join(path, 'log.ndjson'))).toThrow(/ENOTDIR|EEXIST/);
});

test('a path that is a folder is refused', () => {
  const path = test.info().outputPath('folder');
  mkdirSync(path);
  expect(() => new LogFile(path)).toThrow(/EISDIR|EEXIST/);
});

test('a full disk stops the writing and is told, and nobody has to catch it', async () => {
  const file = new LogFile(test.info().outputPath('log.ndjson'));
  fillDisk(file);
  file.append('first');
  file.append('second');
  await file.close();
  expect(file.failure).toContain('ENOSPC');
  expect(file.failure).toContain('log.ndjson');
});
