/**
 * Parses the budgets of a test for the plan, once. Everything that can be wrong is refused before the
 * first request.
 */
import {
  rises,
  type MetricDeclaration,
  type MetricDeclarations,
  type RiseDefinition,
} from '../metrics/definitions.ts';
import type { Budget, StatedBudget, Subject } from '../metrics/log/budget.ts';
import { shortestStallMs } from '../metrics/record/stall-watch.ts';
import { defined } from '../platform/defined.ts';
import { parseDurationMs } from '../platform/duration.ts';
import { nearestName } from '../platform/nearest-name.ts';
import { parseKey } from './key.ts';
import { parseLimit } from './limit.ts';
import { budgetTerms } from './names.ts';
import { isOwnTrend, refuseUnfit } from './refuse-unfit.ts';

/** The names that the budgets may use. */
export interface Known {
  readonly taskNames: readonly string[];
  readonly metrics: MetricDeclarations;
  /** Set if the budgets belong to a background load. */
  readonly background?: Budget['background'];
}

/**
 * The metrics that a load's budgets may name: those of the judged user, and of background users only
 * those that are counted over the whole run. The judged user's come first.
 */
export function budgetableMetrics(users: readonly MetricDeclarations[]): MetricDeclarations {
  const [own = {}, ...background] = users;
  const others = background.flatMap((metrics) => Object.entries(metrics).filter(isOverRun));
  return { ...Object.fromEntries(others), ...own };
}

function isOverRun([, { over }]: readonly [string, MetricDeclaration]): boolean {
  return over === 'run';
}

/**
 * Parses stated budgets (`Budgets` in names.ts). Throws one error that lists every problem with its field
 * (in `source`), its value and what is accepted. Labels cannot be checked here; one that never occurs
 * fails the run (never-seen.ts).
 */
export function parseBudgets(input: unknown, known: Known, source = 'budgets'): Budget[] {
  const problems: string[] = [];
  const budgets: Budget[] = [];
  const { tasks, ...ofRun } = recordOf(input ?? {}, source, problems);
  const addLimits = (limits: unknown, field: string, task: string | undefined): void => {
    for (const [key, entry] of Object.entries(recordOf(limits, field, problems))) {
      if (entry === undefined) continue;
      try {
        const budget = parseBudget(
          defined({ key, ...termsOf(entry), task, background: known.background }),
          known.metrics,
        );
        refuseUnfit(budget);
        refuseBelowStalls(budget);
        budgets.push(budget);
      } catch (error) {
        problems.push(`${field}["${key}"]: ${(error as Error).message}`);
      }
    }
  };
  addLimits(ofRun, source, undefined);
  for (const [task, limits] of Object.entries(recordOf(tasks ?? {}, `${source}.tasks`, problems))) {
    const field = `${source}.tasks["${task}"]`;
    if (known.taskNames.includes(task)) addLimits(limits ?? {}, field, task);
    else problems.push(`${field}: ${unknownTask(task, known.taskNames)}`);
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return budgets;
}

/** The budget stated by key, limit and terms. Throws with what is accepted. */
export function parseBudget(stated: StatedBudget, metrics: MetricDeclarations = {}): Budget {
  const { limit: limitText, ...terms } = stated;
  const key = parseKey(stated.key, metrics);
  const limit = parseLimit(limitText, key.dimension, isOwnTrend(key.subject));
  const budget = { ...terms, limitText, ...key, ...limit };
  if (key.subject.kind === 'stall' && stated.task !== undefined) {
    throw new Error('longestStall applies to the whole run, not to a task');
  }
  if (key.subject.kind === 'rise') refuseForRise(budget);
  const isRead = stated.whereReported !== undefined || stated.lastMs !== undefined;
  if (isRead && monitoredFigure(key.subject) === undefined) {
    throw new Error(
      'whereReported and last: only for figures that the monitor reads, such as cacheHitRate or targetCpu',
    );
  }
  return budget;
}

/** The figure whose readings are needed, if only the monitor can provide it. */
export function monitoredFigure({ kind, metric }: Subject): string | undefined {
  if (kind === 'ratio' || kind === 'level') return metric;
  return kind === 'rise' ? (rises[metric] as RiseDefinition).figure : undefined;
}

/** Older logs, which may contain such a limit, are not checked. */
function refuseBelowStalls({ subject, limit, limitText }: Budget): void {
  if (subject.kind !== 'stall' || limit >= shortestStallMs) return;
  const why = `gaps between answers below ${shortestStallMs} ms are normal, and not recorded`;
  throw new Error(`'${limitText}' can't be judged: ${why}; accepted: '< 2 s'`);
}

function refuseForRise({ op, key, limitText, task }: Budget): void {
  if (task !== undefined) throw new Error(`${key} applies to the whole run, not to a task`);
  if (op === '<' || op === '<=') return;
  throw new Error(`${key}: '${limitText}' is no upper limit; accepted: '< 10 %'`);
}

function termsOf(entry: unknown): Omit<StatedBudget, 'key' | 'task' | 'isDefault'> {
  // parseLimit refuses anything but text, with the units that fit the metric.
  if (typeof entry !== 'object' || entry === null) return { limit: entry as string };
  const { limit, abortOnFail, delay, whereReported, last, ...rest } = entry as Record<
    string,
    unknown
  >;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) {
    const accepted = Object.keys(budgetTerms).join(', ');
    throw new Error(`unknown term "${unknown}"; accepted: ${accepted}`);
  }
  refuseNoFlag(abortOnFail, 'abortOnFail');
  refuseNoFlag(whereReported, 'whereReported');
  if (delay !== undefined && abortOnFail !== true) {
    throw new Error('delay: only together with abortOnFail: true');
  }
  return defined({
    limit: limit as string,
    abortOnFail,
    delayMs: delay === undefined ? undefined : parseDurationMs(delay, 'delay'),
    whereReported,
    lastMs: last === undefined ? undefined : parseDurationMs(last, 'last'),
  });
}

function refuseNoFlag(value: unknown, term: string): asserts value is boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return;
  throw new Error(`${term}: ${JSON.stringify(value)}; accepted: true, false`);
}

function recordOf(value: unknown, field: string, problems: string[]): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  problems.push(`${field}: ${JSON.stringify(value)}; accepted: { p95: '< 3 s' }`);
  return {};
}

function unknownTask(task: string, taskNames: readonly string[]): string {
  const nearest = nearestName(task, taskNames);
  const hint = nearest === undefined ? '' : `, did you mean "${nearest}"?`;
  return `no such task${hint}; accepted: ${taskNames.map((name) => `"${name}"`).join(', ')}`;
}
