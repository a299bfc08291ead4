/** The worst second of the judged time, by the requests that ended in it. */
import type { Budget } from '../../metrics/log/budget.ts';
import { isJudged, type Result } from '../../metrics/result/result.ts';
import type { IntervalStatistics, TimelinePoint } from '../../metrics/result/timeline.ts';
import { defined } from '../../platform/defined.ts';
import { meets } from '../limit.ts';
import type { Worst } from './observation.ts';

/**
 * Points of the timeline tell what ended of the load itself, and nothing of loads in its background: a budget
 * on one of those has no worst second.
 *
 * The first of the worst: for an upper limit the highest, for a lower one the lowest. `valueOf` is asked
 * of what ended in an interval, of the budget's task where it has one, and tells `undefined` where that
 * gives no figure.
 */
export function worstOf(
  result: Result,
  budget: Budget,
  valueOf: (ended: IntervalStatistics | undefined, point: TimelinePoint) => number | undefined,
): Worst | undefined {
  const { task = '', op, limit, phase, background } = budget;
  if (background !== undefined) return undefined;
  const isLowerLimit = op === '>' || op === '>=';
  const { timeline, plan } = result;
  const seen = seenIn(timeline, budget);
  const { missed } = seen;
  for (; seen.count < timeline.length; seen.count += 1) {
    const point = timeline[seen.count]!;
    const { startMs, endMs, tasks, phases } = point;
    if (!isJudged(plan, 0, phases[0]) || (phase !== undefined && phases[0] !== phase)) continue;
    const value = valueOf(Object.hasOwn(tasks, task) ? tasks[task] : undefined, point);
    if (value === undefined) continue;
    missed.add({ startMs, endMs }, !meets(value, { op, limit }));
    const { worst } = seen;
    if (worst === undefined || (isLowerLimit ? value < worst.value : value > worst.value)) {
      seen.worst = { startMs, endMs, value };
    }
  }
  return seen.worst && defined({ ...seen.worst, spell: missed.longest });
}

/** How far a timeline was looked at for a budget, and what was found. */
interface Seen {
  count: number;
  worst: Worst | undefined;
  readonly missed: LongestSpell;
}

/** A load that runs is judged each second: what was seen of its timeline before, to which points are only added, is kept. */
const seenBefore = new WeakMap<Result['timeline'], WeakMap<Budget, Seen>>();

function seenIn(timeline: Result['timeline'], budget: Budget): Seen {
  const byBudget = seenBefore.get(timeline) ?? new WeakMap<Budget, Seen>();
  seenBefore.set(timeline, byBudget);
  const seen = byBudget.get(budget) ?? { count: 0, worst: undefined, missed: new LongestSpell() };
  byBudget.set(budget, seen);
  return seen;
}

type Span = NonNullable<Worst['spell']>;

/** The longest row of points that miss a limit, of which a single one may keep it. */
class LongestSpell {
  longest: Span | undefined;
  private current: Span | undefined;
  /** How many points in a row kept it. */
  private kept = 0;

  add({ startMs, endMs }: Span, isMissed: boolean): void {
    this.kept = isMissed ? 0 : this.kept + 1;
    if (this.kept > 1) this.current = undefined;
    if (!isMissed) return;
    this.current = { startMs: this.current?.startMs ?? startMs, endMs };
    const { current, longest } = this;
    const isLonger = longest === undefined || lengthOf(current) > lengthOf(longest);
    if (isLonger) this.longest = current;
  }
}

function lengthOf({ startMs, endMs }: Span): number {
  return endMs - startMs;
}
