/**
 * A round of a pair, as it stands in the pair's log: what each side answered, in histograms, so that any
 * percentile can be asked of it later. Sides are told apart by their place, A before B; in a control both are
 * processes of one build.
 */
import { z } from 'zod';
import { Histogram } from '../metrics/histogram.ts';
import { errorSchema, histogramSchema } from '../metrics/log/schema.ts';
import { addOutcomes, outcomes, scheduledOf, type OutcomeCounts } from '../metrics/outcome.ts';

const count = z.number().int().nonnegative();
const outcomeCounts = z.partialRecord(z.enum(outcomes), count);

/** Requests that went out as the first of their twins, or as the second. */
const twinSchema = z.object({
  outcomes: outcomeCounts,
  responseTime: histogramSchema,
  /** Only where answers are streamed. */
  ttft: histogramSchema.optional(),
});
export type Twins = z.infer<typeof twinSchema>;

const sideSchema = z.object({
  url: z.string(),
  first: twinSchema,
  second: twinSchema,
  errors: z.array(errorSchema),
  /** Bytes of the answers, by name of the request. */
  answers: z.record(z.string(), z.object({ count, bytes: z.number() })),
  /** What was unanswered as each turn ended. */
  unanswered: z.array(count),
  /** Turns after which it was not through in time. */
  overruns: count,
  /** How late this machine sent requests, on average, in ms. */
  lagMs: z.number(),
});
export type SideRound = z.infer<typeof sideSchema>;

/** The builds on the places A and B; equal ones are a control. */
const buildSchema = z.enum(['A', 'B']);
export type Build = z.infer<typeof buildSchema>;

export const roundSchema = z.object({
  type: z.literal('round'),
  /** From 1, controls among them. */
  number: count,
  builds: z.tuple([buildSchema, buildSchema]),
  startedAtMs: z.number(),
  endedAtMs: z.number(),
  /** Time for which each side was measured, of its own. */
  measuredMs: z.number(),
  sides: z.tuple([sideSchema, sideSchema]),
  /** What spoils the round as a whole. */
  faults: z.array(z.string()),
});
export type Round = z.infer<typeof roundSchema>;

export function isControl({ builds: [a, b] }: Pick<Round, 'builds'>): boolean {
  return a === b;
}

/** Both twins of a side as one. */
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
