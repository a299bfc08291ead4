import { expect, test } from '@playwright/test';
import { milliseconds, ragCosts, sigma } from '../../fixtures/reference/rag-costs.ts';

const usual = (): number => 1;
const { embedCall, embedChunk, searchCall, searchChunk } = milliseconds;
const { writeCall, writeChunk, promptToken, answerToken } = milliseconds;

test('a query costs by what it scans, reads and writes, all by one factor', () => {
  const { embedMs, searchMs, generateMs } = ragCosts(1, usual).query();
  const factor = embedMs / (embedCall + embedChunk);
  expect(searchMs(0)).toBeCloseTo(factor * searchCall, 9);
  expect(searchMs(200)).toBeCloseTo(factor * (searchCall + 200 * searchChunk), 9);
  expect(generateMs(80, 40)).toBeCloseTo(factor * (80 * promptToken + 40 * answerToken), 9);
});

test('indexing costs by its chunks', () => {
  const { embedMs, writeMs } = ragCosts(1, usual).index(12);
  const factor = embedMs / (embedCall + 12 * embedChunk);
  expect(writeMs).toBeCloseTo(factor * (writeCall + 12 * writeChunk), 9);
});

test('the factor has median 1 and the stated spread', () => {
  const costs = ragCosts(3, usual);
  const factors = Array.from({ length: 20_001 }, () => costs.query().searchMs(0) / searchCall);
  factors.sort((a, b) => a - b);
  // Seeded, so exact for ever; the tolerances are several standard errors of the quantiles.
  expect(factors[10_000]).toBeCloseTo(1, 1);
  expect(factors[19_000]).toBeCloseTo(Math.exp(1.645 * sigma), 1);
  expect(factors[1000]).toBeCloseTo(Math.exp(-1.645 * sigma), 1);
});

test('a seed gives the n-th query the same cost, whatever came in between', () => {
  const plain = ragCosts(1, usual);
  const mixed = ragCosts(1, usual);
  const first = [plain.query().embedMs, plain.query().embedMs];
  const second = [mixed.query().embedMs, (mixed.index(3), mixed.query().embedMs)];
  expect(second).toEqual(first);
  expect(first[0]).not.toBe(first[1]);
  expect(ragCosts(2, usual).query().embedMs).not.toBe(first[0]);
});

test('a slowdown multiplies all times of exactly its task', () => {
  const slow = ragCosts(1, (task) => (task === 'query' ? 3 : 1));
  const fast = ragCosts(1, usual);
  const [slowQuery, query] = [slow.query(), fast.query()];
  expect(slowQuery.embedMs / query.embedMs).toBeCloseTo(3, 9);
  expect(slowQuery.searchMs(9) / query.searchMs(9)).toBeCloseTo(3, 9);
  expect(slowQuery.generateMs(9, 9) / query.generateMs(9, 9)).toBeCloseTo(3, 9);
  expect(slow.index(5)).toEqual(fast.index(5));
});
