/** One reading of the system's monitor, as in the interval log. */
import { z } from 'zod';

const ms = z.number();

const ratioSchema = z.object({
  part: z.number(),
  whole: z.number(),
  /**
   * Set if the part comes from percentages that the system rounds: the most decimals seen so far, and the
   * totals of the percentage before and after the span.
   */
  rounded: z.object({ decimals: z.number(), before: z.number(), after: z.number() }).optional(),
});
export type Ratio = z.infer<typeof ratioSchema>;

const readingSchema = z.object({
  /** Where it was read: `/metrics`, `host`, `process`. */
  source: z.string(),
  /** Start of the span of the ratios: the time of the last valid reading. */
  fromMs: ms,
  toMs: ms,
  /** By figure: what was counted in the span. Spans are added up before the division. */
  ratios: z.record(z.string(), ratioSchema).optional(),
  /** Levels at the end of the span. */
  gauges: z.record(z.string(), z.number()).optional(),
  /** By figure, or `*` for all: why it is unknown. */
  unknown: z.record(z.string(), z.string()).optional(),
});
export type Reading = z.infer<typeof readingSchema>;

export const monitorSchema = z.looseObject({ readings: z.array(readingSchema).optional() });
