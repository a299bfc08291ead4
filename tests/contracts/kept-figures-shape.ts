/**
 * The figures of what was written, in a shape of their own: it stays as it is whatever becomes of names
 * and files. Nothing that is unknown has a figure of its own: undefined and NaN are `null` alike.
 */
import { shortened } from './kept-figures-lines.ts';
import type { Derived, Result, Written } from './kept-figures-written.ts';

type Trend = Result['generator']['lag'];
type Counts = Readonly<Record<string, number | undefined>>;
type Judgement = Derived['verdict']['judgements'][number];
type Captured = Exclude<Derived['captured'], string | undefined>;

export function figuresOf(result: Result, derived: Derived) {
  const { verdict, captured } = derived;
  return {
    plan: planFigures(result),
    counted: [result.scheduled, result.sent],
    end: endFigures(result),
    verdict: {
      verdict: verdict.verdict,
      counts: [verdict.judgedCount, verdict.totalCount, verdict.shortened, verdict.interrupted],
      judgements: verdict.judgements.map(judgementFigures),
      invalid: verdict.invalid.map(({ rule, observed, limit, atMs }) => [
        rule,
        observed,
        limit,
        atMs,
      ]),
      flags: verdict.flags.map(({ rule, observed, limit, atMs }) => [rule, observed, limit, atMs]),
      littlesLaw: valuesOf(verdict.littlesLaw ?? {}),
      reasons: verdict.reasons.length,
    },
    statistics: statisticsFigures(derived),
    outcomes: outcomeFigures(derived),
    metrics: derived.metrics.map(({ metric, kind, samples, figures }) => [
      [metric, kind, samples],
      valuesOf(Object.fromEntries(Object.entries(figures).map(([n, { value }]) => [n, value]))),
    ]),
    levels: derived.levels.map(({ figure, before, highest, after }) => [
      figure,
      before,
      highest,
      after,
    ]),
    probes: derived.probes.map((one) => [
      [one.family, one.inCatalogue, one.judgeable, one.probes, one.sent, one.unanswered],
      [one.violations, one.controls, one.refusedControls, one.upperBound, one.found.length],
      Object.entries(one.lacking ?? {}).sort(),
    ]),
    chart: chartFigures(derived),
    series: seriesFigures(result),
    timeline: shortened(timelineFigures(result)),
    pieces: result.pieces.map(({ startMs, endMs, tasks }) => ({
      at: [startMs, endMs],
      tasks: sorted([...tasks]).map(([task, { outcomes, responseTime }]) => [
        [task, valuesOf(outcomes), trendFigures(responseTime)],
      ]),
    })),
    minutes: result.minutes.map(({ startMs, endMs, ended, p95Ms }) => [
      startMs,
      endMs,
      ended,
      p95Ms,
    ]),
    stalls: result.stalls.map(({ startMs, endMs, inFlight }) => [startMs, endMs, inFlight]),
    events: result.events.map(({ atMs, kind, count }) => [atMs, kind, count]),
    readings: result.readings.map(({ source, fromMs, toMs, ratios = {}, gauges = {} }) => [
      [source, fromMs, toMs, valuesOf(gauges)],
      sorted(Object.entries(ratios)).map(([name, { part, whole }]) => [name, part, whole]),
    ]),
    generator: generatorFigures(result),
    baseline: typeof captured === 'object' ? baselineFigures(captured) : captured === undefined,
  };
}

export function comparedFigures(compared: Written['compared']) {
  return Object.entries(compared).map(([name, comparisons]) => ({
    name,
    comparisons: comparisons.map((one) => [
      [one.task, one.metric, one.unit, one.verdict, one.baseline, one.observed],
      [one.pValue, one.smallestDetectable],
    ]),
  }));
}

function planFigures({ plan }: Result) {
  const { testId, level, seed, timeScale, shortened, intervalMs, startedAtEpochMs, slice } = plan;
  return {
    of: [testId, level, seed, timeScale, shortened, intervalMs, startedAtEpochMs],
    slices: [slice.index, slice.count, plan.merged?.slices.map(({ index }) => index)],
    comparedWith: [plan.comparedWith?.level, plan.comparedWith?.perSecond],
    streams: plan.streams.map(({ name, judged, phases, tasks }) => ({
      of: [name, judged],
      phases: phases.map((one) => [one.name, one.startMs, one.endMs, one.judged]),
      tasks: tasks.map((one) => [one.name, one.weight, one.deadlineMs, one.toleratesDegraded]),
    })),
    budgets: plan.budgets.map(({ task, key, limit, isDefault }) => [task, key, limit, isDefault]),
  };
}

/** Coarser, as it was told at first. */
function reasonOf(cause: string): string {
  return ['budget-failed', 'slice-lost'].includes(cause) ? 'aborted' : cause;
}

function endFigures({ end, notes }: Result) {
  if (end === undefined) return { notes: notes.length };
  const { atMs, cause, scheduled, sent, begunLateMs, healthAfter, slices } = end;
  return {
    of: [atMs, reasonOf(cause), scheduled, sent, begunLateMs, healthAfter?.ok, notes.length],
    slices: slices && [slices.areWhole, slices.invalid.length, slices.flags.length],
  };
}

function judgementFigures({ name, status, marginal, value, interval, ...more }: Judgement) {
  const { samples, needed, notOkShare, worst, rise } = more;
  return [
    [name, status, marginal, value, interval, samples, needed, notOkShare],
    worst && [worst.startMs, worst.endMs, worst.value],
    rise &&
      valuesOf({ ...rise, interval: undefined, least: rise.interval[0], most: rise.interval[1] }),
  ];
}

