/** The worst second of the judged time, by the requests that ended in it. */
import type { Budget } from '../../metrics/log/budget.ts';
import { scheduledOf } from '../../metrics/outcome.ts';
import { intervalRanks } from '../../metrics/percentile.ts';
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
 * (`whole`) is finite, such a second is left out unless its failures are too many to be chance (the 95 %
 * interval of quantile `q` is ∞): the row is about slowness, and the rows of errors have the failures. If
 * it is ∞, the worst second is the one with the most failures.
 * Points of the timeline have only the load itself, so a budget on a background load has no worst second.
 */
export function worstOf(
  result: Result,
  budget: Budget,
  valueOf: (ended: IntervalStatistics | undefined, point: TimelinePoint) => number | undefined,
  { whole, q }: { readonly whole?: number | undefined; readonly q?: number | undefined } = {},
): Worst | undefined {
  const { task = '', phase, background } = budget;
  if (background !== undefined) return undefined;
  const { timeline, plan } = result;
  const seen = seenIn(timeline, budget);
  for (; seen.count < timeline.length; seen.count += 1) {
    const point = timeline[seen.count]!;
    const { tasks, phases } = point;
    if (!isJudged(plan, 0, phases[0]) || (phase !== undefined && phases[0] !== phase)) continue;
    const ended = Object.hasOwn(tasks, task) ? tasks[task] : undefined;
    const value = valueOf(ended, point);
    if (value === undefined) continue;
    const { startMs, endMs } = point;
    seen.examine({ startMs, endMs, value }, ended, q);
  }
  return seen.found(whole === Infinity);
}

function countsIn(ended: IntervalStatistics | undefined): { ok: number; all: number } {
  const { outcomes = {} } = ended ?? {};
  return { ok: outcomes.ok ?? 0, all: scheduledOf(outcomes) };
}

interface Lost {
  readonly at: Worst;
  readonly notOk: number;
}

function worseOf(known: Lost | undefined, other: Lost): Lost {
  return known === undefined || other.notOk > known.notOk ? other : known;
}

/** How far a timeline was examined for a budget, and what was found. */
class Seen {
  count = 0;
  private readonly budget: Budget;
  /** Among the seconds with a finite value. */
  private worst: Worst | undefined;
  /** Among the others, the one with the most requests that did not end ok. */
  private lost: Lost | undefined;
  /** The same, if its failures are too many to be chance. */
  private outage: Lost | undefined;
  private readonly missed = new LongestSpell();
  /** Only seconds with a finite value, and outages. */
  private readonly missedByOk = new LongestSpell();

  constructor(budget: Budget) {
    this.budget = budget;
  }

  examine(at: Worst, ended: IntervalStatistics | undefined, q: number | undefined): void {
    const isMissed = !meets(at.value, this.budget);
    this.missed.add(at, isMissed);
    if (at.value === Infinity) {
      const { ok, all } = countsIn(ended);
      const isOutage = q !== undefined && q < 1 && ok < intervalRanks(q, all)[0];
      const lost = { at, notOk: all - ok };
      this.lost = worseOf(this.lost, lost);
      if (!isOutage) return;
      this.missedByOk.add(at, isMissed);
      this.outage = worseOf(this.outage, lost);
    } else {
      this.missedByOk.add(at, isMissed);
      if (this.isWorst(at.value)) this.worst = at;
    }
  }

  found(isWholeLost: boolean): Worst | undefined {
    const { worst, lost, outage } = this;
    const isLost = isWholeLost || worst === undefined;
    const found = (isLost ? lost : outage)?.at ?? worst;
    const missed = isLost ? this.missed : this.missedByOk;
    return found && defined({ ...found, spell: missed.longest });
  }

  private isWorst(value: number): boolean {
    if (this.worst === undefined) return true;
    const { op } = this.budget;
    const isLowerLimit = op === '>' || op === '>=';
    return isLowerLimit ? value < this.worst.value : value > this.worst.value;
  }
}

/**
 * A running load is judged each second, and points are only added to its timeline. So what was found
 * before is kept.
 */
const seenBefore = new WeakMap<Result['timeline'], WeakMap<Budget, Seen>>();

function seenIn(timeline: Result['timeline'], budget: Budget): Seen {
  const byBudget = seenBefore.get(timeline) ?? new WeakMap<Budget, Seen>();
  seenBefore.set(timeline, byBudget);
  const seen = byBudget.get(budget) ?? new Seen(budget);
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
