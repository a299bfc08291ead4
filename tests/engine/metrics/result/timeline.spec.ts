import { expect, test } from '@playwright/test';
import type { Interval } from '../../../../load/metrics/log/schema.ts';
import {
  TaskStatistics,
  timelinePoint,
  type TimelinePoint,
} from '../../../../load/metrics/result/timeline.ts';
import { histogramOf, intervalLine, seriesRecord } from '../lines.ts';

function pointOf(interval: Interval): TimelinePoint {
  const gathered = new TaskStatistics();
  for (const record of interval.series) gathered.add(record);
  return timelinePoint(interval, gathered);
}

test('a point carries what its interval counted', () => {
  expect(pointOf(intervalLine())).toMatchObject({
    startMs: 1000,
    endMs: 2000.5,
    phases: ['steady state'],
    users: 5,
    inFlight: 2,
    inFlightPeak: 4,
    oldestMs: 12.5,
    backlog: 1,
    scheduled: 4,
    sent: 4,
    bytesReceived: 20,
    generator: { utilisation: 0.2, loopDelayMaxMs: 0.2 },
  });
});

test('its statistics are over all tasks, and over each', () => {
  const fast = { responseTime: histogramOf(1000, 1000, 1000) };
  const slow = { responseTime: histogramOf(9000) };
  const point = pointOf(
    intervalLine({
      series: [
        seriesRecord({ task: 'chat', outcomes: { ok: 3 }, trends: fast }),
        seriesRecord({ task: 'search', outcomes: { ok: 1, failed: 1 }, trends: slow }),
      ],
    }),
  );
  expect(Object.keys(point.tasks).sort()).toEqual(['', 'chat', 'search']);
  expect(point.tasks['']?.outcomes).toEqual({ ok: 4, failed: 1 });
  const shown = Object.entries(point.tasks).map(([task, { ms }]) => [task, ms.p50, ms.p95, ms.max]);
  expect(shown.sort()).toEqual([
    ['', 1, Infinity, Infinity],
    ['chat', 1, 1, 1],
    ['search', 9, Infinity, Infinity],
  ]);
});

test('streams beside the load are not in its statistics', () => {
  const point = pointOf(intervalLine({ series: [seriesRecord({ stream: 1 })] }));
  expect(point.tasks).toEqual({});
});

test('a task with a dangerous name is a task like any other', () => {
  const point = pointOf(intervalLine({ series: [seriesRecord({ task: '__proto__' })] }));
  expect(Object.keys(point.tasks)).toEqual(['', '__proto__']);
});
