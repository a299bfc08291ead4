/** The hit rate of a system's cache while it filled, from the monitor's readings over time. */
import { shareText } from '../../metrics/figure-text.ts';
import { minuteMs } from '../../metrics/result/minute-blocks.ts';
import { readingsOf } from '../../metrics/result/readings.ts';
import type { Result } from '../../metrics/result/result.ts';
import { groupedBy } from '../../platform/lists.ts';

/** The minutes shown, besides the last one. */
const told = [1, 5, 10];
/** A shorter load shows no warm-up. */
const leastMinutes = 3;

/**
 * `cacheHitRate: 14 % in minute 1, 55 % in minute 5, 74 % in minute 10`, from the first request on; or
 * empty.
 */
export function cacheWarmUp(result: Result): string[] {
  const shares = groupedBy(
    readingsOf(result, 'cacheHitRate').flatMap(({ fromMs, toMs, ratios = {} }) => {
      const { cacheHitRate: ratio } = ratios;
      // A reading across a border belongs to the minute with most of it.
      const middleMs = (fromMs + toMs) / 2;
      return ratio === undefined || middleMs < 0
        ? []
        : [{ minute: Math.floor(middleMs / minuteMs) + 1, ...ratio }];
    }),
    ({ minute }) => minute,
  );
  const last = Math.max(0, ...shares.keys());
  if (last < leastMinutes) return [];
  const texts = [...new Set([...told.filter((minute) => minute < last), last])].flatMap(
    (minute) => {
      const readings = shares.get(minute) ?? [];
      const [part, whole] = [0, 0].map((_, i) =>
        readings.reduce((sum, one) => sum + (i === 0 ? one.part : one.whole), 0),
      ) as [number, number];
      const share = Math.min(1, Math.max(0, part / whole));
      return whole > 0 ? [`${shareText(share)} in minute ${minute}`] : [];
    },
  );
  return texts.length < 2 ? [] : [`cacheHitRate: ${texts.join(', ')}`];
}
