/**
 * Names in budgets that the run never saw: a label that no request has, a task that never ran, a label
 * value that never came. Most are misspellings, so the message lists the names that there were.
 */
import { nearestName } from '../platform/nearest-name.ts';
import type { Budget } from '../metrics/log/budget.ts';
import { scheduledOf } from '../metrics/outcome.ts';
import type { Result } from '../metrics/result/result.ts';
import { selectSeries } from '../metrics/result/select.ts';
import type { SeriesTotal } from '../metrics/result/series-totals.ts';
import { streamOf } from './observe/series.ts';

/** How many of the existing names a message lists. */
const listed = 20;

/**
 * A line for each label that a budget names and no request of the run has, in any phase. None before the
 * first request. An interrupted run may not have reached the requests with that label.
 */
export function unknownLabels({ series, end }: Result, budgets: readonly Budget[]): string[] {
  if (series.length === 0 || end?.cause === 'interrupted') return [];
  return budgets.flatMap((budget) => {
    const own = series.filter(({ stream }) => stream === streamOf(budget));
    // `request` is the request's name.
    const known = new Set(['request', ...own.flatMap(({ labels }) => Object.keys(labels))]);
    return Object.keys(budget.labels)
      .filter((name) => !known.has(name))
      .map(
        (name) =>
          `${keyText(budget)}: no request has a label "${name}"${meant(name, known)}; ` +
          `labels of this run: ${list(known)}`,
      );
  });
}

/** Why a budget has no sample at all, if its task or a label's value never came. */
export function neverSeen(result: Result, budget: Budget): string | undefined {
  const { task, labels } = budget;
  const all = selectSeries(result, { stream: streamOf(budget) });
  const series = all.filter(({ outcomes }) => scheduledOf(outcomes) > 0);
  const ofTask = series.filter((one) => task === undefined || one.task === task);
  if (task !== undefined && ofTask.length === 0) {
    const ran = new Set(series.map((one) => one.task));
    return `${keyText(budget)}: the task "${task}" never ran; tasks that did: ${list(ran)}`;
  }
  for (const [name, value] of Object.entries(labels)) {
    const known = new Set(ofTask.flatMap((one) => valueOf(one, name) ?? []));
    if (known.size === 0 || known.has(value)) continue;
    const hint = meant(value, known);
    return `${keyText(budget)}: no request has ${name} "${value}"${hint}; values that came: ${list(known)}`;
  }
  return undefined;
}

/** `query: p95{model=small}`; for a background load `journey / query: p95`. */
export function keyText({ key, task, background }: Budget): string {
  const own = task === undefined ? key : `${task}: ${key}`;
  return background === undefined ? own : `${background.name} / ${own}`;
}

function valueOf({ request, labels }: SeriesTotal, name: string): string | undefined {
  return name === 'request' ? request : labels[name];
}

function meant(name: string, known: ReadonlySet<string>): string {
  const nearest = nearestName(name, known);
  return nearest === undefined ? '' : `, did you mean "${nearest}"?`;
}

function list(names: ReadonlySet<string>): string {
  if (names.size === 0) return 'none';
  const shown = [...names].slice(0, listed).join(', ');
  return names.size > listed ? `${shown} and ${names.size - listed} more` : shown;
}
