/**
 * `results.json`: the results of a run for other programs, with a schema version. It is computed from the
 * interval logs.
 */
import type { Finding } from '../../analysis/findings/finding.ts';
import type { Progression } from '../../analysis/findings/progression.ts';
import { figuresJson } from '../../platform/json-file.ts';
import { basename } from 'node:path';
import { plannedMs, reachedMs } from '../../budgets/accounting.ts';
import type { Judgement, Verdict } from '../../budgets/judge.ts';
import * as words from '../../budgets/judgement-text.ts';
import type { Budget } from '../../metrics/log/budget.ts';
import type { Cause, Plan } from '../../metrics/log/schema.ts';
import type { Result } from '../../metrics/result/result.ts';
import { defined } from '../../platform/defined.ts';
import { hostOf, loadParameters } from '../allure/metadata.ts';
import { notesOf } from '../text/busy-host.ts';
import { cacheWarmUp } from '../text/cache-warm-up.ts';
import { hopsIn, type Hop } from '../text/hops.ts';
import { likelyCauses } from '../text/likely-cause.ts';
import { metricFigures, type MetricFigure } from '../text/metric-figures.ts';
import { outcomesIn, type Outcomes } from '../text/outcomes.ts';
import { sectionEntries, type ReportSection, type SectionEntry } from '../text/report-section.ts';
import { requestRows, type RequestRow } from '../text/request-statistics.ts';
import { runTotals, type RunTotals } from '../text/run-totals.ts';
import { speedUpText } from '../text/speed-up.ts';
import { monitorFigures, type MonitorFigure } from '../text/monitor-summary.ts';
import { monitorMoments } from './monitor-csv.ts';
import { targetLevels, type TargetLevel } from '../text/target-table.ts';
import { resultsSchema } from './results-schema.ts';
import type { PairEntry } from './run-pairs.ts';
import { remarkLines, riseLines } from '../text/verdict-table.ts';
import { statisticsIn, type Statistics } from '../text/statistics.ts';

export interface Results {
  readonly schema: typeof resultsSchema;
  readonly runId: string;
  readonly totals: RunTotals;
  /** Why the system is slow, ranked by how much of a latency each finding explains. Each names its test. */
  readonly findings: readonly Finding[];
  /** How each system changed from level to level, if it was loaded at several. */
  readonly progressions: readonly Progression[];
  /** One per log, in their order. A test with two loads, or one that was measured again, occurs twice. */
  readonly loads: readonly LoadEntry[];
  /** Comparisons of two builds in this run. Missing if there were none. */
  readonly pairs?: readonly PairEntry[];
  /** Logs that could not be read, and why. */
  readonly unreadable: readonly { readonly log: string; readonly reason: string }[];
}

export interface LoadEntry
  extends
    Pick<Plan, 'testId' | 'runId' | 'title' | 'system' | 'scenario' | 'level'>,
    Pick<Plan, 'seed' | 'timeScale' | 'slice'>,
    Pick<Verdict, 'verdict' | 'shortened' | 'steered' | 'interrupted'>,
    Pick<Verdict, 'reasons' | 'invalid' | 'flags' | 'littlesLaw'> {
  /** Name of the interval log in the run's folder. */
  readonly log: string;
  readonly startedAt: string;
  /** As text: workload, think time, target, seed, time scale, slice. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly target: { readonly host: string; readonly kind: string };
  readonly headline: string;
  /** The changes of its level while it ran. */
  readonly stages: Result['stages'];
  /** True if the load generator failed as a whole, so that no row is valid. */
  readonly isSpoiled: boolean;
  /** True if the test did not ask for the verdict, which makes it red. */
  readonly unjudged: boolean;
  /** Playwright's status of the test. Missing if the report was rebuilt from the logs. */
  readonly testStatus?: string;
  readonly judgements: readonly JudgementEntry[];
  /** The figures that rose over the run and those that did not, a sentence for each such budget. */
  readonly rises: readonly string[];
  /** Remarks on single figures, a sentence each. Missing if there are none. */
  readonly remarks?: readonly string[];
  /** The effects of this machine's lateness on single budgets, a sentence each. Missing if there are none. */
  readonly lateness?: readonly string[];
  /** Likely causes of a failure from the load's own readings, a sentence each. Missing if there are none. */
  readonly causes?: readonly string[];
  /** `cause` is missing if the log breaks off. */
  readonly end: {
    readonly cause?: Cause;
    readonly detail?: string;
    readonly reachedMs: number;
    readonly plannedMs: number;
  };
  readonly statistics: Statistics;
  /** The same by HTTP method and request name, as Locust has it. */
  readonly requests: readonly RequestRow[];
  readonly totals: Outcomes;
  readonly metrics: readonly MetricFigure[];
  /** Where the time of its requests was spent, as its answers state it. */
  readonly hops: readonly Hop[];
  /** Compared with an earlier load of the test, as text; empty if there is none. */
  readonly speedUp: string;
  /** The levels of the system before the load and after the drain, if it was monitored. */
  readonly targetLevels: readonly TargetLevel[];
  /** The monitor's readings of the system and this machine, over the whole load. */
  readonly monitor: readonly MonitorFigure[];
  /** Sections that only some loads have. In the file each is a field with its own name. */
  readonly sections: readonly SectionEntry[];
  readonly notes: readonly string[];
}

