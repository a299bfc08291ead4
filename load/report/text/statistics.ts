/** The figures of a load by task, as plain data, over the requests scheduled in a judged phase. */
import type { Verdict } from '../../budgets/judge.ts';
import { streamOf } from '../../budgets/observe/series.ts';
import { errorsOf, scheduledOf } from '../../metrics/outcome.ts';
import { isJudged, judgedMs, judgedPoints, type Result } from '../../metrics/result/result.ts';
import { outcomesOf, selectSeries } from '../../metrics/result/select.ts';
import type { SeriesTotal } from '../../metrics/result/series-totals.ts';
import { groupedBy, sumOf } from '../../platform/lists.ts';
import { latencyFigures, type Figure, type LatencyFigures } from './latency-figures.ts';

/** The verdict on a row: the worst of its own budgets. */
type RowVerdict = 'pass' | 'fail' | 'undecided' | 'no-data' | 'invalid' | 'interrupted';

/** `okOnly` follows the row above it: percentiles of the ok requests alone. */
type RowKind = 'task' | 'request' | 'okOnly' | 'all';

export interface StatisticsRow extends LatencyFigures {
  readonly kind: RowKind;
  readonly stream: string;
  /** The task or request. For `okOnly` the task again, for `all` empty. */
  readonly name: string;
  /** Scheduled in the judged phases. */
  readonly requests: number;
  /** All that did not end ok. */
  readonly failures: number;
  /** Failures that count for the error rate, without degraded, throttled and interrupted ones. */
  readonly errors: number;
  /** Received bytes of all answers' bodies, per request. */
  readonly averageBytes: Figure;
  /** Scheduled requests divided by the length of the judged phases. */
  readonly requestsPerSecond: Figure;
  readonly failuresPerSecond: Figure;
  /**
   * Maximum number of requests in flight at once in the judged phases. Known only for the whole judged
   * load; undefined for a task and for background loads.
   */
  readonly peakInFlight: number | undefined;
  /** The worst of the row's own budgets; undefined if none was judged. */
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
  const judged = streams.flatMap(({ phases }) => phases).filter((phase) => phase.judged);
  return {
    rows: streams.flatMap((_, stream) => streamRows(result, verdict, stream)),
    judgedPhases: [...new Set(judged.map(({ name }) => name))],
    judgedMs: judgedMs(result),
    elsewhere: requestsElsewhere(result),
  };
}

/** With several load streams the judged one has its own figure, except in older logs. */
function peakInFlight(result: Result): number | undefined {
  const isAlone = result.plan.streams.length === 1;
  const peaks = judgedPoints(result).map(({ judged, inFlightPeak }) =>
    isAlone ? inFlightPeak : judged?.inFlightPeak,
  );
  const told = peaks.filter((peak) => peak !== undefined);
  return told.length === 0 ? undefined : Math.max(...told);
}

function streamRows(result: Result, verdict: Verdict, stream: number): StatisticsRow[] {
  const { name: streamName, tasks } = result.plan.streams[stream]!;
  const durationMs = judgedMs(result, stream);
  const series = selectSeries(result, { stream });
  const row = (kind: RowKind, name: string, own: readonly SeriesTotal[]): StatisticsRow[] => {
    // Budgets do not apply to single requests of a task.
    const hasBudgets = kind !== 'request';
    const made = {
      ...rowOf({ kind, stream: streamName, name }, own, durationMs),
      peakInFlight: kind === 'all' && stream === 0 ? peakInFlight(result) : undefined,
      verdict: hasBudgets
        ? rowVerdict(verdict, stream, kind === 'task' ? name : undefined)
        : undefined,
    };
    const isMixed = kind !== 'request' && made.failures > 0 && made.failures < made.requests;
    return isMixed ? [made, okOnly(made, own)] : [made];
  };
  // In the plan's order, followed by tasks that only the log has.
  const names = new Set([...tasks.map(({ name }) => name), ...series.map(({ task }) => task)]);
  const taskRows = [...names].flatMap((task) => {
    const own = series.filter((one) => one.task === task);
    const requests = [...groupedBy(own, ({ request }) => request)];
    const parts = requests.length > 1 ? requests : [];
    const rows = parts.flatMap(([request, series]) => row('request', request, series));
    return [...row('task', task, own), ...rows];
  });
  return [...taskRows, ...row('all', '', series)];
}

function rowOf(
  head: Pick<StatisticsRow, 'kind' | 'stream' | 'name'>,
  series: readonly SeriesTotal[],
  durationMs: number,
): Omit<StatisticsRow, 'peakInFlight' | 'verdict'> {
  const outcomes = outcomesOf(series);
  const requests = scheduledOf(outcomes);
  const failures = requests - (outcomes.ok ?? 0);
  return {
    ...head,
    requests,
    failures,
    errors: errorsOf(outcomes),
    ...latencyFigures(series, requests),
    averageBytes: requests === 0 ? null : sumOf(series, (one) => one.bytesReceived) / requests,
    requestsPerSecond: perSecond(requests, durationMs),
    failuresPerSecond: perSecond(failures, durationMs),
  };
}

function perSecond(count: number, durationMs: number): Figure {
  return durationMs === 0 ? null : (count * 1000) / durationMs;
}

function okOnly(row: StatisticsRow, series: readonly SeriesTotal[]): StatisticsRow {
  const requests = row.requests - row.failures;
  const { requestsPerSecond: perSecond } = row;
  return {
    ...row,
    kind: 'okOnly',
    requests,
    failures: 0,
    errors: 0,
    failuresPerSecond: 0,
    ...latencyFigures(series, requests),
    // The log does not say to which task the bytes belong.
    averageBytes: null,
    requestsPerSecond: perSecond === null ? null : (perSecond * requests) / row.requests,
    peakInFlight: undefined,
    verdict: undefined,
  };
}

/** From the worst on. */
const ranked = ['fail', 'undecided', 'no-data', 'pass'] as const;

/**
 * `task` undefined: the row over all tasks, with the budgets on no single task. Undefined if none was
 * judged, or the verdict was not asked for. `invalid`: the load generator gives no verdict on the target
 * at all. `interrupted`: no budget was broken so far.
 */
function rowVerdict(
  { invalid, judgements, interrupted, isUnasked = false }: Verdict,
  stream: number,
  task: string | undefined,
): RowVerdict | undefined {
  if (isUnasked) return undefined;
  const own = judgements.filter(
    ({ budget }) => streamOf(budget) === stream && budget.task === task,
  );
  const worst = ranked.find((status) => own.some((one) => one.status === status));
  if (worst === undefined) return undefined;
  if (invalid.length > 0) return 'invalid';
  return interrupted && worst !== 'fail' ? 'interrupted' : worst;
}

function requestsElsewhere({ plan, series }: Result): { phase: string; requests: number }[] {
  const others = series.filter(({ stream, phase }) => !isJudged(plan, stream, phase));
  return [...groupedBy(others, ({ phase }) => phase)].map(([phase, own]) => {
    return { phase, requests: sumOf(own, ({ outcomes }) => scheduledOf(outcomes)) };
  });
}
