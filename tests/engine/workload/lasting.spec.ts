import { expect, test } from '@playwright/test';
import { arrivals } from '../../../load/workload/arrivals.ts';
import { lasting } from '../../../load/workload/lasting.ts';
import { stages } from '../../../load/workload/stages.ts';
import { users } from '../../../load/workload/users.ts';

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
