/** The wall clock jumps during a load: durations and intervals are not affected. */
import { expect, test } from '@playwright/test';
import { constant } from '../../load/workload/think-time.ts';
import { users } from '../../load/workload/users.ts';
import { withServer } from '../instrument/local-server.ts';
import { allOutcomes, percentileMs, runForReal } from '../instrument/real-load.ts';
import { fault } from './fault-matrix.ts';

const hourMs = 3_600_000;
const jumps = [hourMs, -hourMs, 0];

test(
  'an hour forth, an hour back: every interval and every time is as it was',
  { annotation: fault(12) },
  async () => {
    const TrueDate = Date;
    const { result } = await withServer({ answerAfterMs: 5 }, ({ url }) =>
      runForReal({
        url,
        shortened: true,
        workload: users({ count: 4, spawnRate: 100, duration: '2s', thinkTime: constant('20ms') }),
        during: () => {
          jumps.forEach((byMs, i) => {
            setTimeout(() => {
              globalThis.Date = dateAhead(TrueDate, byMs);
            }, 500 * i);
          });
        },
      }).finally(() => {
        globalThis.Date = TrueDate;
      }),
    );
    expect(allOutcomes(result)).toEqual({ ok: result.scheduled });
    // Each interval begins where the one before it ended, and none is an hour long.
    const { timeline } = result;
    expect(timeline.slice(1).map(({ startMs }) => startMs)).toEqual(
      timeline.slice(0, -1).map(({ endMs }) => endMs),
    );
    for (const { startMs, endMs } of timeline) {
      expect(endMs).toBeGreaterThanOrEqual(startMs);
      expect(endMs - startMs).toBeLessThan(hourMs / 2);
    }
    for (const trend of ['responseTime', 'service', 'scheduleLag']) {
      expect(percentileMs(result, trend, 100)).toBeLessThan(hourMs / 2);
    }
  },
);

/** The wall clock after it was set by this much. */
function dateAhead(TrueDate: DateConstructor, byMs: number): DateConstructor {
  return new Proxy(TrueDate, {
    construct: (target, [given]: [number?]) => new target(given ?? target.now() + byMs),
    get: (target, name) =>
      name === 'now' ? () => target.now() + byMs : (Reflect.get(target, name) as unknown),
  });
}