function statisticsFigures({ statistics: { rows, judgedPhases, judgedMs, elsewhere } }: Derived) {
  return {
    of: [judgedPhases, judgedMs, elsewhere.map(({ phase, requests }) => [phase, requests])],
    rows: rows.map((row) => [
      [row.kind, row.stream, row.name, row.requests, row.failures, row.errors, row.verdict],
      [row.requestsPerSecond, row.failuresPerSecond, row.peakInFlight, row.serviceP95Ms],
      valuesOf(row.ms),
    ]),
  };
}

function outcomeFigures({ outcomes }: Derived) {
  const { judged, judgedScheduled, all, ended, scheduled, sent, errors } = outcomes;
  return {
    of: [judgedScheduled, ended, scheduled, sent],
    peaks: [outcomes.inFlightPeak, outcomes.inFlightPeakAtMs, outcomes.usersPeak],
    judged: valuesOf(judged),
    all: valuesOf(all),
    errors: errors.map((one) => [one.task, one.kind, one.count, one.firstMs, one.lastMs]),
  };
}

function chartFigures({ chart }: Derived) {
  const { bars, percentiles, ok, notOk } = chart.distribution;
  return {
    of: [chart.endMs, chart.widthMs],
    bins: shortened(
      chart.bins.map((bin) => [
        [bin.startMs, bin.endMs, bin.users, bin.inFlight],
        [bin.okPerSecond, bin.errorsPerSecond, bin.othersPerSecond, valuesOf(bin.ms)],
      ]),
    ),
    phases: chart.phases.map(({ name, startMs, endMs, judged }) => [name, startMs, endMs, judged]),
    stalls: chart.stalls.map(({ startMs, endMs }) => [startMs, endMs]),
    limits: chart.limits.map(({ limitMs, label }) => [limitMs, label]),
    distribution: [valuesOf(percentiles), ok, notOk],
    bars: bars.map(({ lowMs, highMs, count }) => [lowMs, highMs, count]),
  };
}

function seriesFigures({ series }: Result) {
  const all = series.map((one) => ({
    of: [one.stream, one.task, one.request, one.phase, valuesOf(one.labels)],
    outcomes: valuesOf(one.outcomes),
    bytes: [one.bytesSent, one.bytesReceived],
    errors: one.errors.map(({ kind, count, firstMs, lastMs }) => [kind, count, firstMs, lastMs]),
    trends: sorted([...one.trends]).map(([name, trend]) => [name, trendFigures(trend)]),
    counters: valuesOf(one.counters),
    gauges: valuesOf(one.gauges),
    rates: sorted(Object.entries(one.rates)).map(([name, { hits, total }]) => [name, hits, total]),
  }));
  return sorted(all.map((one) => [JSON.stringify(one.of), one])).map(([, one]) => one);
}

function timelineFigures({ timeline }: Result) {
  return timeline.map((point) => ({
    at: [point.startMs, point.endMs, point.phases],
    n: [
      [point.users, point.inFlight, point.inFlightPeak, point.oldestMs, point.backlog],
      [point.scheduled, point.sent, point.inFlightSamples.count, point.inFlightSamples.sum],
      [point.busyMs, point.ageMs, point.bytesReceived],
      [point.generator.utilisation, point.generator.loopDelayMaxMs],
    ],
    tasks: sorted(Object.entries(point.tasks)).map(([task, { outcomes, ms }]) => [
      [task, valuesOf(outcomes), valuesOf(ms)],
    ]),
  }));
}

function generatorFigures({ generator }: Result) {
  const { intervals, saturatedIntervals, durationMs, utilisationMax, cpuMax, rssMaxBytes } =
    generator;
  return {
    of: [intervals, saturatedIntervals, durationMs, utilisationMax, cpuMax, rssMaxBytes],
    loopDelay: trendFigures(generator.loopDelay),
    lag: trendFigures(generator.lag),
    loopStalls: generator.loopStalls.map(({ atMs, durationMs: ms }) => [atMs, ms]),
  };
}

/** What `-u` would write. */
function baselineFigures({ all, tasks, ...run }: Captured) {
  const overview = (one: Captured['all']) => [
    [valuesOf(one.figures), one.okPerSecond, one.scheduledPerSecond],
    one.densestErrors && valuesOf(one.densestErrors),
  ];
  return {
    of: [run.testId, run.runId, run.startedAt, run.openModel, run.judgedMs, run.generatorLagP99Ms],
    all: overview(all),
    tasks: tasks.map(({ name, sections, ...one }) => ({
      name,
      all: overview(one),
      sections: sections.map(({ startMs, endMs, outcomes, responseTime }) => [
        [startMs, endMs, valuesOf(outcomes), trendFigures(responseTime)],
      ]),
    })),
  };
}

function trendFigures(
  trend: Pick<Trend, 'count' | 'sum' | 'min' | 'max'> & { readonly buckets: unknown },
) {
  const { count, sum, min, max } = trend;
  const isData = Array.isArray(trend.buckets);
  const buckets = isData ? trend.buckets : (trend as unknown as Trend).buckets();
  return count === 0 ? [0] : [count, sum, min, max, buckets];
}

/** Names and values, sorted, so that no order of fields is kept; what is undefined is left out. */
function valuesOf(values: object): [string, unknown][] {
  const known = Object.entries(values as Counts).filter(([, value]) => value !== undefined);
  return sorted(known);
}

function sorted<T>(pairs: [string, T][]): [string, T][] {
  return pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
