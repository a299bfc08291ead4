/**
 * Where the time of the requests was spent, as the answers state it (`Server-Timing`): as data, text and
 * Markdown.
 */
import { figureText } from '../../metrics/figure-text.ts';
import { hopPrefix, isHop } from '../../metrics/definitions.ts';
import { statisticOf } from '../../metrics/percentile.ts';
import type { Result } from '../../metrics/result/result.ts';
import { outcomesOf, selectSeries, trendOf } from '../../metrics/result/select.ts';
import { markdownTable } from './markdown.ts';
import { figures, textTable, words } from './text-table.ts';

export interface Hop {
  /** The name in the answers; `the rest` is time that no answer accounts for. */
  readonly hop: string;
  /** How many answers stated it. */
  readonly count: number;
  readonly meanMs: number | undefined;
  readonly p95Ms: number | undefined;
  /** As a share of the total time of all requests, including those without it. */
  readonly share: number;
}

const width = 120;
const columns = [...words('hop'), ...figures('answers', 'mean', 'p95', 'of the latency')];

/** Largest first; empty if no answer states any. */
export function hopsIn(result: Result): Hop[] {
  const series = selectSeries(result);
  const whole = trendOf(series, 'responseTime');
  const wholeMs = (whole.mean / whole.perUnit) * (outcomesOf(series).ok ?? 0);
  const names = new Set(series.flatMap(({ trends }) => [...trends.keys()].filter(isHop)));
  if (names.size === 0 || !(wholeMs > 0)) return [];
  const hops = [...names].map((name): Hop => {
    const histogram = trendOf(series, name);
    const { count, perUnit } = histogram;
    const meanMs = histogram.mean / perUnit;
    const p95Ms = statisticOf(histogram, 'p95', count) / perUnit;
    return {
      hop: name.slice(hopPrefix.length),
      count,
      meanMs,
      p95Ms,
      share: (meanMs * count) / wholeMs,
    };
  });
  const told = hops.reduce((sum, { share }) => sum + share, 0);
  const rest = { hop: 'the rest', count: whole.count, meanMs: undefined, p95Ms: undefined };
  const sorted = hops.sort((a, b) => b.share - a.share);
  // Hops may be nested; then there is no rest to compute.
  return told < 1 ? [...sorted, { ...rest, share: 1 - told }] : sorted;
}

export function hopsText(hops: readonly Hop[]): string {
  if (hops.length === 0) return '';
  return ['Where the time goes:', ...textTable(columns, hops.map(rowOf), width)].join('\n');
}

export function hopsMarkdown(hops: readonly Hop[]): string {
  return hops.length === 0 ? '' : markdownTable(columns, hops.map(rowOf));
}

function rowOf({ hop, count, meanMs, p95Ms, share }: Hop): string[] {
  return [
    hop,
    String(count),
    figureText(meanMs, 'time'),
    figureText(p95Ms, 'time'),
    figureText(share, 'share'),
  ];
}
