/**
 * Budgets that are understood and could never say anything: they are refused before the first request. A
 * log of before may hold them, and stays readable.
 */
import { trends } from '../metrics/definitions.ts';
import type { Budget, ShareSubject, Subject } from '../metrics/log/budget.ts';

/** Throws with what is accepted. */
export function refuseUnfit(budget: Budget): void {
  const { subject, labels, task, background } = budget;
  const { metric } = subject;
  if (Object.keys(labels).length > 0 && !hasLabels(subject)) {
    throw new Error(`${metric} has no labels; leave the braces out`);
  }
  if (task !== undefined && isOfWholeSystem(subject)) {
    throw new Error(`${metric} is of the whole system, not of a task; accepted: beside \`tasks\``);
  }
  if (background !== undefined && !isOfStream(subject)) {
    throw new Error(
      `${metric} does not exist for a load in the background; accepted there: percentiles and other ` +
        `statistics of trends, shares of its requests, what it counts, longestStall`,
    );
  }
  if (budget.op === '=') refuseEquality(budget);
}

/** What any load stream has; throughput, climbs and what the monitor reads are of the load itself. */
function isOfStream({ kind }: Subject): boolean {
  return ['trend', 'rate', 'outcomeShare', 'outcomeCount', 'counter', 'stall'].includes(kind);
}

/** What is read of the system, or counted before a request is, bears no label of one. */
function hasLabels(subject: Subject): boolean {
  return !isOfWholeSystem(subject) && subject.kind !== 'outcomeCount';
}

function isOfWholeSystem(subject: Subject): boolean {
  const { kind } = subject;
  if (kind === 'difference') return subject.of.some((side: ShareSubject) => isOfWholeSystem(side));
  return kind === 'ratio' || kind === 'level' || kind === 'speedUp';
}

/**
 * What is counted can be a number exactly, and a share can be none or all. What is measured never comes out
 * the same twice; only a trend of the user's own may be 0 exactly, and a load may have no stall.
 */
function refuseEquality({ subject, limit, limitText, key }: Budget): void {
  const { kind } = subject;
  if (kind === 'counter' || kind === 'outcomeCount') return;
  const isShare = kind === 'outcomeShare' || kind === 'rate';
  if (isShare && (limit === 0 || limit === 1)) return;
  if (limit === 0 && (kind === 'stall' || isOwnTrend(subject))) return;
  throw new Error(
    `${key}: '${limitText}' asks a measured figure to be exactly equal; accepted: one of < <= > >=`,
  );
}

/** A trend that a user declares: its values are any. */
export function isOwnTrend({ kind, metric }: Subject): boolean {
  return kind === 'trend' && !Object.hasOwn(trends, metric);
}
