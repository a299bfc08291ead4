/** The worst second of the judged time, by the requests that ended in it. */
import type { Budget } from '../../metrics/log/budget.ts';
import { isJudged, type Result } from '../../metrics/result/result.ts';
import type { IntervalStatistics, TimelinePoint } from '../../metrics/result/timeline.ts';
import { defined } from '../../platform/defined.ts';
import { meets } from '../limit.ts';
import type { Worst } from './observation.ts';

/**
 * The worst point of the timeline, the first if several are equal: the highest value for an upper limit,
 * the lowest for a lower one. `valueOf` computes the value from the requests that ended in an interval,
 * of the budget's task if it has one; `undefined` if there is no figure.
 * Points of the timeline have only the load itself, so a budget on a background load has no worst second.
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

/** How far a timeline was examined for a budget, and what was found. */
interface Seen {
  count: number;
  worst: Worst | undefined;
  readonly missed: LongestSpell;
}

/**
 * A running load is judged each second, and points are only added to its timeline. So what was found
 * before is kept.
 */
const seenBefore = new WeakMap<Result['timeline'], WeakMap<Budget, Seen>>();

function seenIn(timeline: Result['timeline'], budget: Budget): Seen {
  const byBudget = seenBefore.get(timeline) ?? new WeakMap<Budget, Seen>();
  seenBefore.set(timeline, byBudget);
  const seen = byBudget.get(budget) ?? { count: 0, worst: undefined, missed: new LongestSpell() };
  byBudget.set(budget, seen);
  return seen;
}

type Span = NonNullable<Worst['spell']>;

/** The longest sequence of points that miss a limit; a single point within it may keep it. */
class LongestSpell {
  longest: Span | undefined;
  private current: Span | undefined;
  /** How many consecutive points kept the limit. */
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
