import { expect, test } from '@playwright/test';
import { drawKey } from '../../../load/platform/random.ts';
import { activeSpans } from '../../../load/workload/active-spans.ts';
import { ArrivalInstants } from '../../../load/workload/arrival-instants.ts';
import { arrivals } from '../../../load/workload/arrivals.ts';
import { wholeLoad } from '../../../load/workload/slice.ts';
import { stages } from '../../../load/workload/stages.ts';
import { spike, users } from '../../../load/workload/users.ts';
import type { OpenWorkload } from '../../../load/workload/workload.ts';
import { rehearsed } from '../../../load/workload/warm-up.ts';

const four = users({ count: 4, spawnRate: 2, duration: '10s' });

function startsOf(workload: ReturnType<typeof users>): [number, number, number][] {
  return activeSpans(workload, wholeLoad).map(({ slot, startMs, endMs }) => [slot, startMs, endMs]);
}

function instantsUntil(workload: OpenWorkload, endMs: number): number[] {
  const instants: number[] = [];
  const next = new ArrivalInstants(workload, drawKey(1, 'users'));
  while (next.atMs < endMs) {
    instants.push(next.atMs);
    next.advance();
  }
  return instants;
}

test('the users of the load come, stay until it begins, and come again as planned', () => {
  expect(startsOf(rehearsed(four, '5s'))).toEqual([
    // Due at once when the load begins: to this one nothing happens.
    [0, 0, Infinity],
    [1, 500, 5000],
    [2, 1000, 5000],
    [3, 1500, 5000],
    [1, 5500, Infinity],
    [2, 6000, Infinity],
    [3, 6500, Infinity],
  ]);
});

test('what is shorter than the ramp begins with fewer of them', () => {
  expect(startsOf(rehearsed(four, '1s')).slice(0, 2)).toEqual([
    [0, 0, Infinity],
    [1, 500, 1000],
  ]);
});

test('its phase is judged by nobody, and the others are as long as they were', () => {
  const { phases } = rehearsed(four, '5s');
  expect(phases).toEqual([
    { name: 'warm-up', startMs: 0, endMs: 5000, judged: false },
    { name: 'ramp-up', startMs: 5000, endMs: 7000, judged: false },
    { name: 'steady state', startMs: 7000, endMs: 15_000, judged: true },
  ]);
});

test('a spike still comes from nothing, and is judged from there on', () => {
  const { phases, segments } = rehearsed(
    spike({ count: 200, spawnRate: 200, duration: '60s' }),
    '20s',
  );
  expect(phases.map(({ name, startMs, judged }) => [name, startMs, judged])).toEqual([
    ['warm-up', 0, false],
    ['onset', 20_000, true],
    ['steady state', 30_000, true],
  ]);
  expect(segments.find(({ startMs }) => startMs === 20_000)).toMatchObject({ from: 0, to: 200 });
});

test('a course of stages is held where it ends before the warm-up does', () => {
  const course = stages([
    { users: 3, duration: '1s' },
    { users: 3, duration: '2s' },
  ]);
  expect(rehearsed(course, '10s').segments).toEqual([
    { startMs: 0, endMs: 1000, from: 0, to: 3 },
    { startMs: 1000, endMs: 3000, from: 3, to: 3 },
    { startMs: 3000, endMs: 10_000, from: 3, to: 3 },
    { startMs: 10_000, endMs: 11_000, from: 0, to: 3 },
    { startMs: 11_000, endMs: 13_000, from: 3, to: 3 },
  ]);
});

test('arrivals come at the rate of the load, and again from its beginning', () => {
  const load = arrivals({
    from: 0,
    stages: [
      { rate: 10, duration: '2s' },
      { rate: 10, duration: '4s' },
    ],
  });
  const instants = instantsUntil(rehearsed(load, '3s'), 9000);
  const plain = instantsUntil(load, 6000);
  expect(instants.filter((ms) => ms < 3000)).toEqual(plain.filter((ms) => ms < 3000));
  const again = instants.filter((ms) => ms >= 3000).map((ms) => ms - 3000);
  expect(again).toHaveLength(plain.length);
  again.forEach((ms, i) => {
    expect(ms).toBeCloseTo(plain[i]!, 6);
  });
});

test('a reader is told', () => {
  expect(rehearsed(four, '90s').describedAs).toBe(`${four.describedAs}, after 90 s of warm-up`);
});

test('what is no duration is refused with its name', () => {
  expect(() => rehearsed(four, '5 minutes')).toThrow(/^LOAD_WARM_UP/);
});
