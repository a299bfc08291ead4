/**
 * A load while it runs, folded from its interval log. Rates and percentiles are over the last 10 s of
 * the log (longer where a single interval is): of the requests that ended in them, and, like the
 * verdict's, over all of them, so that p95 is ∞ where more than 5 % did not end ok. Errors are counted
 * since the start. Only the judged load is in it, not what runs beside it.
 */
import { plannedMs } from '../../budgets/accounting.ts';
import { Histogram } from '../../metrics/histogram.ts';
import type { Interval, LoadEvent, LogLine, Plan } from '../../metrics/log/schema.ts';
import { scheduledOf } from '../../metrics/outcome.ts';
import { statisticOf } from '../../metrics/percentile.ts';
import { latencyData } from '../../metrics/trend-histogram.ts';
import { sumOf } from '../../platform/lists.ts';
import { loadStem } from '../../settings/run-folder.ts';

const windowMs = 10_000;

export interface LiveStatus {
  readonly name: string;
  /** Where the log has got to, in ms since the start of the load. */
  readonly atMs: number;
  /** The first stream's phase; `starting` before the first interval. */
  readonly phase: string;
  readonly users: number;
  readonly inFlight: number;
  /** Ended per second, over the window. */
  readonly requestsPerSecond: number;
  /** Over the window; NaN where nothing ended in it. */
  readonly p95Ms: number;
  /** What they are made of: response times of the ok ones, and how many ended. */
  readonly recent: { readonly responseTime: Histogram; readonly count: number };
  /** Ended since the start, and those of them that did not end ok. */
  readonly ended: number;
  readonly failures: number;
  /** Slow ones of the window, and of the whole load so far, without those that were named. */
  readonly slow: number;
  readonly slowInAll: number;
  /** Up to the planned end; below 0 where the load goes on past it. */
  readonly leftMs: number;
}

type Stretch = Pick<Interval, 'startMs' | 'endMs'> & {
  readonly ended: number;
  readonly slow: number;
  readonly responseTime: Histogram;
};

/** Takes at least one load: everything is added up, p95 is over all of their requests. */
export function sumStatus(name: string, loads: readonly LiveStatus[]): LiveStatus {
  const sum = (value: (load: LiveStatus) => number): number => sumOf(loads, value);
  const responseTime = new Histogram();
  for (const { recent } of loads) responseTime.add(recent.responseTime);
  const count = sum(({ recent }) => recent.count);
  const phases = new Set(loads.map(({ phase }) => phase));
  return {
    name,
    recent: { responseTime, count },
    atMs: Math.max(...loads.map(({ atMs }) => atMs)),
    phase: phases.size === 1 ? [...phases][0]! : 'several phases',
    users: sum(({ users }) => users),
    inFlight: sum(({ inFlight }) => inFlight),
    requestsPerSecond: sum(({ requestsPerSecond }) => requestsPerSecond),
    p95Ms: statisticOf(responseTime, 'p95', count) / 1000,
    ended: sum(({ ended }) => ended),
    failures: sum(({ failures }) => failures),
    slow: sum(({ slow }) => slow),
    slowInAll: sum(({ slowInAll }) => slowInAll),
    leftMs: Math.max(...loads.map(({ leftMs }) => leftMs)),
  };
}

/** So many slow requests of a load are named; the others are a number. */
const namedAtMost = 5;

export class LiveLoad {
  readonly name: string;
  /** The log has its last line. */
  hasEnded = false;
  private plan: Plan | undefined;
  private named = 0;
  private slowInAll = 0;
  private last: Pick<Interval, 'endMs' | 'phases' | 'users' | 'inFlight'> | undefined;
  private stretches: Stretch[] = [];
  private ended = 0;
  private failures = 0;

  constructor(name: string) {
    this.name = name;
  }

  /** The name of the load that this one is a slice of, if it is one. */
  get wholeName(): string {
    return this.plan === undefined
      ? this.name
      : loadStem({ testId: this.plan.testId, load: this.plan.load });
  }

  /** Takes the next line; returns the slow requests in it that are to be named. */
  add(line: LogLine): readonly LoadEvent[] {
    if (line.type === 'plan') this.plan = line;
    else if (line.type === 'end') this.hasEnded = true;
    else {
      const slow = line.events.filter(({ kind }) => kind === 'slow');
      // One that stands for several is a number and no name.
      const nameable = slow.filter(({ count }) => count === undefined);
      const named = nameable.slice(0, namedAtMost - this.named);
      this.named += named.length;
      this.addInterval(line, sumOf(slow, ({ count = 1 }) => count) - named.length);
      return named;
    }
    return [];
  }

  /** Undefined before there is a plan. */
  status(): LiveStatus | undefined {
    const { plan, last, name, ended, failures } = this;
    if (plan === undefined) return undefined;
    const atMs = last?.endMs ?? 0;
    const recent = new Histogram();
    for (const { responseTime } of this.stretches) recent.add(responseTime);
    const count = sumOf(this.stretches, (one) => one.ended);
    const spanMs = atMs - (this.stretches[0]?.startMs ?? 0);
    return {
      name,
      atMs,
      ended,
      failures,
      slow: sumOf(this.stretches, (one) => one.slow),
      slowInAll: this.slowInAll,
      phase: last === undefined ? 'starting' : (last.phases[0] ?? ''),
      users: last?.users ?? 0,
      inFlight: last?.inFlight ?? 0,
      requestsPerSecond: spanMs > 0 ? (count * 1000) / spanMs : 0,
      p95Ms: statisticOf(recent, 'p95', count) / 1000,
      recent: { responseTime: recent, count },
      leftMs: plannedMs(plan) - atMs,
    };
  }

  private addInterval(interval: Interval, slow: number): void {
    const { startMs, endMs, phases, judged = interval } = interval;
    const { users, inFlight } = judged;
    const responseTime = new Histogram();
    let ended = 0;
    for (const { stream, outcomes, trends = {} } of interval.series) {
      if (this.plan?.streams[stream]?.judged !== true) continue;
      const count = scheduledOf(outcomes);
      ended += count;
      this.failures += count - (outcomes.ok ?? 0);
      const own = latencyData(trends['responseTime']);
      if (own !== undefined) responseTime.add(own);
    }
    this.ended += ended;
    this.slowInAll += slow;
    this.last = { endMs, phases, users, inFlight };
    this.stretches.push({ startMs, endMs, ended, slow, responseTime });
    // A border is met within a millisecond, not exactly.
    const isRecent = (one: Stretch): boolean => one.startMs > endMs - windowMs - 50;
    this.stretches = this.stretches.filter((one, i, all) => isRecent(one) || i === all.length - 1);
  }
}
