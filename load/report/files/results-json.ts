/** `results.json`: what a run found, for machines. Schema-versioned; a fold of the interval logs. */
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
import { cacheWarmUp } from '../text/cache-warm-up.ts';
import { hopsIn, type Hop } from '../text/hops.ts';
import { likelyCauses } from '../text/likely-cause.ts';
import { metricFigures, type MetricFigure } from '../text/metric-figures.ts';
import { outcomesIn, type Outcomes } from '../text/outcomes.ts';
import { sectionEntries, type ReportSection, type SectionEntry } from '../text/report-section.ts';
import { runTotals, type RunTotals } from '../text/run-totals.ts';
import { speedUpText } from '../text/speed-up.ts';
import { monitorFigures, type MonitorFigure } from '../text/monitor-summary.ts';
import { monitorMoments } from './monitor-csv.ts';
import { targetLevels, type TargetLevel } from '../text/target-table.ts';
import type { PairEntry } from './run-pairs.ts';
import { remarkLines, riseLines } from '../text/verdict-table.ts';
import { statisticsIn, type Statistics } from '../text/statistics.ts';

/** Grows when a reader of the old file would misread the new one. */
export const resultsSchema = 2;

export interface Results {
  readonly schema: typeof resultsSchema;
  readonly runId: string;
  readonly totals: RunTotals;
  /** Why it is slow, what explains most of a latency first; each names its test. */
  readonly findings: readonly Finding[];
  /** How each system went from level to level, where it was loaded at several. */
  readonly progressions: readonly Progression[];
  /** One for each log, in their order: a test with two loads is in it twice, and so is one measured again. */
  readonly loads: readonly LoadEntry[];
  /** Two builds compared in one run; missing where there were none. */
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
  /** The interval log's name in the run's folder. */
  readonly log: string;
  readonly startedAt: string;
  /** In words: workload, think time, target, seed, time scale, slice. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly target: { readonly host: string; readonly kind: string };
  readonly headline: string;
  /** What changed its level while it ran. */
  readonly stages: Result['stages'];
  /** Something was wrong with the instrument as a whole: no row of it stands. */
  readonly isSpoiled: boolean;
  /** Nobody asked for the verdict: the test was red for that, at the latest. */
  readonly unjudged: boolean;
  /** What Playwright says of the test; missing where the report was rebuilt from the logs. */
  readonly testStatus?: string;
  readonly judgements: readonly JudgementEntry[];
  /** What climbed over the run and what did not, a sentence for each budget on it. */
  readonly rises: readonly string[];
  /** What a reader must know of single figures, a sentence each; missing where there is nothing. */
  readonly remarks?: readonly string[];
  /** What its own readings tell of why it failed, a sentence each; missing where they tell nothing. */
  readonly causes?: readonly string[];
  /** `cause` is missing where the log breaks off. */
  readonly end: {
    readonly cause?: Cause;
    readonly detail?: string;
    readonly reachedMs: number;
    readonly plannedMs: number;
  };
  readonly statistics: Statistics;
  readonly totals: Outcomes;
  readonly metrics: readonly MetricFigure[];
  /** Where the time of its requests went, by their answers' own account. */
  readonly hops: readonly Hop[];
  /** Against an earlier load of the test, in words; empty where it is compared with none. */
  readonly speedUp: string;
  /** What the system held before the load and after the drain, where the monitor looked. */
  readonly targetLevels: readonly TargetLevel[];
  /** What the monitor read of the system and of this machine, over the whole load. */
  readonly monitor: readonly MonitorFigure[];
  /** What only some loads have; in the file each is a field of its own name. */
  readonly sections: readonly SectionEntry[];
  readonly notes: readonly string[];
}

export interface JudgementEntry extends Pick<
  Judgement,
  'name' | 'status' | 'marginal' | 'samples' | 'needed' | 'worst'
> {
  readonly task?: string;
  /** The load in the background that it is of; missing where it is of the load itself. */
  readonly background?: string;
  readonly metric: string;
  readonly limit: string;
  /** The same for machines, in the unit of `value`. */
  readonly bound: Pick<Budget, 'op' | 'limit'>;
  readonly isDefault: boolean;
  /** In ms, share (0 to 1), per second, bytes, or the plain number. */
  readonly value: number | undefined;
  readonly interval: readonly [number, number] | undefined;
  /** The same as every report shows it. */
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
  const { plan, end } = result;
  const { testId, runId, title, system, scenario, level, seed, timeScale, slice } = plan;
  const { reasons, invalid, flags, littlesLaw, shortened } = verdict;
  const remarks = remarkLines(verdict);
  const causes = likelyCauses(result, verdict);
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
      remarks: remarks.length === 0 ? undefined : remarks,
      causes: causes.length === 0 ? undefined : causes,
    }),
    reasons,
    invalid,
    flags,
    littlesLaw,
    end: defined({
      cause: end?.cause,
      detail: end?.detail,
      reachedMs: reachedMs(result),
      plannedMs: plannedMs(plan),
    }),
    statistics: statisticsIn(result, verdict),
    totals: outcomesIn(result),
    metrics: metricFigures(result),
    hops: hopsIn(result),
    speedUp: speedUpText(result),
    targetLevels: targetLevels(result),
    monitor: monitorFigures(monitorMoments(result, []).map(({ tick }) => tick)),
    sections: sectionEntries(sections, result),
    notes: result.notes,
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

/** The file: what only some loads have stands under its own name. */
export function resultsText(results: Results): string {
  const loads = results.loads.map(({ sections, notes, ...load }) => {
    const own = sections.map(({ name, json }) => [name, json] as const);
    return { ...load, ...Object.fromEntries(own), notes };
  });
  return figuresJson({ ...results, loads });
}
