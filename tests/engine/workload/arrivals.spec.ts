import { expect, test } from '@playwright/test';
import { arrivals, type ConstantArrivals } from '../../../load/workload/arrivals.ts';

const good: ConstantArrivals = { rate: '200/s', duration: '1m' };

test('a constant rate is one steady state', () => {
  expect(arrivals(good)).toEqual({
    model: 'open',
    kind: 'arrivals',
    process: 'constant',
    maxUsers: 1000,
    maxBacklog: 1000,
    segments: [{ startMs: 0, endMs: 60_000, from: 200, to: 200 }],
    phases: [{ name: 'steady state', startMs: 0, endMs: 60_000, judged: true }],
    level: '200-per-s',
    describedAs: '200 arrivals/s (constant) for 60 s',
  });
});

test('a warm-up at the same rate comes before, and is discarded', () => {
  const { segments, phases } = arrivals({ ...good, warmUp: '10s' });
  expect(segments).toEqual([
    { startMs: 0, endMs: 10_000, from: 200, to: 200 },
    { startMs: 10_000, endMs: 70_000, from: 200, to: 200 },
  ]);
  expect(phases.map(({ name, judged }) => [name, judged])).toEqual([
    ['warm-up', false],
    ['steady state', true],
  ]);
});

test('a rate may ramp; what holds is judged', () => {
  const workload = arrivals({
    from: 10,
    stages: [
      { rate: '50/s', duration: '10s' },
      { rate: 50, duration: '1m' },
      { rate: 0, duration: '10s' },
    ],
    process: 'poisson',
  });
  expect(workload.segments.map(({ from, to }) => [from, to])).toEqual([
    [10, 50],
    [50, 50],
    [50, 0],
  ]);
  expect(workload.phases.map(({ name, judged }) => [name, judged])).toEqual([
    ['ramp-up', false],
    ['steady state', true],
    ['ramp-down', false],
  ]);
  expect(workload).toMatchObject({ level: '50-per-s', process: 'poisson' });
});

test('bursts say so', () => {
  const { describedAs, level } = arrivals({ ...good, rate: '90/min', process: { gamma: 0.25 } });
  expect([describedAs, level]).toEqual([
    '1.5 arrivals/s (gamma, shape 0.25) for 60 s',
    '1.5-per-s',
  ]);
});

const bad: readonly [string, unknown, string][] = [
  ['rate', 0, 'must be above 0'],
  ['rate', -1, 'is no rate; accepted'],
  ['rate', NaN, 'is no rate; accepted'],
  ['rate', 1e308, 'is no rate; accepted'],
  ['rate', '200/d', 'is no rate; accepted'],
  ['rate', '', 'is no rate; accepted'],
  ['duration', '200/s', 'is no duration; accepted'],
  ['duration', NaN, 'is no duration; accepted'],
  ['duration', undefined, 'is no duration; accepted'],
  ['warmUp', 0, 'must be above 0'],
  ['process', 'random', '"constant", "poisson" or { gamma: shape }'],
  ['process', 5, '"constant", "poisson" or { gamma: shape }'],
  ['process', { gamma: NaN }, '"constant", "poisson" or { gamma: shape }'],
  ['maxUsers', 0, '>=1'],
  ['maxUsers', NaN, 'number'],
  ['maxUsers', 1e308, '<='],
  ['maxBacklog', -1, '>=0'],
  ['maxBacklog', 0.5, 'int'],
];

for (const [field, value, accepted] of bad) {
  test(`arrivals.${field}: ${JSON.stringify(value)} (${String(value)}) is refused with what is accepted`, () => {
    const make = (): unknown => arrivals({ ...good, [field]: value });
    expect(make).toThrow(`arrivals.${field}: `);
    expect(make).toThrow(accepted);
  });
}

test('a rate and stages are one or the other', () => {
  const both = { ...good, stages: [{ rate: 5, duration: '1s' }] };
  expect(() => arrivals(both)).toThrow('arrivals.rate: unknown');
});

test('a course that never holds its rate is refused: nothing would be judged', () => {
  expect(() => arrivals({ stages: [{ rate: 5, duration: '1s' }] })).toThrow('none holds its rate');
  expect(() => arrivals({ stages: [{ rate: 0, duration: '1s' }] })).toThrow('none holds its rate');
});

test('stages are named by their place', () => {
  expect(() =>
    arrivals({
      stages: [
        { rate: 5, duration: '1s' },
        { rate: '5', duration: 'x' },
      ],
    }),
  ).toThrow('arrivals.stages.1.duration: "x" is no duration');
});

test('a shape of nothing is refused', () => {
  expect(() => arrivals({ ...good, process: { gamma: 0 } })).toThrow(
    'arrivals.process.gamma: Too small: expected number to be >=0.01 (got 0)',
  );
});
