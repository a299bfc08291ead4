import { expect, test } from '@playwright/test';
import { arrivals } from '../../../load/workload/arrivals.ts';
import { stages } from '../../../load/workload/stages.ts';
import { spike, users } from '../../../load/workload/users.ts';
import { canBeExtended, peakUsers, plannedEndMs, scaled } from '../../../load/workload/workload.ts';

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
