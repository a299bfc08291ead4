import { expect, test } from '@playwright/test';
import { Histogram } from '../../../../load/metrics/histogram.ts';
import {
  intervalLogSchema,
  lineSchema,
  type LogLine,
} from '../../../../load/metrics/log/schema.ts';
import { parseLine } from '../../../../load/metrics/log/reader.ts';
import { endLine, histogramOf, intervalLine, planLine, seriesRecord } from '../lines.ts';

function roundTrip(line: LogLine): LogLine {
  return lineSchema.parse(JSON.parse(JSON.stringify(line)));
}

for (const line of [planLine(), intervalLine(), endLine()]) {
  test(`a full ${line.type} line comes back from JSON as it was`, () => {
    expect(roundTrip(line)).toEqual(line);
  });
}

test('an interval without anything optional comes back as it was', () => {
  const line = intervalLine({
    series: [{ stream: 0, task: 'a', request: 'a', phase: 'drain', outcomes: {} }],
    monitor: undefined,
  });
  delete line.monitor;
  expect(roundTrip(line)).toEqual(line);
});

test('a histogram with clamped values comes back as it was', () => {
  const histogram = new Histogram();
  for (const value of [0, 1, 2048, 5e9]) histogram.record(value);
  const line = intervalLine();
  line.generator.lag = histogram.toData();
  expect(roundTrip(line)).toEqual(line);
});

type Loose = Record<string, unknown>;

/** Each row names an error, the change that gives it to a line, and the path that the message must name. */
const bad: readonly [string, Loose, string][] = [
  ['an unknown type', { type: 'interlude' }, 'type'],
  ['no start', { startMs: undefined }, 'startMs'],
  ['a negative count', { scheduled: -1 }, 'scheduled'],
  ['half a request', { sent: 0.5 }, 'sent'],
  ['text for a number', { users: '5' }, 'users'],
  ['null for NaN', { busyMs: null }, 'busyMs'],
  ['an unknown outcome', { series: [seriesWith({ outcomes: { lost: 1 } })] }, 'series.0.outcomes'],
  [
    'bad buckets',
    { series: [seriesWith({ trends: { ttft: { ...histogramOf(1), buckets: [[2, 0]] } } })] },
    'series.0.trends.ttft.buckets',
  ],
];

function seriesWith(wrong: Loose): Loose {
  return { ...seriesRecord(), ...wrong };
}

for (const [what, wrong, path] of bad) {
  test(`a line with ${what} is refused, naming ${path}`, () => {
    const text = JSON.stringify({ ...intervalLine(), ...wrong });
    expect(() => parseLine(text, 'a.ndjson:7')).toThrow(`a.ndjson:7: ${path} `);
  });
}

test('a plan of another schema is refused', () => {
  const text = JSON.stringify({ ...planLine(), schema: intervalLogSchema + 1 });
  expect(() => parseLine(text, 'a.ndjson:1')).toThrow('a.ndjson:1: schema ');
});

test('a line that is no JSON is refused with its place', () => {
  expect(() => parseLine('{"type":"interv', 'a.ndjson:9')).toThrow('a.ndjson:9: ');
});

for (const key of ['__proto__', 'constructor', 'toString']) {
  test(`the key ${key} is harmless wherever keys are free`, () => {
    const text = JSON.stringify(intervalLine())
      .replace('"labels":{', `"labels":{"${key}":"x",`)
      .replace('"counters":{', `"counters":{"${key}":1,`)
      .replace('"monitor":{', `"monitor":{"${key}":{"polluted":1},`);
    const line = parseLine(text, 'a.ndjson:1');
    expect(line.type).toBe('interval');
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(Object.getPrototypeOf(line)).toBe(Object.prototype);
  });
}
