import { expect, test } from '@playwright/test';
import { jsonMetrics, share } from '../../../load/monitor/json-metrics.ts';

/** The hit rate from each document, read one after the other. */
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
    const { part, whole } = ratios?.['cacheHitRate'] ?? {};
    const gained = whole === undefined ? undefined : { part: Math.round(part! * 1e6) / 1e6, whole };
    told.push(gained ?? unknown?.['cacheHitRate'] ?? 'nothing');
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
    'a rounded percentage may give one span more hits than it had reads, and the next one fewer',
    [
      [99.99, 100_000],
      [100, 100_005],
      [99.99, 100_010],
    ],
    ['nothing', { part: 15, whole: 5 }, { part: -5.001, whole: 5 }],
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

for (const [what, rates, decimals] of [
  ['whole percents', [90, 85], 0],
  ['hundredths', [90.25, 85], 2],
  ['hundredths, seen late', [90, 85.1], 1],
  ['a tiny share', [1e-7, 1.5e-7], 8],
  ['what is not rounded', [100 / 3, 200 / 3], 14],
] as const) {
  test(`how a percentage is rounded is told with it: ${what}`, async () => {
    let n = 0;
    const http = {
      get: () => {
        const text = JSON.stringify({ rate: rates[n], reads: 1000 + 100 * n++ });
        return Promise.resolve({ text, contentType: 'application/json' });
      },
    };
    const source = jsonMetrics('/m', { cacheHitRate: share('rate', 'reads') }).open(http);
    await source.read(undefined);
    const { ratios } = await source.read(5000);
    const { rounded } = ratios!['cacheHitRate']!;
    expect(rounded).toMatchObject({ before: 1000, after: 1100 });
    expect(rounded!.decimals).toBeGreaterThanOrEqual(decimals);
  });
}

test('a level in percent is a share', async () => {
  const http = { get: () => Promise.resolve({ text: '{"cpu":{"percent":42}}', contentType: '' }) };
  const source = jsonMetrics('/m', { targetCpuPeak: { percent: 'cpu.percent' } }).open(http);
  expect((await source.read(undefined)).gauges).toEqual({ targetCpuPeak: 0.42 });
});
