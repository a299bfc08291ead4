import { expect, test } from '@playwright/test';
import { arrivals } from '../../../load/workload/arrivals.ts';
import { stages } from '../../../load/workload/stages.ts';
import { spike, users } from '../../../load/workload/users.ts';
import {
  canBeExtended,
  lasting,
  peakUsers,
  plannedEndMs,
  scaled,
} from '../../../load/workload/workload.ts';

const steady = users({ count: 100, spawnRate: 10, duration: '10m', warmUp: { duration: '1m' } });
const upAndDown = stages([
  { users: 10, duration: '10s' },
  { users: 10, duration: '10s' },
  { users: 0, duration: '10s' },
]);

test('scaling shortens every phase, ramp-up and warm-up included', () => {
  const { phases, segments } = scaled(steady, 0.1);
  const ends = [6000, 6990, 66_000];
  for (const [i, { endMs }] of phases.entries()) expect(endMs).toBeCloseTo(ends[i]!, 6);
  for (const [i, { endMs }] of segments.entries()) expect(endMs).toBeCloseTo(ends[i]!, 6);
});

test('scaling changes no level, so that spawn rates become rate / scale', () => {
  const levels = scaled(steady, 0.1).segments.map(({ from, to }) => [from, to]);
  expect(levels).toEqual(steady.segments.map(({ from, to }) => [from, to]));
});

test('scaling changes no arrival rate', () => {
  const open = arrivals({ rate: 200, duration: '1m', maxUsers: 7 });
  expect(scaled(open, 0.5)).toMatchObject({
    segments: [{ endMs: 30_000, from: 200, to: 200 }],
    maxUsers: 7,
    process: 'constant',
  });
});

test('scaling by 1 changes nothing', () => {
  expect(scaled(steady, 1)).toEqual(steady);
});

test('the planned end is the end of the last phase', () => {
  expect([plannedEndMs(steady), plannedEndMs(upAndDown)]).toEqual([660_000, 30_000]);
});

test('the peak is the highest level', () => {
  expect([peakUsers(steady), peakUsers(upAndDown)]).toEqual([100, 10]);
});

for (const [what, workload, can] of [
  ['users', steady, true],
  ['a spike', spike({ count: 10, spawnRate: 10, duration: '10s' }), true],
  ['arrivals', arrivals({ rate: 5, duration: '10s' }), true],
  ['a load of somebody’s own length', { ...steady, isCustom: true }, false],
  ['a course that ends with a ramp-down', upAndDown, false],
  [
    'a course that ends with nobody',
    stages([
      { users: 5, duration: 1000 },
      { users: 5, duration: 1000 },
      { users: 0, duration: 1000 },
      { users: 0, duration: 1000 },
    ]),
    false,
  ],
] as const) {
  test(`${what} ${can ? 'can' : 'cannot'} go on past the planned end`, () => {
    expect(canBeExtended(workload)).toBe(can);
  });
}

const load = users({ count: 10, spawnRate: 2, duration: '60s' });

for (const [text, endMs] of [
  ['30s', 30_000],
  ['2m', 120_000],
] as const) {
  test(`${text} moves the end of the steady state, and of nothing else`, () => {
    const { segments, phases } = lasting(load, text);
    expect(segments).toEqual([load.segments[0], { ...load.segments[1], endMs }]);
    expect(phases).toEqual([load.phases[0], { ...load.phases[1], endMs }]);
  });
}

test('its level tells it from the plan of the spec', () => {
  const { level, describedAs } = lasting(load, '2m');
  expect(level).toBe('10-users-120s');
  expect(describedAs).toBe(`${load.describedAs}, here for 2 min`);
});

test('a warm-up stays whole, and comes on top', () => {
  const warm = users({ count: 1, spawnRate: 1, duration: '60s', warmUp: { duration: '10s' } });
  expect(lasting(warm, '20s').phases.at(-1)?.endMs).toBe(30_000);
});

test('an open model takes as many arrivals a second for as long', () => {
  expect(lasting(arrivals({ rate: 5, duration: '1m' }), '10s').segments).toMatchObject([
    { startMs: 0, endMs: 10_000, from: 5, to: 5 },
  ]);
});

test('what leaves no steady state is refused', () => {
  expect(() => lasting(load, '5s')).toThrow(/LOAD_DURATION=5s: this load needs more than the 5 s/);
  const down = stages(
    [
      { users: 3, duration: '10s' },
      { users: 0, duration: '10s' },
    ],
    { from: 3 },
  );
  expect(() => lasting(down, '5s')).toThrow(/LOAD_DURATION=5s: .*does not end in a steady state/);
});
