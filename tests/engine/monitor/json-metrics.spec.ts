import { expect, test } from '@playwright/test';
import { jsonMetrics, share } from '../../../load/monitor/json-metrics.ts';

/** What each document, read one after the other, tells of the hit rate. */
async function readOneByOne(
  documents: readonly (readonly [rate: number | null, reads: unknown])[],
) {
  let text = '';
  const http = { get: () => Promise.resolve({ text, contentType: 'application/json' }) };
  const source = jsonMetrics('/m', { cacheHitRate: share('rate', 'reads') }).open(http);
  const told: unknown[] = [];
  for (const [rate, reads] of documents) {
    text = JSON.stringify({ rate, reads });
    const { ratios, unknown } = await source.read(5000);
    told.push(ratios?.['cacheHitRate'] ?? unknown?.['cacheHitRate'] ?? 'nothing');
  }
  return told;
}

for (const [what, documents, told] of [
  [
    'what came between two readings, not since the start',
    [
      [90, 1000],
      [85, 1100],
    ],
    // 900 hits, then 935: 35 of 100.
    ['nothing', { part: 35, whole: 100 }],
  ],
  [
    'of nothing, whatever the service says, it is none of 0',
    [
      [null, 0],
      [50, 4],
    ],
    ['nothing', { part: 2, whole: 4 }],
  ],
  [
    'a rounded percentage gives whole hits, and no more than there were reads',
    [
      [99.99, 100_000],
      [100, 100_005],
    ],
    ['nothing', { part: 5, whole: 5 }],
  ],
  [
    'a service that counts from 0 again begins a new span',
    [
      [90, 1000],
      [50, 10],
      [75, 20],
    ],
    ['nothing', 'nothing', { part: 10, whole: 10 }],
  ],
  [
    'a reading in between that knew nothing begins a new span',
    [
      [90, 1000],
      [null, 1100],
      [90, 1200],
    ],
    ['nothing', 'rate is null', 'nothing'],
  ],
] as const) {
  test(`a share out of JSON: ${what}`, async () => {
    expect(await readOneByOne(documents)).toEqual(told);
  });
}

test('a level in percent is a share', async () => {
  const http = { get: () => Promise.resolve({ text: '{"cpu":{"percent":42}}', contentType: '' }) };
  const source = jsonMetrics('/m', { targetCpuPeak: { percent: 'cpu.percent' } }).open(http);
  expect((await source.read(undefined)).gauges).toEqual({ targetCpuPeak: 0.42 });
});
