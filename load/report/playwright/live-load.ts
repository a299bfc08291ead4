/**
 * The state of a running load, folded from its interval log. Rates and percentiles are over the last 10 s
 * of the log (or one interval, if that is longer). They cover the requests that ended then, and like the
 * verdict all of them, so p95 is ∞ if more than 5 % did not end ok. Errors are counted since the start.
 * Only the judged load is included, not background loads.
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
  /** How far the log has got, in ms since the start of the load. */
  readonly atMs: number;
  /** The first stream's phase; `starting` before the first interval. */
  readonly phase: string;
  readonly users: number;
  readonly inFlight: number;
  /** Requests that ended per second, over the window. */
  readonly requestsPerSecond: number;
  /** Over the window; NaN if no request ended in it. */
  readonly p95Ms: number;
  /** The source of both: response times of ok requests, and how many ended. */
  readonly recent: { readonly responseTime: Histogram; readonly count: number };
  /** Requests that ended since the start, and how many of them did not end ok. */
  readonly ended: number;
  readonly failures: number;
  /** Slow requests in the window and in the whole load so far, without those that were listed. */
  readonly slow: number;
  readonly slowInAll: number;
  /** Time to the planned end; negative if the load goes on after it. */
  readonly leftMs: number;
}

type Stretch = Pick<Interval, 'startMs' | 'endMs'> & {
  readonly ended: number;
  readonly slow: number;
  readonly responseTime: Histogram;
};

/** The sum over at least one load. Counts are added; p95 is over all requests. */
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

/** How many slow requests of a load are listed. The others are only counted. */
const namedAtMost = 5;

export class LiveLoad {
  readonly name: string;
  /** True when the log has its last line. */
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

  /** The name of the whole load, if this is a slice. */
  get wholeName(): string {
    return this.plan === undefined
      ? this.name
      : loadStem({ testId: this.plan.testId, load: this.plan.load });
  }

  /** Takes the next line. Returns the slow requests in it that are to be listed. */
  add(line: LogLine): readonly LoadEvent[] {
    if (line.type === 'plan') this.plan = line;
    else if (line.type === 'end') this.hasEnded = true;
    else {
      const slow = line.events.filter(({ kind }) => kind === 'slow');
      // An event that stands for several is only counted.
      const nameable = slow.filter(({ count }) => count === undefined);
      const named = nameable.slice(0, namedAtMost - this.named);
      this.named += named.length;
      this.addInterval(line, sumOf(slow, ({ count = 1 }) => count) - named.length);
      return named;
    }
    return [];
  }

  /** Undefined until there is a plan. */
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
    // The timer meets a border only to within a millisecond.
    const isRecent = (one: Stretch): boolean => one.startMs > endMs - windowMs - 50;
    this.stretches = this.stretches.filter((one, i, all) => isRecent(one) || i === all.length - 1);
  }
}
