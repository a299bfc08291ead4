/**
 * The interval log: one append-only file per `runLoad`, with a line for the plan, a line per interval and
 * a line for the end. Live view, verdicts, reports, the merge of slices and recovery after a crash all
 * compute from these lines alone.
 * Times are milliseconds since the start of the load (`startedAtEpochMs` in the plan). Histograms hold
 * thousandths of their metric's unit (microseconds for `ms`); those of the layout `signed` hold the unit
 * itself.
 */
import { z } from 'zod';
import { fileStem } from '../../platform/whole-file.ts';
import { areBuckets, type Buckets } from '../histogram.ts';
import { areSignedBuckets } from '../signed-histogram.ts';
import { budgetSchema } from './budget.ts';
import { monitorSchema } from './monitor-reading.ts';
import { outcomes } from '../outcome.ts';
import { requestSchema } from './request-record.ts';
import { stageSchema } from './stage.ts';
import {
  clockOffsetSchema,
  mergedSlicesSchema,
  sliceFindingsSchema,
  sliceLossSchema,
} from './slices-in-log.ts';

/** Raised when a reader of the old lines would misread the new ones. */
export const intervalLogSchema = 3;

const ms = z.number();
const count = z.number().int().nonnegative();
// A plain loop checks the pairs, since there are tens of thousands per second of load.
const buckets = z.custom<Buckets>(areBuckets, 'ascending [value, count] pairs of the HDR layout');

const signedBuckets = z.custom<Buckets>(areSignedBuckets, 'ascending [value, count] pairs');
const totals = {
  count,
  sum: z.number(),
  min: z.number(),
  max: z.number(),
  clamped: count.optional(),
};

export const histogramSchema = z.object({ layout: z.undefined().optional(), ...totals, buckets });

/** A latency's histogram, or that of a user's own trend, whose values have any sign and size. */
const trendSchema = z.discriminatedUnion('layout', [
  histogramSchema,
  z.object({ layout: z.literal('signed'), ...totals, buckets: signedBuckets }),
]);

const phaseSchema = z.object({
  name: z.enum(['warm-up', 'onset', 'ramp-up', 'steady state', 'ramp-down', 'drain']),
  startMs: ms,
  endMs: ms,
  judged: z.boolean(),
});
export type Phase = z.infer<typeof phaseSchema>;
export type PhaseName = Phase['name'];

export const metricDeclarationSchema = z.object({
  kind: z.enum(['counter', 'gauge', 'rate', 'trend', 'difference']),
  unit: z.string(),
  over: z.enum(['scheduled', 'run']).optional(),
  of: z.tuple([z.string(), z.string()]).optional(),
});

const streamSchema = z.object({
  name: z.string(),
  /** True for the load itself, whose figures and charts are shown; false for background loads. */
  judged: z.boolean(),
  workload: z.record(z.string(), z.unknown()),
  describedAs: z.string(),
  thinkTime: z.string(),
  session: z.string().optional(),
  connections: z.enum(['perUser', 'shared', 'none']),
  /** The requests are shaped by these: the dataset, and the parameters of the user definition. */
  parameters: z.record(z.string(), z.string()).optional(),
  phases: z.array(phaseSchema),
  tasks: z.array(
    z.object({
      name: z.string(),
      weight: z.number(),
      deadlineMs: ms,
      toleratesDegraded: z.boolean(),
    }),
  ),
  metrics: z.record(z.string(), metricDeclarationSchema),
});

export const planSchema = z.object({
  type: z.literal('plan'),
  schema: z.literal(intervalLogSchema),
  testId: fileStem,
  runId: fileStem,
  title: z.string(),
  // The file name of a baseline contains these.
  system: fileStem,
  scenario: fileStem,
  level: fileStem,
  /** Number of the load among those of this run with the same id, from 1. */
  load: count,
  /** The part that a second load of a test plays: `recovery`, `alone`. */
  part: z.string().optional(),
  startedAtEpochMs: ms,
  seed: z.number(),
  slice: z.object({ index: count, count }),
  /** Only if slices met at the coordinator. */
  clock: clockOffsetSchema.optional(),
  /** Only in a merged log. */
  merged: mergedSlicesSchema.optional(),
  timeScale: z.number(),
  /** True if the run is too short for its budgets on purpose. */
  shortened: z.boolean(),
  intervalMs: ms,
  target: z.object({
    url: z.string(),
    kind: z.enum(['real', 'reference', 'given']),
    /** Path of the health endpoint that was asked before the load. Missing if the user has none. */
    health: z.string().optional(),
  }),
  /** Deviations from the safe defaults, shown in every report (e.g. any certificate accepted). */
  flags: z.array(z.string()),
  streams: z.array(streamSchema),
  /** An earlier load of the test. This load's throughput is reported as a multiple of that one's. */
  comparedWith: z.object({ level: z.string(), perSecond: z.number() }).optional(),
  budgets: z.array(budgetSchema),
  versions: z.record(z.string(), z.string()),
  machine: z.object({
    host: z.string(),
    cpu: z.string(),
    cores: count,
    memoryBytes: count,
    platform: z.string(),
    pid: count.optional(),
  }),
});
export type Plan = z.infer<typeof planSchema>;

export const errorSchema = z.object({
  kind: z.string(),
  count,
  firstMs: ms,
  lastMs: ms,
  /** One example of the error, secrets removed, at most 200 characters. */
  sample: z.string(),
});
export type ErrorRecord = z.infer<typeof errorSchema>;

