/**
 * The figures of a load, task by task, as plain data: what every table shows. Only requests that were
 * scheduled in a judged phase are in it.
 */
import type { Verdict } from '../../budgets/judge.ts';
import { statisticOf } from '../../metrics/percentile.ts';
import { errorsOf, scheduledOf } from '../../metrics/outcome.ts';
import { isJudged, judgedMs, type Result } from '../../metrics/result/result.ts';
import { outcomesOf, selectSeries, trendOf } from '../../metrics/result/select.ts';
import type { SeriesTotal } from '../../metrics/result/series-totals.ts';
import { rowVerdict, type RowVerdict } from './row-verdict.ts';

/** `okOnly` stands beside the row above it: percentiles of the requests that ended ok, alone. */
export type RowKind = 'task' | 'request' | 'okOnly' | 'all';

export interface StatisticsRow {
  readonly kind: RowKind;
  readonly stream: string;
  /** The task or request; the task's again for `okOnly`, empty for `all`. */
  readonly name: string;
  /** Scheduled in the judged phases. */
  readonly requests: number;
  /** Not ok, whatever the reason. */
  readonly failures: number;
  /** What the error rate counts of them: not degraded, throttled or interrupted ones. */
  readonly errors: number;
  /** Response time: percentiles over all scheduled (∞ where so), the others over the ok ones. */
  readonly ms: Readonly<Record<'avg' | 'min' | 'p50' | 'p95' | 'p99' | 'max', number>>;
  readonly serviceP95Ms: number;
  /** Scheduled requests over the length of the judged phases. */
  readonly requestsPerSecond: number;
  readonly failuresPerSecond: number;
  /**
   * Most requests in flight at once in the judged phases. Counted for the whole load only: undefined for
   * a task, and where several streams run at once.
   */
  readonly peakInFlight: number | undefined;
  /** The worst of the row's own budgets; undefined where none of them was judged. */
  readonly verdict: RowVerdict | undefined;
}

export interface Statistics {
  readonly rows: readonly StatisticsRow[];
  readonly judgedPhases: readonly string[];
  readonly judgedMs: number;
  /** Requests that are not in the rows, by the phase in which they were scheduled. */
  readonly elsewhere: readonly { readonly phase: string; readonly requests: number }[];
}

/** `verdict`: of this result. */
export function statisticsIn(result: Result, verdict: Verdict): Statistics {
  const { streams } = result.plan;
  return {
    rows: streams.flatMap((_, stream) => streamRows(result, verdict, stream)),
    judgedPhases: [
      ...new Set(streams.flatMap(({ phases }) => phases.filter(judged).map(({ name }) => name))),
    ],
    judgedMs: judgedMs(result),
    elsewhere: requestsElsewhere(result),
  };
}

function peakInFlight({ plan, timeline }: Result): number | undefined {
  const peaks = timeline
    .filter(({ phases }) => isJudged(plan, 0, phases[0]))
    .map(({ inFlightPeak }) => inFlightPeak);
  return plan.streams.length > 1 || peaks.length === 0 ? undefined : Math.max(...peaks);
}

function judged(phase: { readonly judged: boolean }): boolean {
  return phase.judged;
}

type MutableRow = { -readonly [K in keyof StatisticsRow]: StatisticsRow[K] };

function streamRows(result: Result, verdict: Verdict, stream: number): StatisticsRow[] {
  const { name: streamName, tasks } = result.plan.streams[stream]!;
  const durationMs = judgedMs(result, stream);
  const series = selectSeries(result, { stream });
  const row = (kind: RowKind, name: string, own: readonly SeriesTotal[]): StatisticsRow[] => {
    const made = rowOf({ kind, stream: streamName, name }, own, durationMs);
    // Budgets are of the first stream, and of no single request of a task.
    if (stream === 0 && kind !== 'request') {
      made.verdict = rowVerdict(verdict, kind === 'task' ? name : undefined);
    }
    if (kind === 'all') made.peakInFlight = peakInFlight(result);
    const isMixed = kind !== 'request' && made.failures > 0 && made.failures < made.requests;
    return isMixed ? [made, okOnly(made, own)] : [made];
  };
  // In the plan's order; a task that only the log knows comes after those.
  const names = new Set([...tasks.map(({ name }) => name), ...series.map(({ task }) => task)]);
  const taskRows = [...names].flatMap((task) => {
    const own = series.filter((one) => one.task === task);
    const requests = [...new Set(own.map(({ request }) => request))];
    const byRequest = (request: string): readonly SeriesTotal[] =>
      own.filter((one) => one.request === request);
    const parts = requests.length > 1 ? requests : [];
    return [
      ...row('task', task, own),
      ...parts.flatMap((request) => row('request', request, byRequest(request))),
    ];
  });
  return [...taskRows, ...row('all', '', series)];
}

function rowOf(
  head: Pick<StatisticsRow, 'kind' | 'stream' | 'name'>,
  series: readonly SeriesTotal[],
  durationMs: number,
): MutableRow {
  const outcomes = outcomesOf(series);
  const requests = scheduledOf(outcomes);
  const failures = requests - (outcomes.ok ?? 0);
  return {
    ...head,
    requests,
    failures,
    errors: errorsOf(outcomes),
    ...latencies(series, requests),
    requestsPerSecond: perSecond(requests, durationMs),
    failuresPerSecond: perSecond(failures, durationMs),
    peakInFlight: undefined,
    verdict: undefined,
  };
}

function perSecond(count: number, durationMs: number): number {
  return durationMs === 0 ? NaN : (count * 1000) / durationMs;
}

function okOnly(row: StatisticsRow, series: readonly SeriesTotal[]): StatisticsRow {
  const requests = row.requests - row.failures;
  return {
    ...row,
    kind: 'okOnly',
    requests,
    failures: 0,
    errors: 0,
    failuresPerSecond: 0,
    ...latencies(series, requests),
    requestsPerSecond: (row.requestsPerSecond * requests) / row.requests,
    peakInFlight: undefined,
    verdict: undefined,
  };
}

function latencies(
  series: readonly SeriesTotal[],
  population: number,
): Pick<StatisticsRow, 'ms' | 'serviceP95Ms'> {
  const response = trendOf(series, 'responseTime');
  const at = (name: 'avg' | 'p50' | 'p95' | 'p99' | 'max'): number =>
    statisticOf(response, name, population) / 1000;
  return {
    ms: {
      avg: at('avg'),
      min: response.count === 0 ? NaN : response.min / 1000,
      p50: at('p50'),
      p95: at('p95'),
      p99: at('p99'),
      max: at('max'),
    },
    serviceP95Ms: statisticOf(trendOf(series, 'service'), 'p95', population) / 1000,
  };
}

function requestsElsewhere({ plan, series }: Result): { phase: string; requests: number }[] {
  const counts = new Map<string, number>();
  for (const { stream, phase, outcomes } of series) {
    if (isJudged(plan, stream, phase)) continue;
    counts.set(phase, (counts.get(phase) ?? 0) + scheduledOf(outcomes));
  }
  return [...counts].map(([phase, requests]) => ({ phase, requests }));
}
