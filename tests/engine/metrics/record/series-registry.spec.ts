import { expect, test } from '@playwright/test';
import { SeriesRegistry } from '../../../../load/metrics/record/series-registry.ts';

const steady = { index: 0, name: 'steady state', late: 0 };

test('one name is one place, and each task has its own', () => {
  const registry = new SeriesRegistry([50, 50]);
  expect(registry.ref(0, 'chat', 'login')).toBe(registry.ref(0, 'chat', 'login'));
  expect(registry.ref(0, 'search', 'login')).not.toBe(registry.ref(0, 'chat', 'login'));
  expect(registry.ref(1, 'chat', 'login')).not.toBe(registry.ref(0, 'chat', 'login'));
  const get = registry.ref(0, 'chat', 'login', 'GET');
  expect(get).not.toBe(registry.ref(0, 'chat', 'login', 'POST'));
  expect(registry.ref(0, 'chat', 'login', 'GET')).toBe(get);
});

test('a buffer lasts for one interval', () => {
  const registry = new SeriesRegistry([50]);
  const ref = registry.ref(0, 'chat', 'chat');
  const labels = { model: 'small' };
  const first = registry.buffer(ref, steady, undefined);
  const labelled = registry.buffer(ref, steady, labels);
  expect(registry.buffer(ref, steady, undefined)).toBe(first);
  expect(registry.buffer(ref, steady, { ...labels })).toBe(labelled);
  expect(registry.take()).toEqual([first, labelled]);
  expect(registry.buffer(ref, steady, undefined)).not.toBe(first);
  expect(registry.take()).toHaveLength(1);
  expect(registry.take()).toEqual([]);
});

test('all series of a run together are bounded, whatever names and labels tasks make up', () => {
  const registry = new SeriesRegistry([1000]);
  for (let i = 0; i < 20_000; i++) {
    const ref = registry.ref(0, 'chat', `request ${i % 700}`);
    registry.buffer(ref, steady, { turn: `${i % 900}` });
  }
  // Each of 501 names has at most one set beyond the bound: `other`.
  expect(registry.take().length).toBeLessThanOrEqual(2000 + 501);
  expect(registry.notes().join('\n')).toContain('500 names of requests');
});

test('names that differ by an id alone are told with the one name that they would have', () => {
  const registry = new SeriesRegistry([50]);
  for (let i = 0; i < 12_016; i++) registry.ref(0, 'buy', `/orders/${i}`);
  for (let i = 0; i < 19; i++) registry.ref(0, 'buy', `page ${i}`);
  expect(registry.notes()).toContainEqual(
    '12016 names of requests look like one: "/orders/{id}"; give these requests that `name`, and they are counted together',
  );
  expect(registry.notes().join()).not.toContain('page');
});

test('a name is kept as every report can show it, and found again', () => {
  const registry = new SeriesRegistry([50]);
  const long = registry.ref(0, 'buy', 'x'.repeat(100_000));
  expect(long.request).toHaveLength(200);
  expect(registry.ref(0, 'buy', 'x'.repeat(100_000))).toBe(long);
  expect(registry.ref(0, 'buy', 'a\u001b[31m\nb').request).toBe('a [31m b');
});
