/**
 * Budgets that are well-formed but could never have a result. They are refused before the first request.
 * Logs of older versions may contain them and stay readable.
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
    throw new Error(
      `${metric} applies to the whole system, not to a task; accepted: beside \`tasks\``,
    );
  }
  if (background !== undefined && !isOfStream(subject)) {
    throw new Error(
      `${metric} does not exist for a load in the background; accepted there: percentiles and other ` +
        `statistics of trends, shares of its requests, what it counts, longestStall`,
    );
  }
  if (budget.op === '=') refuseEquality(budget);
}

/** Available for any load stream. Throughput, rises and monitored figures exist only for the load itself. */
function isOfStream({ kind }: Subject): boolean {
  return ['trend', 'rate', 'outcomeShare', 'outcomeCount', 'counter', 'stall'].includes(kind);
}

/** Figures of the system, or counted before a request exists, have no request labels. */
function hasLabels(subject: Subject): boolean {
  return !isOfWholeSystem(subject) && subject.kind !== 'outcomeCount';
}

function isOfWholeSystem(subject: Subject): boolean {
  const { kind } = subject;
  if (kind === 'difference') return subject.of.some((side: ShareSubject) => isOfWholeSystem(side));
  return kind === 'ratio' || kind === 'level' || kind === 'speedUp';
}

/**
 * A count can be a number exactly, and a share can be none or all. A measured value is never the same
 * twice; only a trend of the user's own may be exactly 0, and a load may have no stall.
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

/** True for a trend that a user declares. Its values have no bounds. */
export function isOwnTrend({ kind, metric }: Subject): boolean {
  return kind === 'trend' && !Object.hasOwn(trends, metric);
}
