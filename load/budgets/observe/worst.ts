/** The worst second of the judged time, by the requests that ended in it. */
import type { Budget } from '../../metrics/log/budget.ts';
import { scheduledOf } from '../../metrics/outcome.ts';
import { isJudged, type Result } from '../../metrics/result/result.ts';
import type { IntervalStatistics, TimelinePoint } from '../../metrics/result/timeline.ts';
import { defined } from '../../platform/defined.ts';
import { meets } from '../limit.ts';
import type { Worst } from './observation.ts';

/**
 * The worst point of the timeline, the first if several are equal: the highest value for an upper limit,
 * the lowest for a lower one. `valueOf` computes the value from the requests that ended in an interval,
 * of the budget's task if it has one; `undefined` if there is no figure.
 * In a second with few requests a single failed one makes a percentile ∞. If the figure of the whole run
 * (`whole`) is finite, such seconds are left out: the row is about slowness, and the rows of errors have
 * the failures. If it is ∞, the worst second is the one with the most failures.
 * Points of the timeline have only the load itself, so a budget on a background load has no worst second.
 */
export function worstOf(
  result: Result,
  budget: Budget,
  valueOf: (ended: IntervalStatistics | undefined, point: TimelinePoint) => number | undefined,
  whole = 0,
): Worst | undefined {
  const { task = '', op, limit, phase, background } = budget;
  if (background !== undefined) return undefined;
  const isLowerLimit = op === '>' || op === '>=';
  const { timeline, plan } = result;
  const seen = seenIn(timeline, budget);
  for (; seen.count < timeline.length; seen.count += 1) {
    const point = timeline[seen.count]!;
    const { startMs, endMs, tasks, phases } = point;
    if (!isJudged(plan, 0, phases[0]) || (phase !== undefined && phases[0] !== phase)) continue;
    const ended = Object.hasOwn(tasks, task) ? tasks[task] : undefined;
    const value = valueOf(ended, point);
    if (value === undefined) continue;
    const isMissed = !meets(value, { op, limit });
    seen.missed.add({ startMs, endMs }, isMissed);
    if (value === Infinity) {
      const notOk = notOkIn(ended);
      if (notOk > seen.mostNotOk) seen.lost = { startMs, endMs, value };
      seen.mostNotOk = Math.max(seen.mostNotOk, notOk);
      continue;
    }
    seen.missedByOk.add({ startMs, endMs }, isMissed);
    const { worst } = seen;
    if (worst === undefined || (isLowerLimit ? value < worst.value : value > worst.value)) {
      seen.worst = { startMs, endMs, value };
    }
  }
  const { worst, lost, missed, missedByOk } = seen;
  if (worst === undefined || (whole === Infinity && lost !== undefined)) {
    return lost && defined({ ...lost, spell: missed.longest });
  }
  return defined({ ...worst, spell: (whole === Infinity ? missed : missedByOk).longest });
}

function notOkIn(ended: IntervalStatistics | undefined): number {
  return ended === undefined ? 0 : scheduledOf(ended.outcomes) - (ended.outcomes.ok ?? 0);
}

/** How far a timeline was examined for a budget, and what was found. */
interface Seen {
  count: number;
  /** Among the seconds with a finite value. */
  worst: Worst | undefined;
  /** Among the others, the one with the most requests that did not end ok. */
  lost: Worst | undefined;
  mostNotOk: number;
  readonly missed: LongestSpell;
  /** Only seconds with a finite value. */
  readonly missedByOk: LongestSpell;
}

/**
 * A running load is judged each second, and points are only added to its timeline. So what was found
 * before is kept.
 */
const seenBefore = new WeakMap<Result['timeline'], WeakMap<Budget, Seen>>();

function seenIn(timeline: Result['timeline'], budget: Budget): Seen {
  const byBudget = seenBefore.get(timeline) ?? new WeakMap<Budget, Seen>();
  seenBefore.set(timeline, byBudget);
  const seen = byBudget.get(budget) ?? {
    count: 0,
    worst: undefined,
    lost: undefined,
    mostNotOk: -1,
    missed: new LongestSpell(),
    missedByOk: new LongestSpell(),
  };
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
