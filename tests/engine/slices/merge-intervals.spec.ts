import { expect, test } from '@playwright/test';
import { mergeIntervals } from '../../../load/slices/merge-intervals.ts';
import { intervalLine } from '../metrics/lines.ts';

const border = { startMs: 1000, endMs: 2000 };

test('users and requests in flight of the judged load add up over slices, at the end of the interval', () => {
  const part = (slice: number, users: number) => ({
    slice,
    interval: { ...intervalLine(), judged: { users, inFlight: 2, inFlightPeak: 3 } },
  });
  // The first slice wrote twice: its later line stands.
  const merged = mergeIntervals([part(1, 5), part(1, 10), part(2, 9)], border);
  expect(merged.judged).toEqual({ users: 19, inFlight: 4, inFlightPeak: 6 });
});

test('a load without others beside it has no such figures', () => {
  const merged = mergeIntervals([{ slice: 1, interval: intervalLine() }], border);
  expect(merged.judged).toBeUndefined();
});