export const seriesSchema = z.object({
  stream: count,
  task: z.string(),
  request: z.string(),
  /** The HTTP method. Missing for other protocols, for requests that were never made, and in older logs. */
  method: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  /** The phase in which these requests were *scheduled*. The line's interval is the one in which they ended. */
  phase: z.string(),
  /** How late this machine was during these requests: their lateness class (record/lateness.ts). Default 0. */
  late: count.optional(),
  outcomes: z.partialRecord(z.enum(outcomes), count),
  bytesSent: count.optional(),
  bytesReceived: count.optional(),
  errors: z.array(errorSchema).optional(),
  trends: z.record(z.string(), trendSchema).optional(),
  counters: z.record(z.string(), z.number()).optional(),
  gauges: z.record(z.string(), z.number()).optional(),
  rates: z.record(z.string(), z.object({ hits: count, total: count })).optional(),
});
export type SeriesRecord = z.infer<typeof seriesSchema>;

const eventSchema = z.object({
  atMs: ms,
  kind: z.string(),
  text: z.string(),
  /** How many events this one stands for, if there were too many to list each. Default 1. */
  count: count.optional(),
});
export type LoadEvent = z.infer<typeof eventSchema>;

const stallSchema = z.object({
  startMs: ms,
  endMs: ms,
  inFlight: count,
  /** The load stream that stalled. Default: the first. */
  stream: count.optional(),
});
/** A span with at least 5 requests of one load stream in flight all the time and no progress of any. */
export type Stall = z.infer<typeof stallSchema>;

const generatorSchema = z.object({
  /** Event-loop utilisation, 0 to 1. */
  utilisation: z.number(),
  /** CPU time of this process over wall time: 1 is one core. */
  cpu: z.number(),
  rssBytes: count,
  /** Open sockets of its HTTP clients, if known. */
  sockets: count.optional(),
  /** Delay of the event loop in µs, weighted by the time (ms) for which it lasted. */
  loopDelay: histogramSchema,
  /** Spans of more than 100 ms without a turn of the event loop. */
  loopStalls: z.array(z.object({ atMs: ms, durationMs: ms })),
  /**
   * The generator's lag, caused by this machine: from when a request was ready (due, with a free virtual
   * user) to its start, in µs, for all requests sent in the interval. The trend `scheduleLag` is
   * different: it counts from when the request was due.
   */
  lag: histogramSchema,
  /** How much of the interval was late at each step (record/lateness.ts). */
  lateMs: z.array(ms).optional(),
  /** How late answers were read, at most, as a sum. A closed load loses this time. */
  heldMs: ms.optional(),
  /** How many answers were read late. */
  heldCount: count.optional(),
  /** The lag of the judged load stream's requests, as a sum. */
  lagMs: ms.optional(),
  /** The users of the judged load stream. */
  users: count.optional(),
  /** Whether requests were sent as they became ready (record/bunching.ts), for each window length. */
  squares: z.object({ ready: z.array(z.number()), started: z.array(z.number()) }).optional(),
});
export type GeneratorRecord = z.infer<typeof generatorSchema>;

const intervalSchema = z.object({
  type: z.literal('interval'),
  startMs: ms,
  endMs: ms,
  /** Phase of each stream, in the order of the plan's streams. It is `drain` after the last phase. */
  phases: z.array(z.string()),
  users: count,
  inFlight: count,
  inFlightPeak: count,
  /** The judged load stream alone, if others run beside it. */
  judged: z.object({ users: count, inFlight: count, inFlightPeak: count }).optional(),
  oldestMs: ms,
  backlog: count,
  /** Counted separately from the outcomes, so that the accounting can be checked. */
  scheduled: count,
  sent: count,
  /** For Little's law: samples of the requests in flight, each weighted by its time in ms (`count`). */
  inFlightSamples: z.object({ count: z.number(), sum: z.number() }),
  /** The time in flight of all requests that ended, and the age of those still in flight. */
  busyMs: z.number(),
  ageMs: z.number(),
  series: z.array(seriesSchema),
  stalls: z.array(stallSchema),
  events: z.array(eventSchema),
  /** Changes of the judged load stream's level while it ran. */
  stages: z.array(stageSchema).optional(),
  /** A few of the requests that ended in the interval. */
  requests: z.array(requestSchema).optional(),
  generator: generatorSchema,
  monitor: monitorSchema.optional(),
});
export type Interval = z.infer<typeof intervalSchema>;

/**
 * Why loads end, the worst last. `budget-failed`: a budget with `abortOnFail` was broken. `slice-lost`:
 * not all slices were there. `interrupted`: the run was ended from outside, for example with Ctrl-C.
 * `crashed`: the generator failed.
 */
export const causes = [
  'completed',
  'budget-failed',
  'slice-lost',
  'interrupted',
  'crashed',
] as const;
export type Cause = (typeof causes)[number];

export const endSchema = z.object({
  type: z.literal('end'),
  atMs: ms,
  /** Why the load ended. */
  cause: z.enum(causes),
  /** The same in words. */
  detail: z.string(),
  scheduled: count,
  sent: count,
  /** How long after its planned start the load really began. Missing if it began in time. */
  begunLateMs: ms.optional(),
  /** The health endpoint after the load: whether the system was ready again within 10 s. */
  healthAfter: z.object({ ok: z.boolean(), detail: z.string() }).optional(),
  /** The monitor's readings after the drain, when the users' connections were closed. */
  monitor: monitorSchema.optional(),
  /** Only in the log of a slice that ended, or did not begin, because other slices were missing. */
  sliceLoss: sliceLossSchema.optional(),
  /** Only in a merged log. */
  slices: sliceFindingsSchema.optional(),
  /** Labels with more values than are kept. Further values count as `other`. */
  overflowedLabels: z.array(z.string()).optional(),
  notes: z.array(z.string()),
});
export type End = z.infer<typeof endSchema>;

export const lineSchema = z.discriminatedUnion('type', [planSchema, intervalSchema, endSchema]);
export type LogLine = z.infer<typeof lineSchema>;
