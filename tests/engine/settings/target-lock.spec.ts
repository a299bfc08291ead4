import { expect, test } from '@playwright/test';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { lockPath, lockTarget } from '../../../load/settings/target-lock.ts';

const url = 'http://127.0.0.1:8080';
const asked = { url, runId: 'this-run', isSliced: false, test: '"holds 10 users"' };

function ownFolder(): string {
  const folder = test.info().outputPath('locks');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** As if another run had locked the target. */
function lockedBy(folder: string, pid: number, more: object = {}): void {
  const holder = { ...asked, runId: 'other-run', pid, ...more };
  writeFileSync(lockPath(folder, url), JSON.stringify(holder));
}

test('a lock is a file while it is held, and nothing after', () => {
  const folder = ownFolder();
  const giveFree = lockTarget({ ...asked, folder });
  expect(readFileSync(lockPath(folder, url), 'utf8')).toContain(`"pid":${process.pid}`);
  giveFree();
  expect(readdirSync(folder)).toEqual([]);
});

test('another run that lives is named, and keeps its lock', () => {
  const folder = ownFolder();
  lockedBy(folder, process.ppid, { test: '"holds 500 users"' });
  expect(() => lockTarget({ ...asked, folder })).toThrow(
    `${url}: is under load already, by "holds 500 users" of run other-run (pid ${process.ppid})`,
  );
  expect(readFileSync(lockPath(folder, url), 'utf8')).toContain('other-run');
});

test('the lock of a process that has ended is taken over', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  const folder = ownFolder();
  lockedBy(folder, child.pid!);
  lockTarget({ ...asked, folder })();
  expect(existsSync(lockPath(folder, url))).toBe(false);
});

test('so is one whose number has gone to another process', () => {
  const folder = ownFolder();
  lockedBy(folder, process.ppid, { startTicks: 1 });
  lockTarget({ ...asked, folder });
  expect(readFileSync(lockPath(folder, url), 'utf8')).toContain('this-run');
});

test('half a file tells nobody, and is taken over', () => {
  const folder = ownFolder();
  writeFileSync(lockPath(folder, url), '{"pid":');
  lockTarget({ ...asked, folder });
  expect(readFileSync(lockPath(folder, url), 'utf8')).toContain('this-run');
});

test('slices of one run share it; those of two do not', () => {
  const folder = ownFolder();
  lockedBy(folder, process.ppid, { isSliced: true, runId: 'this-run' });
  lockTarget({ ...asked, folder, isSliced: true })();
  // Only the owner can release it.
  expect(existsSync(lockPath(folder, url))).toBe(true);
  expect(() => lockTarget({ ...asked, folder })).toThrow('under load already');
  lockedBy(folder, process.ppid, { isSliced: true });
  expect(() => lockTarget({ ...asked, folder, isSliced: true })).toThrow('under load already');
});

for (const [a, b, same] of [
  ['http://localhost:8080', 'http://127.0.0.1:8080/api', true],
  ['http://[::1]:8080', 'http://127.0.0.1:8080', true],
  ['http://127.0.0.1', 'http://localhost:80', true],
  [`http://${hostname()}:8080`, 'http://127.0.0.1:8080', true],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8081', false],
  ['http://a.example.org', 'http://b.example.org', false],
] as const) {
  test(`${a} and ${b} are ${same ? 'one target' : 'two'}`, () => {
    expect(lockPath('/tmp', a) === lockPath('/tmp', b)).toBe(same);
  });
}

test('a file of another user is in nobody’s way', () => {
  const folder = ownFolder();
  const other = 12_345;
  // Its name says that it belongs to the other user, but it does not.
  const [first, second, third] = [1, 2, 3].map(() => {
    const path = lockPath(folder, url, other);
    writeFileSync(path, '{}');
    return path;
  });
  expect(new Set([first, second, third]).size).toBe(3);
  const own = lockPath(folder, url, statSync(first!).uid);
  writeFileSync(own, '{}');
  expect(lockPath(folder, url, statSync(first!).uid)).toBe(own);
});

test('all names of this machine are one target', () => {
  const names = ['localhost', 'localhost.', 'app.localhost', '127.0.0.2', '[::1]', 'LOCALHOST'];
  const paths = names.map((name) => lockPath('/locks', `http://${name}:8080/v1`));
  expect(new Set(paths).size).toBe(1);
});
