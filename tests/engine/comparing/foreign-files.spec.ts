/** `npm run compare` recognises its input: it reads it correctly, or says what it is and what is accepted. */
import { expect, test } from '@playwright/test';
import { dirname, join } from 'node:path';
import { compareFigures } from '../../../load/comparing/compare.ts';
import { fault } from '../../faults/fault-matrix.ts';
import { figures, mark, refused, total } from './foreign-content.ts';
import { locustCsv, twoTasks, writeText } from './plain-files.ts';

const shown = { annotation: fault(47) };

function given(name: string, content: string | Uint8Array): string {
  return writeText(test.info().outputPath(name), content);
}

function compare(was: string, is: string): { readonly code: number; readonly stdout: string } {
  let stdout = '';
  const print = (text: string) => (stdout += text);
  const words = [was, is, '--output', test.info().outputPath('compared')];
  return { code: compareFigures(words, { environment: {}, print }), stdout };
}

const whole = locustCsv(twoTasks);

for (const [what, name, content, message] of refused) {
  test(`${what} is refused by what it is, on either side`, shown, () => {
    const other = given('shop_stats.csv', whole);
    const path = given(name, content);
    expect(() => compare(path, other)).toThrow(message);
    expect(() => compare(other, path)).toThrow(message);
  });
}

test('a byte order mark is no part of a name', shown, () => {
  const rows = locustCsv([total]);
  expect(
    compare(given('a/shop_stats.csv', mark + rows), given('b/shop_stats.csv', rows)).code,
  ).toBe(0);
  expect(compare(given('a.json', mark + figures), given('b.json', figures)).code).toBe(0);
});

test('a file is what is in it, whatever its ending', shown, () => {
  const [csv, json] = [given('shop.txt', whole), given('shop.csv', figures)];
  expect(compare(csv, given('shop_stats.csv', whole)).code).toBe(0);
  expect(compare(json, given('figures.json', figures)).code).toBe(0);
});

test('two names that differ by their method are two', shown, () => {
  const rows = (post: number) =>
    locustCsv([
      { type: 'GET', name: '/orders', requests: 100, p95: 100 },
      { type: 'POST', name: '/orders', requests: 100, p95: post },
      total,
    ]);
  const [was, is] = [given('a/shop_stats.csv', rows(200)), given('b/shop_stats.csv', rows(900))];
  const { code, stdout } = compare(was, is);
  expect(code).toBe(1);
  expect(stdout).toMatch(/critical +shop +POST \/orders +p95 +200 ms +900 ms/);
  expect(stdout).toContain('compare   1 critical, 14 pass\n');
});

test('a name is the same with and without its method, where only one can be meant', shown, () => {
  const rows = (type: string, p95 = 100) => [{ type, name: '/orders', requests: 100, p95 }];
  const bare = given('a/shop_stats.csv', locustCsv([...rows(''), total]));
  const get = given('b/shop_stats.csv', locustCsv([...rows('GET', 900), total]));
  const both = given('c/shop_stats.csv', locustCsv([...rows('GET'), ...rows('POST'), total]));
  expect(compare(bare, get).stdout).toMatch(/critical +shop +\/orders +p95 +100 ms +900 ms/);
  expect(compare(get, bare).stdout).toMatch(/pass +shop +GET \/orders +p95 +900 ms +100 ms/);
  const doubtful = compare(bare, both);
  expect(doubtful.code).toBe(2);
  expect(doubtful.stdout).toContain('missing   shop: no request of "/orders" in the run\n');
  expect(doubtful.stdout).toContain(
    'note      shop: not in the baseline: GET /orders, POST /orders\n',
  );
});

test('a file against itself is no comparison', shown, () => {
  const path = given('shop_stats.csv', whole);
  const other = join(dirname(path), '.', 'compared', '..', 'shop_stats.csv');
  for (const same of [path, other, `${dirname(path)}//shop_stats.csv`]) {
    expect(() => compare(path, same)).toThrow('is the baseline and the results; accepted are two');
  }
});

test('results of one test by two files are refused', shown, () => {
  const [was, is] = [given('shop_stats.csv', whole), given('b/shop_stats.csv', whole)];
  const again = given('c/shop_stats.csv', whole);
  const words = [was, again, is, '--output', test.info().outputPath('compared')];
  expect(() => compareFigures(words, { environment: {}, print: () => undefined })).toThrow(
    'shop is given twice; accepted is each test or system once',
  );
});
