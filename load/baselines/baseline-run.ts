/**
 * One run in a baseline file: its plan, its plain figures for readers, and for each task the counts and
 * histograms of ten sections of the judged phases, for the comparison. A run to be compared is captured
 * in the same form.
 */
import { z } from 'zod';
import { histogramSchema } from '../metrics/log/schema.ts';
import { outcomes } from '../metrics/outcome.ts';
import { comparedPercentiles } from './tolerances.ts';

/** Raised when a reader of the old files would misread the new ones. */
export const baselineSchema = 1;

/** Number of sections of the judged phases: K of the comparison. */
export const sectionsPerRun = 10;

const count = z.number().int().nonnegative();
const outcomeCounts = z.partialRecord(z.enum(outcomes), count);
/** `null`: nothing was measured, or the percentile is among requests that did not end ok. */
const latencyMs = z.number().nonnegative().nullable();

/** A run's figures as in its file. Percentiles are over all scheduled requests. */
export const storedFiguresSchema = z.object({
  avg_latency_ms: latencyMs,
  median_latency_ms: latencyMs,
  p95_latency_ms: latencyMs,
  p99_latency_ms: latencyMs,
  error_rate_pct: z.number().min(0).max(100),
  /** Requests that ended in the judged phases, per second. */
  rps: z.number().nonnegative(),
  total_requests: count,
  total_failures: count,
});
export type StoredFigures = z.infer<typeof storedFiguresSchema>;

type StoredLatency = keyof StoredFigures & `${string}_latency_ms`;

/** ∞ if it is among requests that did not end ok; `undefined` if there were no requests. */
export function storedMs(figures: StoredFigures, name: StoredLatency): number | undefined {
  return figures[name] ?? (figures.total_requests > 0 ? Infinity : undefined);
}

/** The five seconds with the most errors: the times of the first and the last. */
const densestErrorsSchema = z.object({
  startMs: z.number(),
  endMs: z.number(),
  errors: count,
});

const overviewSchema = z.object({
  figures: storedFiguresSchema,
  /** Requests per second that ended ok in the judged phases, and that were scheduled in them. */
  okPerSecond: z.number().nonnegative(),
  scheduledPerSecond: z.number().nonnegative(),
  /** Absent if there was no error. */
  densestErrors: densestErrorsSchema.optional(),
});

const sectionSchema = z.object({
  startMs: z.number(),
  endMs: z.number(),
  /** Only if it is shorter than from start to end, because a ramp lies in between. */
  judgedMs: z.number().positive().exactOptional(),
  /** How late this machine started requests, p50. Absent if it was in time. */
  lagP50Ms: z.number().nonnegative().exactOptional(),
  outcomes: outcomeCounts,
  /** µs. */
  responseTime: histogramSchema,
});

const baselineTaskSchema = overviewSchema.extend({
  name: z.string().min(1),
  /** How late this machine started requests, at the compared percentiles. Absent if it was in time. */
  lagMs: z.partialRecord(z.enum(comparedPercentiles), z.number().nonnegative()).exactOptional(),
  sections: z.array(sectionSchema).min(1).max(sectionsPerRun),
});
export type BaselineTask = z.infer<typeof baselineTaskSchema>;

/** Must be equal for two runs to be comparable: what was sent, when, and to what kind of target. */
const planKeySchema = z.record(z.string(), z.json());
export type PlanKey = z.infer<typeof planKeySchema>;

export const baselineRunSchema = z.object({
  schema: z.literal(baselineSchema),
  runId: z.string().min(1),
  testId: z.string().min(1),
  /** UTC, ISO 8601. */
  startedAt: z.iso.datetime(),
  environment: z.string().min(1),
  plan: planKeySchema,
  /** A difference here is only noted. */
  made: z.object({
    cpu: z.string(),
    host: z.string(),
    node: z.string(),
    suite: z.string(),
    /** The suite's commit, if it was known. */
    commit: z.string().exactOptional(),
    seed: z.number(),
  }),
  /**
   * True for an open model: arrivals do not wait for answers, so throughput is judged as achieved over
   * offered.
   */
  openModel: z.boolean(),
  judgedMs: z.number().positive(),
  /** The generator's lag, p99; `null` if it was not recorded. */
  generatorLagP99Ms: latencyMs,
  /** Over all tasks. Its sections are those of the tasks, merged. */
  all: overviewSchema,
  tasks: z.array(baselineTaskSchema).min(1),
});
export type BaselineRun = z.infer<typeof baselineRunSchema>;