export interface JudgementEntry extends Pick<
  Judgement,
  'name' | 'status' | 'marginal' | 'samples' | 'needed' | 'worst'
> {
  readonly task?: string;
  /** The background load that it belongs to. Missing for the load itself. */
  readonly background?: string;
  readonly metric: string;
  readonly limit: string;
  /** The limit for programs, in the unit of `value`. */
  readonly bound: Pick<Budget, 'op' | 'limit'>;
  readonly isDefault: boolean;
  /** In ms, share (0 to 1), per second, bytes, or the plain number. */
  readonly value: number | undefined;
  readonly interval: readonly [number, number] | undefined;
  /** The texts that every report shows. */
  readonly shown: Readonly<
    Record<'status' | 'observed' | 'interval' | 'samples' | 'worst', string>
  >;
}

export function loadEntry(
  result: Result,
  verdict: Verdict,
  logPath: string,
  testStatus?: string,
  sections: readonly ReportSection[] = [],
): LoadEntry {
  const { plan } = result;
  const { reasons, invalid, flags, littlesLaw, shortened } = verdict;
  return {
    ...planEntry(plan, logPath),
    verdict: verdict.verdict,
    headline: words.headline(verdict),
    shortened,
    steered: verdict.steered,
    stages: result.stages,
    interrupted: verdict.interrupted || testStatus === 'interrupted',
    isSpoiled: invalid.length > 0,
    unjudged: verdict.isUnasked === true,
    ...defined({ testStatus }),
    judgements: verdict.judgements.map(judgementEntry),
    rises: [...riseLines(verdict), ...cacheWarmUp(result)],
    ...defined({
      remarks: unlessEmpty(remarkLines(verdict)),
      causes: unlessEmpty(likelyCauses(result, verdict)),
      lateness: unlessEmpty(words.latenessLines(verdict)),
    }),
    reasons,
    invalid,
    flags,
    littlesLaw,
    end: endEntry(result),
    statistics: statisticsIn(result, verdict),
    ...figuresOf(result),
    sections: sectionEntries(sections, result),
    notes: notesOf(result),
  };
}

function endEntry(result: Result): LoadEntry['end'] {
  const { plan, end } = result;
  return defined({
    cause: end?.cause,
    detail: end?.detail,
    reachedMs: reachedMs(result),
    plannedMs: plannedMs(plan),
  });
}

function planEntry(plan: Plan, logPath: string) {
  const { testId, runId, title, system, scenario, level, seed, timeScale, slice } = plan;
  return {
    testId,
    log: basename(logPath),
    runId,
    title,
    system,
    scenario,
    level,
    startedAt: timeText(plan.startedAtEpochMs),
    parameters: loadParameters(plan),
    target: { host: hostOf(plan.target.url), kind: plan.target.kind },
    seed,
    timeScale,
    slice,
  };
}

function unlessEmpty(lines: readonly string[]): readonly string[] | undefined {
  return lines.length === 0 ? undefined : lines;
}

type LoadFigures =
  'requests' | 'totals' | 'metrics' | 'hops' | 'speedUp' | 'targetLevels' | 'monitor';

function figuresOf(result: Result): Pick<LoadEntry, LoadFigures> {
  return {
    requests: requestRows(result),
    totals: outcomesIn(result),
    metrics: metricFigures(result),
    hops: hopsIn(result),
    speedUp: speedUpText(result),
    targetLevels: targetLevels(result),
    monitor: monitorFigures(monitorMoments(result, []).map(({ tick }) => tick)),
  };
}

function judgementEntry(judgement: Judgement): JudgementEntry {
  const { name, budget, status, marginal, value, interval, samples, needed, worst } = judgement;
  const { key, limitText: limit, op, task, background, isDefault = false } = budget;
  return {
    name,
    ...defined({ task, background: background?.name }),
    metric: key,
    limit,
    bound: { op, limit: budget.limit },
    isDefault,
    status,
    marginal,
    value,
    interval,
    samples,
    needed,
    worst,
    shown: {
      status: words.statusText(judgement),
      observed: words.observedText(judgement),
      interval: words.judgedIntervalText(judgement),
      samples: words.samplesText(judgement),
      worst: words.worstText(judgement),
    },
  };
}

function timeText(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

export function resultsOf(
  runId: string,
  loads: readonly LoadEntry[],
  unreadable: Results['unreadable'],
  others: Partial<Pick<Results, 'findings' | 'progressions' | 'pairs'>> = {},
): Results {
  const { findings = [], progressions = [], pairs = [] } = others;
  const known = defined({ pairs: pairs.length === 0 ? undefined : pairs });
  const totals = runTotals(loads);
  return {
    schema: resultsSchema,
    runId,
    totals,
    findings,
    progressions,
    loads,
    ...known,
    unreadable,
  };
}

/** The text of the file. Each section becomes a field with its own name. */
export function resultsText(results: Results): string {
  const loads = results.loads.map(({ sections, notes, ...load }) => {
    const own = sections.map(({ name, json }) => [name, json] as const);
    return { ...load, ...Object.fromEntries(own), notes };
  });
  return figuresJson({ ...results, loads });
}
