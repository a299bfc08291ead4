import { expect, test } from '@playwright/test';
import { GapWatch } from '../../../../load/metrics/record/gap-watch.ts';

/** So many requests are sent at once, and one of them is answered after a second. */
function afterOneAnswer(inFlight: number): GapWatch {
  const watch = new GapWatch();
  for (let i = 0; i < inFlight; i++) watch.started(0);
  watch.progressed(1000);
  watch.ended(1000);
  watch.take(1000);
  return watch;
}

test('a span without progress begins a hair after the last answer', () => {
  const watch = afterOneAnswer(3);
  expect(watch.take(1200)).toEqual([]);
  expect(watch.take(1300)).toEqual([{ startMs: 1000.001, endMs: 1300, inFlight: 2 }]);
});

test('a deadline that passes soon is a part of the span, and not its beginning', () => {
  const watch = afterOneAnswer(3);
  watch.ended(1200);
  const whole = [
    { startMs: 1000.001, endMs: 1200, inFlight: 2 },
    { startMs: 1200, endMs: 3000, inFlight: 1 },
  ];
  expect(watch.take(3000)).toEqual(whole);
  // An answer in time: there was no span.
  const quick = afterOneAnswer(3);
  quick.ended(1100);
  quick.progressed(1200);
  quick.ended(1200);
  expect(quick.take(1400)).toEqual([]);
});

test('a chunk that is read late ends the span when it came in, and no two overlap', () => {
  const watch = new GapWatch();
  watch.started(0);
  watch.started(900);
  watch.progressed(800);
  expect(watch.take(1000)).toEqual([{ startMs: 0, endMs: 800, inFlight: 1 }]);
  expect(watch.take(2000)).toEqual([{ startMs: 800.001, endMs: 2000, inFlight: 2 }]);
  // The part of a span that was reported meanwhile is kept.
  watch.progressed(1900);
  expect(watch.take(3000)).toEqual([
    { startMs: 800.001, endMs: 2000, inFlight: 2 },
    { startMs: 2000.001, endMs: 3000, inFlight: 2 },
  ]);
  watch.progressed(1800);
  expect(watch.take(4000)).toEqual([{ startMs: 2000.001, endMs: 4000, inFlight: 2 }]);
});
