import { expect, test } from '@playwright/test';
import type { TrendHistogram } from '../../../../load/metrics/trend-histogram.ts';
import { mergeErrors, SeriesTotals } from '../../../../load/metrics/result/series-totals.ts';
import { histogramOf, seriesRecord } from '../lines.ts';

test('records of one series add up', () => {
  const totals = new SeriesTotals();
  totals.add(seriesRecord());
  totals.add(
    seriesRecord({
      outcomes: { ok: 1, timeout: 2 },
      bytesSent: 1,
      bytesReceived: 2,
      trends: { responseTime: histogramOf(9000), ttft: histogramOf(5) },
      counters: { tokens: 3, calls: 1 },
      gauges: { depth: 4 },
      rates: { hit: { hits: 1, total: 1 }, miss: { hits: 0, total: 1 } },
    }),
  );
  const [sum, ...more] = totals.all();
  expect(more).toEqual([]);
  expect(sum).toMatchObject({
    task: 'chat',
    request: 'login',
    labels: { model: 'small' },
    phase: 'steady state',
    outcomes: { ok: 4, failed: 1, timeout: 2 },
    bytesSent: 11,
    bytesReceived: 22,
    counters: { tokens: 20, calls: 1 },
    gauges: { depth: 4 },
    rates: { hit: { hits: 2, total: 3 }, miss: { hits: 0, total: 1 } },
  });
  const responseTime = sum?.trends.get('responseTime');
  expect(responseTime?.toData()).toEqual(histogramOf(1000, 2000, 3000, 9000));
  expect(sum?.trends.get('ttft')?.toData()).toEqual(histogramOf(5));
});

for (const [what, other] of [
  ['stream', { stream: 1 }],
  ['task', { task: 'other' }],
  ['request', { request: 'other' }],
  ['phase', { phase: 'drain' }],
  ['labels', { labels: { model: 'large' } }],
  ['number of labels', { labels: { model: 'small', turn: '1' } }],
] as const) {
  test(`records that differ in their ${what} are two series`, () => {
    const totals = new SeriesTotals();
    totals.add(seriesRecord());
    totals.add(seriesRecord(other));
    expect(totals.all()).toHaveLength(2);
  });
}

test('labels in another order are the same labels, and none is the same as an empty set', () => {
  const totals = new SeriesTotals();
  totals.add(seriesRecord({ labels: { a: '1', b: '2' } }));
  totals.add(seriesRecord({ labels: { b: '2', a: '1' } }));
  totals.add(seriesRecord({ labels: {} }));
  totals.add(seriesRecord({ labels: undefined }));
  expect(totals.all()).toHaveLength(2);
});

test('what is added stays as it was: records are not the sum', () => {
  const totals = new SeriesTotals();
  const record = seriesRecord();
  totals.add(record);
  totals.add(seriesRecord());
  expect(record).toEqual(seriesRecord());
});

test('errors of one kind add up, with the first and last moment and the first sample', () => {
  const a = [{ kind: 'reset', count: 2, firstMs: 50, lastMs: 80, sample: 'b' }];
  const b = [
    { kind: 'reset', count: 1, firstMs: 10, lastMs: 60, sample: 'a' },
    { kind: 'dns', count: 1, firstMs: 20, lastMs: 20, sample: 'c' },
  ];
  expect(mergeErrors(a, b)).toEqual([
    { kind: 'reset', count: 3, firstMs: 10, lastMs: 80, sample: 'a' },
    { kind: 'dns', count: 1, firstMs: 20, lastMs: 20, sample: 'c' },
  ]);
});

for (const name of ['__proto__', 'constructor', 'toString']) {
  test(`a metric named ${name} pollutes nothing`, () => {
    const totals = new SeriesTotals();
    const counters = JSON.parse(`{"${name}":2}`) as Record<string, number>;
    for (let i = 0; i < 3; i++) totals.add(seriesRecord({ counters, gauges: counters }));
    expect(Object.entries(totals.all()[0]!.counters)).toEqual([[name, 6]]);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });
}

test('the order of the records does not matter', () => {
  const records = [1, 5, 9, 2].map((ms) => {
    return seriesRecord({ gauges: {}, trends: { service: histogramOf(ms * 1000) } });
  });
  const sumOf = (list: typeof records): TrendHistogram => {
    const totals = new SeriesTotals();
    for (const record of list) totals.add(record);
    return totals.all()[0]!.trends.get('service')!;
  };
  expect(sumOf(records).toData()).toEqual(sumOf([...records].reverse()).toData());
});
