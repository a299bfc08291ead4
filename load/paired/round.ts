/**
 * A round of a pair, as in the pair's log: the answers of each side as histograms, from which any
 * percentile can be computed later. Sides are identified by their place, A before B. In a control both
 * are processes of one build.
 */
import { z } from 'zod';
import { Histogram } from '../metrics/histogram.ts';
import { errorSchema, histogramSchema } from '../metrics/log/schema.ts';
import { addOutcomes, outcomes, scheduledOf, type OutcomeCounts } from '../metrics/outcome.ts';

/** A round with too few requests is extended up to this many times its length. */
export const mostLengths = 10;

const count = z.number().int().nonnegative();
const outcomeCounts = z.partialRecord(z.enum(outcomes), count);

/** Requests of one part of a round, such as those that were sent as the first of their twins. */
const twinSchema = z.object({
  outcomes: outcomeCounts,
  responseTime: histogramSchema,
  /** Only if answers are streamed. */
  ttft: histogramSchema.optional(),
});
export type Twins = z.infer<typeof twinSchema>;

const sideSchema = z.object({
  url: z.string(),
  first: twinSchema,
  second: twinSchema,
  /** Before the measured turns. Missing in older logs. */
  beginning: twinSchema.optional(),
  errors: z.array(errorSchema),
  /** Bytes of the answers, by name of the request. */
  answers: z.record(z.string(), z.object({ count, bytes: z.number() })),
  /** How many iterations were unfinished at the end of each measured turn. */
  unanswered: z.array(count),
  /** Measured turns whose iterations were not finished in time. */
  overruns: count,
  /** The generator's lag, mean in ms. */
  lagMs: z.number(),
});
export type SideRound = z.infer<typeof sideSchema>;

/** The builds on the places A and B. In a control they are equal. */
const buildSchema = z.enum(['A', 'B']);
export type Build = z.infer<typeof buildSchema>;

export const roundSchema = z.object({
  type: z.literal('round'),
  /** From 1, including controls. */
  number: count,
  builds: z.tuple([buildSchema, buildSchema]),
  startedAtMs: z.number(),
  endedAtMs: z.number(),
  /** How long each side was measured, on its own clock. */
  measuredMs: z.number(),
  sides: z.tuple([sideSchema, sideSchema]),
  /** The reasons why the whole round is invalid. */
  faults: z.array(z.string()),
});
export type Round = z.infer<typeof roundSchema>;

export function isControl({ builds: [a, b] }: Pick<Round, 'builds'>): boolean {
  return a === b;
}

/** The totals of a side, over both kinds of twins. */
export interface SideTotal {
  readonly outcomes: OutcomeCounts;
  readonly scheduled: number;
  readonly responseTime: Histogram;
  readonly ttft: Histogram | undefined;
}

export function totalOf({ first, second }: Pick<SideRound, 'first' | 'second'>): SideTotal {
  const all = addOutcomes(first.outcomes, second.outcomes);
  const ttfts = [first.ttft, second.ttft].filter((one) => one !== undefined);
  return {
    outcomes: all,
    scheduled: scheduledOf(all),
    responseTime: merged([first.responseTime, second.responseTime]),
    ttft: ttfts.length === 0 ? undefined : merged(ttfts),
  };
}

function merged(parts: readonly Twins['responseTime'][]): Histogram {
  const sum = new Histogram();
  for (const part of parts) sum.add(part);
  return sum;
}
