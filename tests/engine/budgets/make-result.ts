/** Small results made by hand: a plan, a line per second and an end, folded like a log. */
import { withDefaults } from '../../../load/budgets/defaults.ts';
import { judgedLoad, type JudgedLoad } from '../../../load/budgets/judged-load.ts';
import { parseBudget } from '../../../load/budgets/parse.ts';
import type { MetricDeclarations } from '../../../load/metrics/definitions.ts';
import { Histogram, type HistogramData } from '../../../load/metrics/histogram.ts';
import {
  intervalLogSchema,
  type End,
  type GeneratorRecord,
  type Interval,
  type Plan,
  type SeriesRecord,
} from '../../../load/metrics/log/schema.ts';
import type { Budget, StatedBudget } from '../../../load/metrics/log/budget.ts';
import { scheduledOf, type OutcomeCounts } from '../../../load/metrics/outcome.ts';
import { ResultFold, type Result } from '../../../load/metrics/result/result.ts';
import { defined } from '../../../load/platform/defined.ts';

export interface MadeSeries extends Partial<Omit<SeriesRecord, 'trends' | 'outcomes'>> {
  /** Response times of `ok` requests, in ms, one for each request. */
  readonly okMs?: readonly number[];
  /** Outcomes besides the `ok` ones. */
  readonly others?: OutcomeCounts;
  /** Further trends, in their unit. */
  readonly trends?: Readonly<Record<string, readonly number[]>>;
}

export interface MadeInterval extends Partial<Omit<Interval, 'series' | 'generator'>> {
  readonly series?: readonly MadeSeries[];
  readonly generator?: Partial<GeneratorRecord>;
}

export interface MadeResult {
  readonly budgets?: readonly Budget[];
  /** Leaves the default budgets out. */
  readonly bare?: boolean;
  readonly plan?: Partial<Plan>;
  readonly stream?: Partial<Plan['streams'][number]>;
  /** By default seconds of the steady state. */
  readonly intervals?: readonly MadeInterval[];
  /** `false`: the log breaks off. */
  readonly end?: Partial<End> | false;
}

/** `metrics`: the user's own metrics that the key may name. */
export function budget(
  key: string,
  limit: string,
  more: Partial<StatedBudget> = {},
  metrics: MetricDeclarations = {},
): Budget {
  return parseBudget({ key, limit, ...more }, metrics);
}

export function repeat<T>(value: T, times: number): T[] {
  return Array.from({ length: times }, () => value);
}

/** A histogram of values in ms (or another unit), stored in thousandths. */
export function histogram(values: readonly number[], times = 1): HistogramData {
  const made = new Histogram();
  for (const value of values) made.record(value * 1000, times);
  return made.toData();
}

export function makeResult(made: MadeResult = {}): Result {
  const intervals = (made.intervals ?? [{ series: [{ okMs: repeat(100, 100) }] }]).map(
    makeInterval,
  );
  const fold = new ResultFold(makePlan(made));
  for (const interval of intervals) fold.addInterval(interval);
  const sum = (name: 'scheduled' | 'sent'): number =>
    intervals.reduce((total, interval) => total + interval[name], 0);
  if (made.end !== false) {
    fold.addEnd({
      type: 'end',
      atMs: intervals.at(-1)?.endMs ?? 0,
      cause: 'completed',
      detail: '',
      scheduled: sum('scheduled'),
      sent: sum('sent'),
      notes: [],
      ...made.end,
    });
  }
  return fold.result();
}

/** A result with its verdict. */
export function makeLoad(made: MadeResult = {}): JudgedLoad {
  return judgedLoad(makeResult(made));
}

function makePlan({ budgets = [], bare = false, plan = {}, stream = {} }: MadeResult): Plan {
  const phase = { name: 'steady state', startMs: 0, endMs: 300_000, judged: true } as const;
  const task = { weight: 1, deadlineMs: 10_000, toleratesDegraded: false };
  return {
    type: 'plan',
    schema: intervalLogSchema,
    testId: 'rag-service-steady-5-users',
    runId: 'run',
    title: 'holds 5 users',
    system: 'rag-service',
    scenario: 'steady',
    level: '5 users',
    load: 1,
    startedAtEpochMs: 0,
    seed: 1,
    slice: { index: 1, count: 1 },
    timeScale: 1,
    shortened: false,
    intervalMs: 1000,
    flags: [],
    versions: {},
    target: { url: 'http://127.0.0.1:1', kind: 'given' },
    budgets: bare ? [...budgets] : withDefaults(budgets),
    machine: { host: 'h', cpu: 'c', cores: 2, memoryBytes: 1, platform: 'linux' },
    streams: [
      {
        name: 'users',
        judged: true,
        workload: {},
        describedAs: '5 users',
        thinkTime: '1 s',
        connections: 'perUser',
        phases: [phase],
        metrics: {},
        tasks: ['query', 'index documents'].map((name) => ({ name, ...task })),
        ...stream,
      },
    ],
    ...plan,
  };
}

const quiet: GeneratorRecord = {
  utilisation: 0.1,
  cpu: 0.1,
  rssBytes: 1,
  loopStalls: [],
  loopDelay: histogram([0], 1000),
  lag: histogram([]),
  lateMs: [0, 0, 0, 0, 0],
};

/** The interval of one second of the steady state, on an undisturbed machine. */
export function secondOf(
  series: readonly SeriesRecord[],
  index: number,
  more: Partial<Interval> = {},
): Interval {
  const { startMs = index * 1000 } = more;
  const scheduled = series.reduce((sum, { outcomes }) => sum + scheduledOf(outcomes), 0);
  return {
    type: 'interval',
    startMs,
    endMs: startMs + 1000,
    phases: ['steady state'],
    users: 5,
    inFlight: 0,
    inFlightPeak: 5,
    oldestMs: 0,
    backlog: 0,
    scheduled,
    sent: scheduled,
    inFlightSamples: { count: 0, sum: 0 },
    busyMs: 0,
    ageMs: 0,
    stalls: [],
    events: [],
    series: [...series],
    generator: quiet,
    ...more,
  };
}

function makeInterval({ series = [], generator, ...more }: MadeInterval, index: number): Interval {
  const made = { ...more, generator: { ...quiet, ...generator } };
  return secondOf(series.map(makeSeries), index, made);
}

/** The error kind for each outcome, if the test states none. */
const kindOf: Readonly<Record<string, string>> = {
  failed: 'status 500',
  invalid: 'schema',
  degraded: 'degraded',
  throttled: 'throttled',
  timeout: 'timeout',
  dropped: 'dropped',
  interrupted: 'interrupted',
};

function errorsOf(others: OutcomeCounts): SeriesRecord['errors'] {
  const errors = Object.entries(others).map(([outcome, count]) => {
    return { kind: kindOf[outcome]!, count, firstMs: 0, lastMs: 0, sample: '' };
  });
  return errors.length === 0 ? undefined : errors;
}

function makeSeries({ okMs = [], others = {}, trends = {}, ...rest }: MadeSeries): SeriesRecord {
  const all = Object.entries({ responseTime: okMs, service: okMs, ...trends });
  return {
    stream: 0,
    task: 'query',
    request: 'query',
    phase: 'steady state',
    ...defined({ errors: errorsOf(others) }),
    ...rest,
    outcomes: defined({ ok: okMs.length > 0 ? okMs.length : undefined, ...others }),
    trends: Object.fromEntries(
      all
        .filter(([, values]) => values.length > 0)
        .map(([name, values]) => [name, histogram(values)]),
    ),
  };
}
