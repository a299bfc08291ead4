import { expect, test } from '@playwright/test';
import { offeredLoad } from '../../../../load/budgets/standing/offered.ts';
import type { Plan } from '../../../../load/metrics/log/schema.ts';
import { makeResult, repeat, type MadeInterval } from '../make-result.ts';
import { machine, rowOf, type Machine } from './one-row.ts';

/** A second of 100 users. */
const second = (late: Machine, ms = 100): MadeInterval => ({
  series: [{ okMs: repeat(ms, 100) }],
  users: 100,
  generator: machine({ delaysMs: [0], ...late }),
});

const lost = (share: number): Machine => ({ heldMs: share * 100_000 });

/** How much of the users' time each row bears to be lost, where it is met. */
const bears: readonly [string, string, number][] = [
  ['p95', '< 1 s', 0.2],
  ['avg', '< 1 s', 0.2],
  ['max', '< 1 s', 0.2],
  ['service.p95', '< 1 s', 0.2],
  ['errorRate', '< 5 %', 0.1],
  ['okRate', '> 95 %', 0.1],
  ['droppedIterations', '= 0', 0.1],
  ['throttledRate', '< 5 %', 0.05],
  ['degradedRate', '< 5 %', 0.05],
  ['longestStall', '< 2 s', 1],
  ['throughput', '> 50 /s', 1],
];

for (const [key, limit, share] of bears) {
  test(`${key} ${limit} is met up to ${share * 100} % of the users' time lost`, () => {
    const row = (lostShare: number) => rowOf(key, limit, { intervals: [second(lost(lostShare))] });
    expect(row(share - 0.001).status).toBe('pass');
    if (share === 1) return;
    expect(row(share + 0.001)).toMatchObject({
      status: 'undecided',
      doubt: { cause: 'notOffered', limit: share },
    });
  });
}

test('a broken row stands with as much of the load as was sent', () => {
  expect(rowOf('p95', '< 50 ms', { intervals: [second(lost(0.5))] }).status).toBe('fail');
});

test('time lost is what requests were late with, and what was held up in flight', () => {
  const share = (late: Machine) => offeredLoad(makeResult({ intervals: [second(late)] })).lostShare;
  expect(share({ lagsMs: repeat(50, 100) })).toBeCloseTo(0.05, 9);
  expect(share({ lagsMs: repeat(50, 100), heldMs: 3000 })).toBeCloseTo(0.08, 9);
  expect(share({ heldMs: 300_000 })).toBe(1);
});

test('an open load has no cycles to lose', () => {
  const stream = { workload: { model: 'open' } };
  const result = makeResult({ stream, intervals: [second(lost(0.5))] });
  expect(offeredLoad(result).lostShare).toBe(0);
});

const squares = (ready: number, started: number): Machine => ({
  squares: { ready: repeat(ready, 3), started: repeat(started, 3) },
});

const bursts: readonly [string, Machine, number, boolean][] = [
  ['as they were due', squares(100, 100), 100, false],
  ['bunched', squares(100, 500), 100, false],
  ['smeared a little', { ...squares(100, 80), lagsMs: repeat(50, 100) }, 100, false],
  ['smeared out', { ...squares(100, 79), lagsMs: repeat(50, 100) }, 100, true],
  [
    'in one length of window',
    { squares: { ready: [9, 9, 100], started: [9, 9, 79] }, lagsMs: repeat(50, 100) },
    100,
    true,
  ],
  [
    'with a lag of a fifth of the service',
    { ...squares(100, 1), lagsMs: repeat(20, 100) },
    100,
    false,
  ],
  ['with more', { ...squares(100, 1), lagsMs: repeat(20.2, 100) }, 100, true],
  [
    'with a lag of 2 ms, of a fast service',
    { ...squares(100, 1), lagsMs: repeat(2, 100) },
    1,
    false,
  ],
  ['with more', { ...squares(100, 1), lagsMs: repeat(2.1, 100) }, 1, true],
  [
    'with more at p99 alone',
    { ...squares(100, 1), lagsMs: [...repeat(2, 95), ...repeat(90, 5)] },
    1,
    false,
  ],
];

for (const [what, late, ms, isSmeared] of bursts) {
  test(`sent ${what}, of ${ms} ms: ${isSmeared ? 'smeared' : 'offered'}`, () => {
    const { smeared } = offeredLoad(makeResult({ intervals: [second(late, ms)] }));
    expect(smeared !== undefined).toBe(isSmeared);
  });
}

test('met rows of a smeared load are undecided, floors of throughput, too; a stall is none of it', () => {
  const late = { ...squares(100, 10), lagsMs: repeat(50, 100) };
  const row = (key: string, limit: string) => rowOf(key, limit, { intervals: [second(late)] });
  const doubt = { cause: 'smeared', phase: 'steady state' };
  expect(row('p95', '< 1 s').doubt).toMatchObject(doubt);
  expect(row('throughput', '> 50 /s').doubt).toMatchObject(doubt);
  expect(row('longestStall', '< 2 s').status).toBe('pass');
  expect(row('p95', '< 50 ms').status).toBe('fail');
});

test('each phase is looked at alone: a spike’s ramp that was smeared out does not drown', () => {
  const phases: Plan['streams'][number]['phases'] = [
    { name: 'onset', startMs: 0, endMs: 1000, judged: true },
    { name: 'steady state', startMs: 1000, endMs: 11_000, judged: true },
  ];
  const ramp = { ...second({ ...squares(100, 10), lagsMs: repeat(50, 100) }), phases: ['onset'] };
  const steady = repeat(second(squares(10_000, 10_000)), 10);
  const { smeared } = offeredLoad(makeResult({ stream: { phases }, intervals: [ramp, ...steady] }));
  expect(smeared).toMatchObject({ phase: 'onset' });
});

test('what is not judged need not be offered', () => {
  const phases: Plan['streams'][number]['phases'] = [
    { name: 'ramp-up', startMs: 0, endMs: 1000, judged: false },
    { name: 'steady state', startMs: 1000, endMs: 2000, judged: true },
  ];
  const bad = { ...squares(100, 10), lagsMs: repeat(50, 100), ...lost(0.9) };
  const intervals = [{ ...second(bad), phases: ['ramp-up'] }, second({})];
  expect(offeredLoad(makeResult({ stream: { phases }, intervals }))).toEqual({
    lostShare: 0,
    smeared: undefined,
  });
});
