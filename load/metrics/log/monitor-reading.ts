/** What the monitor read of the system under test, as it stands in the interval log. */
import { z } from 'zod';

const ms = z.number();

const ratioSchema = z.object({
  part: z.number(),
  whole: z.number(),
  /**
   * Where the part is of percentages that the system rounds: the most decimals that it has told so far, and
   * what the percentage was of before the span and after it.
   */
  rounded: z.object({ decimals: z.number(), before: z.number(), after: z.number() }).optional(),
});
export type Ratio = z.infer<typeof ratioSchema>;

export const readingSchema = z.object({
  /** Where it was read: `/metrics`, `host`, `process`. */
  source: z.string(),
  /** The span that the ratios are about: since the last reading that was understood. */
  fromMs: ms,
  toMs: ms,
  /** By figure: what was counted in the span. Spans are added up before they are divided. */
  ratios: z.record(z.string(), ratioSchema).optional(),
  /** Levels as they stood at the end of the span. */
  gauges: z.record(z.string(), z.number()).optional(),
  /** By figure, or `*` for all: why it is not known. */
  unknown: z.record(z.string(), z.string()).optional(),
});
export type Reading = z.infer<typeof readingSchema>;

export const monitorSchema = z.looseObject({ readings: z.array(readingSchema).optional() });
