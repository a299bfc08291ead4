import { expect, test } from '@playwright/test';
import { ConnectionPool } from '../../fixtures/reference/connection-pool.ts';

/** Lets every promise that can settle do so. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

function acquireAll(pool: ConnectionPool, names: readonly string[]): string[] {
  const granted: string[] = [];
  for (const name of names) void pool.acquire().then(() => granted.push(name));
  return granted;
}

test('grants up to its size at once and counts those that wait', async () => {
  const pool = new ConnectionPool(2);
  const granted = acquireAll(pool, ['a', 'b', 'c', 'd', 'e']);
  await settled();
  expect(granted).toEqual(['a', 'b']);
  expect([pool.size, pool.active, pool.available, pool.waiting]).toEqual([2, 2, 0, 3]);
});

test('serves waiters in order of arrival', async () => {
  const pool = new ConnectionPool(1);
  const names = Array.from({ length: 100 }, (_, i) => `waiter ${i}`);
  const granted = acquireAll(pool, names);
  for (let i = 0; i < 50; i++) pool.release();
  const late = acquireAll(pool, ['late']);
  for (let i = 0; i < 50; i++) pool.release();
  await settled();
  expect(granted).toEqual(names);
  expect(late).toEqual(['late']);
  expect(pool.waiting).toBe(0);
});

test('a newcomer never overtakes a waiter, not even between release and grant', async () => {
  const pool = new ConnectionPool(1);
  const granted = acquireAll(pool, ['holder', 'waiter']);
  pool.release();
  granted.push(...acquireAll(pool, ['newcomer']));
  await settled();
  expect(granted).toEqual(['holder', 'waiter']);
  expect([pool.active, pool.waiting]).toEqual([1, 1]);
});

test('a connection that nobody waits for is available again', async () => {
  const pool = new ConnectionPool(1);
  await pool.acquire();
  pool.release();
  expect([pool.active, pool.available]).toEqual([0, 1]);
});

test('releasing more than was acquired is an error, and so is a size of no connections', () => {
  expect(() => {
    new ConnectionPool(1).release();
  }).toThrow('nobody had acquired');
  for (const size of [0, -1, 1.5, NaN]) {
    expect(() => new ConnectionPool(size)).toThrow(`pool size ${size}`);
  }
});
