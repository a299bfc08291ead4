import { expect, test } from '@playwright/test';
import { repeat, type MadeSeries } from '../make-result.ts';
import { machine, rowOf, type Machine, type MadeRow } from './one-row.ts';

const phases = [
  { name: 'ramp-up', startMs: 0, endMs: 1000, judged: false },
  { name: 'steady state', startMs: 1000, endMs: 11_000, judged: true },
] as const;

/** A second of ramp-up, ten of the steady state with 10 requests each (or these in the last). */
function made(late: Machine, last: readonly MadeSeries[], more: MadeRow = {}): MadeRow {
  const intervals = Array.from({ length: 12 }, (_, second) => ({
    phases: [second === 0 ? 'ramp-up' : second < 11 ? 'steady state' : 'drain'],
    series: second === 10 ? last : second === 0 || second === 11 ? [] : [ten],
    users: 10,
    generator: machine(second === 1 ? late : {}),
  }));
  return { stream: { phases: [...phases], ...more.stream }, intervals, ...more };
}

const ten: MadeSeries = { okMs: repeat(100, 10) };
const stall = (atMs: number, durationMs: number): Machine => ({
  loopStalls: [{ atMs, durationMs }],
});
/** A part of the users' 100 s. */
const lost = (share: number): Machine => ({ heldMs: share * 100_000 });

const rows: readonly [string, string, Machine, readonly MadeSeries[], string][] = [
  ['a floor is met', '> 9 /s', {}, [ten], 'pass'],
  ['… with a stall across the first border', '> 9 /s', stall(500, 900), [ten], 'pass'],
  ['… with one that may have moved as many in', '> 9 /s', stall(500, 1000), [ten], 'undecided'],
  ['… with one that was over by then', '> 9 /s', stall(0, 900), [ten], 'pass'],
  ['… with less load: more would come of all', '> 9 /s', lost(0.5), [ten], 'pass'],
  ['a floor is missed', '> 11 /s', {}, [ten], 'fail'],
  ['… with a stall across the last border', '> 11 /s', stall(10_900, 800), [ten], 'fail'],
  [
    '… with one that may have moved as many out',
    '> 11 /s',
    stall(10_900, 1100),
    [ten],
    'undecided',
  ],
  ['… with one in the middle', '> 11 /s', stall(5000, 3000), [ten], 'fail'],
  ['… with a little of the load lost', '> 11 /s', lost(0.08), [ten], 'fail'],
  ['… with as much as is missing', '> 11 /s', lost(0.1), [ten], 'undecided'],
  ['… with certain errors', '> 11 /s', {}, [ten, { others: { failed: 20 } }], 'fail'],
  [
    '… with as many doubtful ones',
    '> 11 /s',
    {},
    [ten, { others: { timeout: 20 }, late: 5 }],
    'undecided',
  ],
  ['a ceiling is met', '< 11 /s', {}, [ten], 'pass'],
  ['… with a stall across the last border', '< 11 /s', stall(10_900, 1100), [ten], 'undecided'],
  ['… with less load', '< 11 /s', lost(0.1), [ten], 'undecided'],
  ['a ceiling is passed', '< 9 /s', {}, [ten], 'fail'],
  ['… with a stall across the first border', '< 9 /s', stall(500, 1000), [ten], 'fail'],
  ['… with a longer one', '< 9 /s', stall(500, 1100), [ten], 'undecided'],
];

for (const [what, limit, late, last, status] of rows) {
  test(`throughput ${limit}, ${what}: ${status}`, () => {
    expect(rowOf('throughput', limit, made(late, last)).status).toBe(status);
  });
}

test('a speed-up has the range of its throughput', () => {
  const plan = { comparedWith: { level: '1 user', perSecond: 5 } };
  const row = (limit: string, late: Machine) =>
    rowOf('speedUp', limit, made(late, [ten], { plan })).status;
  expect([row('> 1.8', {}), row('> 2.2', {})]).toEqual(['pass', 'fail']);
  expect(row('> 1.8', stall(500, 1000))).toBe('undecided');
  expect(row('> 2.2', lost(0.1))).toBe('undecided');
});

const counted: MadeSeries = { ...ten, counters: { tokens: 100 } };

const counters: readonly [string, Machine, string][] = [
  ['> 90', lost(0.5), 'pass'],
  ['> 110', lost(0.08), 'fail'],
  ['> 110', lost(0.1), 'undecided'],
  ['< 110', lost(0.08), 'pass'],
  ['< 110', lost(0.1), 'undecided'],
  ['< 90', lost(0.5), 'fail'],
];

for (const [limit, late, status] of counters) {
  test(`a counter ${limit} with ${late.heldMs} ms lost: ${status}`, () => {
    const metrics = { tokens: { kind: 'counter' } } as const;
    expect(rowOf('tokens', limit, made(late, [counted], { metrics })).status).toBe(status);
  });
}

test('none of something needs the load to be offered', () => {
  const metrics = { lapses: { kind: 'counter' } } as const;
  const row = (late: Machine) => rowOf('lapses', '= 0', made(late, [ten], { metrics }));
  expect(row(lost(0.09)).status).toBe('pass');
  expect(row(lost(0.11)).doubt).toMatchObject({ cause: 'notOffered', limit: 0.1 });
});
