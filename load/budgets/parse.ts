/**
 * Budgets as a test states them become lines of the plan, and lines of a plan become budgets that can
 * be judged. All that can be wrong is refused here, before the first request.
 */
import { parseDurationMs } from '../platform/duration.ts';
import type { BudgetLine } from '../metrics/log/schema.ts';
import { defined } from '../platform/defined.ts';
import { parseKey, type DeclaredMetrics, type Key } from './key.ts';
import { parseLimit, type Limit } from './limit.ts';
import { isMonitored } from './monitored.ts';
import { nearestName } from '../platform/nearest-name.ts';

export interface Budget extends Key, Limit {
  readonly line: BudgetLine;
  readonly task: string | undefined;
}

/** What the budgets may name. */
export interface Known {
  readonly taskNames: readonly string[];
  readonly metrics: DeclaredMetrics;
}

/**
 * Checks stated budgets (`Budgets` in names.ts) and returns a line for each. Throws one error that
 * lists every problem with its field, its value and what is accepted. Which labels will occur cannot
 * be known here: one that never does fails the run (unknown-labels.ts).
 */
export function parseBudgets(input: unknown, known: Known): BudgetLine[] {
  const problems: string[] = [];
  const lines: BudgetLine[] = [];
  const { tasks, ...ofRun } = recordOf(input ?? {}, 'budgets', problems);
  const addLimits = (limits: unknown, field: string, task: string | undefined): void => {
    for (const [key, entry] of Object.entries(recordOf(limits, field, problems))) {
      if (entry === undefined) continue;
      try {
        lines.push(checkedLine(key, entry, task, known.metrics));
      } catch (error) {
        problems.push(`${field}["${key}"]: ${(error as Error).message}`);
      }
    }
  };
  addLimits(ofRun, 'budgets', undefined);
  for (const [task, limits] of Object.entries(recordOf(tasks ?? {}, 'budgets.tasks', problems))) {
    const field = `budgets.tasks["${task}"]`;
    if (known.taskNames.includes(task)) addLimits(limits ?? {}, field, task);
    else problems.push(`${field}: ${unknownTask(task, known.taskNames)}`);
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return lines;
}

/** The budget that a line of the plan states. Throws where the line is none of this version's. */
export function parseBudget(line: BudgetLine, metrics: DeclaredMetrics = {}): Budget {
  const key = parseKey(line.key, metrics);
  if (key.subject.metric === 'longestStall' && line.task !== undefined) {
    throw new Error('longestStall is of the whole run, not of a task');
  }
  const budget = { line, task: line.task, ...key, ...parseLimit(line.limit, key.dimension) };
  if (key.subject.kind === 'rise') refuseForRise(budget);
  const isRead = line.whereReported !== undefined || line.lastMs !== undefined;
  if (isRead && !isMonitored(key.subject.metric)) {
    throw new Error(
      'whereReported and last: only of what the monitor reads, such as cacheHitRate or targetCpu',
    );
  }
  return budget;
}

function refuseForRise({ op, line, task }: Budget): void {
  if (task !== undefined) throw new Error(`${line.key} is of the whole run, not of a task`);
  if (op === '<' || op === '<=') return;
  throw new Error(`${line.key}: '${line.limit}' is no upper limit; accepted: '< 10 %'`);
}

function checkedLine(
  key: string,
  entry: unknown,
  task: string | undefined,
  metrics: DeclaredMetrics,
): BudgetLine {
  const terms = termsOf(entry);
  const line = defined({ key, ...terms, task });
  parseBudget(line, metrics);
  return line;
}

function termsOf(entry: unknown): Omit<BudgetLine, 'key' | 'task' | 'isDefault'> {
  // What is no text is refused by parseLimit, with the units that fit the metric.
  if (typeof entry !== 'object' || entry === null) return { limit: entry as string };
  const { limit, abortOnFail, delay, whereReported, last, ...rest } = entry as Record<
    string,
    unknown
  >;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) {
    const accepted = 'limit, abortOnFail, delay, whereReported, last';
    throw new Error(`unknown term "${unknown}"; accepted: ${accepted}`);
  }
  refuseNoFlag(abortOnFail, 'abortOnFail');
  refuseNoFlag(whereReported, 'whereReported');
  if (delay !== undefined && abortOnFail !== true) {
    throw new Error('delay: only with abortOnFail: true, whose judgement it puts off');
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
