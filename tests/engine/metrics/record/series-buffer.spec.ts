import { expect, test } from '@playwright/test';
import { seriesSchema } from '../../../../load/metrics/log/schema.ts';
import { Sample } from '../../../../load/metrics/record/sample.ts';
import { SeriesBuffer } from '../../../../load/metrics/record/series-buffer.ts';

const ref = { index: 0, stream: 1, task: 'chat', request: 'login' };

function newBuffer(): SeriesBuffer {
  return new SeriesBuffer(ref, { name: 'steady state', late: 0 }, undefined);
}

test('an empty buffer is a record without anything in it', () => {
  expect(newBuffer().toRecord()).toEqual({
    stream: 1,
    task: 'chat',
    request: 'login',
    phase: 'steady state',
    outcomes: {},
    bytesSent: 0,
    bytesReceived: 0,
    trends: {},
  });
});

test('counters add up, gauges keep the last value, rates count, trends are in their unit', () => {
  const buffer = newBuffer();
  for (const value of [2, 3]) buffer.addCounter('tokens', value);
  for (const value of [2, 0.5]) buffer.setGauge('depth', value);
  for (const hit of [true, false, true]) buffer.addRate('hit', hit);
  for (const value of [1.5, 2.5]) buffer.addOwnTrend('batch', value);
  buffer.addTrend('ttft', 1.5);
  const record = buffer.toRecord();
  expect(record).toMatchObject({
    counters: { tokens: 5 },
    gauges: { depth: 0.5 },
    rates: { hit: { hits: 2, total: 3 } },
    trends: {
      batch: { layout: 'signed', count: 2, sum: 4, min: 1.5, max: 2.5 },
      ttft: { count: 1, sum: 1500 },
    },
  });
  expect(seriesSchema.parse(JSON.parse(JSON.stringify(record)))).toEqual(record);
});

test('a request that paid for its connection tells the parts of it', () => {
  const buffer = newBuffer();
  const paid = new Sample(ref, 0, 0);
  Object.assign(paid, { startedAtMs: 0, endedAtMs: 50 });
  paid.add('connect', 2);
  paid.add('dns', 1);
  paid.add('tls', 3);
  paid.judge('ok');
  const reused = new Sample(ref, 0, 0);
  Object.assign(reused, { startedAtMs: 0, endedAtMs: 40 });
  reused.judge('ok');
  for (const sample of [paid, reused]) buffer.add(sample);
  const { trends = {} } = buffer.toRecord();
  const sums = Object.entries(trends).map(([name, { count, sum }]) => [name, count, sum]);
  expect(sums).toEqual([
    ['responseTime', 2, 90_000],
    ['service', 2, 90_000],
    ['scheduleLag', 2, 0],
    ['connect', 1, 2000],
    ['dns', 1, 1000],
    ['tls', 1, 3000],
  ]);
});

test('what a 429 asked to wait is kept', () => {
  const buffer = newBuffer();
  const sample = new Sample(ref, 0, 0);
  Object.assign(sample, { startedAtMs: 0, endedAtMs: 5 });
  sample.add('retryAfter', 2000);
  // Over all that were scheduled: whatever did not end ok is slower than any, not this fast.
  sample.add('ttft', 1);
  sample.judge('throttled', 'throttled');
  buffer.add(sample);
  const record = buffer.toRecord();
  expect(record).toMatchObject({
    outcomes: { throttled: 1 },
    trends: { retryAfter: { count: 1, max: 2_000_000 } },
  });
  expect(Object.keys(record.trends ?? {})).toEqual(['scheduleLag', 'retryAfter']);
});

test('metrics with dangerous names are metrics like any other', () => {
  const buffer = newBuffer();
  for (const name of ['__proto__', 'constructor', 'toString']) {
    buffer.addCounter(name, 1);
    buffer.setGauge(name, 2);
    buffer.addRate(name, true);
    buffer.addOwnTrend(name, 3);
  }
  const { counters, gauges, rates, trends } = buffer.toRecord();
  for (const record of [counters, gauges, rates, trends]) {
    expect(Object.keys(record ?? {})).toEqual(['__proto__', 'constructor', 'toString']);
  }
  expect(Reflect.get(Object, 'total')).toBeUndefined();
});
