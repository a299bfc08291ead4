/**
 * A summary in the format that k6 passes to `handleSummary`: the judged phases with the names of its
 * metrics, and the budgets as thresholds. `Infinity` is written as text, since JSON has no ∞.
 */
import type { JudgedLoad } from '../../budgets/judged-load.ts';
import { errorOutcomes } from '../../metrics/outcome.ts';
import { sumOf } from '../../platform/lists.ts';
import { figuresJson } from '../../platform/json-file.ts';
import type { Figure, Percentiles } from '../text/latency-figures.ts';
import type { JudgementEntry, LoadEntry } from './results-json.ts';

export function k6Summary({ plan }: JudgedLoad, entry: LoadEntry): string {
  const { statistics, totals, judgements } = entry;
  const rows = statistics.rows.filter(({ stream }) => stream === plan.streams[0]?.name);
  const all = rows.find(({ kind }) => kind === 'all');
  const tasks = rows.filter(({ kind }) => kind === 'task');
  if (all === undefined) return figuresJson({ metrics: {} });
  const metrics = {
    http_reqs: counter(all.requests, all.requestsPerSecond),
    http_req_duration: trend(
      all.ms,
      all.percentilesMs,
      ofKeys(judgements, (key) => key.startsWith('p')),
    ),
    http_req_failed: {
      type: 'rate',
      contains: 'default',
      values: {
        rate: all.requests === 0 ? null : all.failures / all.requests,
        passes: all.failures,
        fails: all.requests - all.failures,
      },
      ...thresholds(ofKeys(judgements, (key) => key === 'errorRate' || key === 'okRate')),
    },
    dropped_iterations: counter(totals.judged.dropped, null),
    vus_max: gauge(totals.judgedUsersPeak),
    ...Object.fromEntries(
      tasks.map((task) => [
        `http_req_duration{name:${task.name}}`,
        trend(
          task.ms,
          task.percentilesMs,
          judgements.filter((one) => one.task === task.name),
        ),
      ]),
    ),
  };
  const errors = sumOf(errorOutcomes, (name) => totals.judged[name]);
  return figuresJson({
    metrics,
    state: { testRunDurationMs: entry.end.reachedMs, isStdOutTTY: false, isStdErrTTY: false },
    root_group: { name: '', path: '', id: '', groups: [], checks: [] },
    loadwright: { testId: entry.testId, runId: entry.runId, verdict: entry.verdict, errors },
  });
}

function counter(count: number, rate: Figure) {
  return { type: 'counter', contains: 'default', values: { count, rate } };
}

function gauge(value: number) {
  return { type: 'gauge', contains: 'default', values: { value, min: value, max: value } };
}

function trend(
  ms: { readonly avg: Figure; readonly min: Figure; readonly max: Figure },
  percentiles: Percentiles,
  judgements: readonly JudgementEntry[],
) {
  const values = {
    avg: ms.avg,
    min: ms.min,
    med: percentiles['50%'],
    max: ms.max,
    'p(90)': percentiles['90%'],
    'p(95)': percentiles['95%'],
    'p(99)': percentiles['99%'],
    'p(99.9)': percentiles['99.9%'],
  };
  return { type: 'trend', contains: 'time', values, ...thresholds(judgements) };
}

/** Only the judgements over the whole load. */
function ofKeys(judgements: readonly JudgementEntry[], isOf: (key: string) => boolean) {
  return judgements.filter(({ metric, task }) => task === undefined && isOf(metric));
}

/** A row that was not judged or is undecided does not count as a passed threshold. */
function thresholds(judgements: readonly JudgementEntry[]) {
  if (judgements.length === 0) return undefined;
  const pairs = judgements.map(({ name, limit, status }) => [
    `${name} ${limit}`,
    { ok: status === 'pass' },
  ]);
  return { thresholds: Object.fromEntries(pairs) as Record<string, { ok: boolean }> };
}
