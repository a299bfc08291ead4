/** What the monitor read of the system under test, as it stands in the interval log. */
import { z } from 'zod';

const ms = z.number();

export const readingSchema = z.object({
  /** Where it was read: `/metrics`, `host`, `process`. */
  source: z.string(),
  /** The span that the ratios are about: since the last reading that was understood. */
  fromMs: ms,
  toMs: ms,
  /** By figure: what was counted in the span. Spans are added up before they are divided. */
  ratios: z.record(z.string(), z.object({ part: z.number(), whole: z.number() })).optional(),
  /** Levels as they stood at the end of the span. */
  gauges: z.record(z.string(), z.number()).optional(),
  /** By figure, or `*` for all: why it is not known. */
  unknown: z.record(z.string(), z.string()).optional(),
});
export type Reading = z.infer<typeof readingSchema>;
export type Ratio = NonNullable<Reading['ratios']>[string];

export const monitorSchema = z.looseObject({ readings: z.array(readingSchema).optional() });
