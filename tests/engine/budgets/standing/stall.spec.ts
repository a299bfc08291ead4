import { expect, test } from '@playwright/test';
import type { Stall } from '../../../../load/metrics/log/schema.ts';
import { repeat } from '../make-result.ts';
import { machine, rowOf } from './one-row.ts';

type LoopStalls = readonly (readonly [atMs: number, durationMs: number])[];

function statusOf(limit: string, [startMs, endMs]: readonly [number, number], own: LoopStalls) {
  const stall: Stall = { startMs, endMs, inFlight: 5 };
  const loopStalls = own.map(([atMs, durationMs]) => ({ atMs, durationMs }));
  const intervals = Array.from({ length: 10 }, (_, second) => ({
    series: [{ okMs: repeat(100, 10) }],
    stalls: second === 9 ? [stall] : [],
    generator: machine(second === 9 ? { loopStalls } : {}),
  }));
  return rowOf('longestStall', limit, { intervals }).status;
}

const rows: readonly [string, string, readonly [number, number], LoopStalls, string][] = [
  ['met', '< 2 s', [1000, 2500], [], 'pass'],
  ['met, with its own at its start', '< 2 s', [1000, 2500], [[900, 400]], 'pass'],
  ['not with a longer one', '< 2 s', [1000, 2500], [[900, 500]], 'undecided'],
  ['one that ended as it began is at its start', '< 2 s', [1000, 2500], [[499, 500]], 'undecided'],
  ['one long before is not', '< 2 s', [1000, 2500], [[100, 500]], 'pass'],
  ['one inside makes a met one no longer', '< 2 s', [1000, 2500], [[1500, 900]], 'pass'],
  ['broken', '< 2 s', [1000, 3500], [], 'fail'],
  ['broken, less its own inside', '< 2 s', [1000, 3500], [[1500, 500]], 'fail'],
  ['not less a longer one', '< 2 s', [1000, 3500], [[1500, 501]], 'undecided'],
  [
    'not less several',
    '< 2 s',
    [1000, 3500],
    [
      [1500, 300],
      [2500, 300],
    ],
    'undecided',
  ],
  ['only what is inside counts', '< 2 s', [1000, 3500], [[3200, 900]], 'fail'],
  [
    'those of slices that overlap count once',
    '< 2 s',
    [1000, 3500],
    [
      [1500, 400],
      [1600, 400],
    ],
    'fail',
  ],
  [
    'one in another counts once',
    '< 2 s',
    [1000, 3500],
    [
      [1500, 450],
      [1600, 100],
    ],
    'fail',
  ],
];

for (const [what, limit, span, own, status] of rows) {
  test(`longestStall ${limit}, ${what}: ${status}`, () => {
    expect(statusOf(limit, span, own)).toBe(status);
  });
}

test('the system may have stood still for less, and longer elsewhere', () => {
  // The longest is this machine's doing; the next one is not.
  const stalls = [
    { startMs: 1000, endMs: 5000, inFlight: 5 },
    { startMs: 6000, endMs: 9000, inFlight: 5 },
  ];
  const loopStalls = [{ atMs: 1000, durationMs: 3900 }];
  const intervals = Array.from({ length: 10 }, (_, second) => ({
    series: [{ okMs: repeat(100, 10) }],
    stalls: second === 9 ? stalls : [],
    generator: machine(second === 9 ? { loopStalls } : {}),
  }));
  const row = rowOf('longestStall', '< 2 s', { intervals });
  expect(row).toMatchObject({ status: 'fail', value: 4000, range: { least: 3000 } });
});
