/** What an interval log says of slices: of the one that wrote it, or of those it was merged from. */
import { z } from 'zod';

const ms = z.number();
const count = z.number().int().nonnegative();

/** A clock against the coordinator's: positive where it is ahead; half the round trip is its error. */
export const clockOffsetSchema = z.object({ offsetMs: ms, roundTripMs: ms });
export type ClockOffset = z.infer<typeof clockOffsetSchema>;

const mergedSliceSchema = z.object({
  index: count,
  host: z.string(),
  pid: count.optional(),
  startedAtEpochMs: ms,
  clock: clockOffsetSchema.optional(),
});

/** The slices that a merged log is made of, out of `count`. */
export const mergedSlicesSchema = z.object({ count, slices: z.array(mergedSliceSchema) });

/**
 * Why the slices of a load don't run it together (any more). `interrupted`: somebody ended the run of one;
 * `failed`: it broke by itself; `lost`: it died or fell silent; `absent`: it never came; `left`: it went
 * without the load; `unlike`: it was about to run another load; `refused`: the coordinator did not let it in;
 * `coordinator`: that itself was lost.
 */
export const sliceLossSchema = z.object({
  kind: z.enum([
    'interrupted',
    'failed',
    'lost',
    'absent',
    'left',
    'unlike',
    'refused',
    'coordinator',
  ]),
  /** Numbers of the slices at fault; none where it was the coordinator. */
  slices: z.array(count),
  /** For a reader, with the names of the slices. */
  reason: z.string(),
});
export type SliceLoss = z.infer<typeof sliceLossSchema>;

const sliceFindingSchema = z.object({
  rule: z.string(),
  observed: z.number(),
  limit: z.number(),
  text: z.string(),
  atMs: ms.optional(),
  /** Numbers of the slices that it is about; missing where it is about all of them together. */
  slices: z.array(count).optional(),
  /** Why these slices ended before the load did. */
  loss: sliceLossSchema.optional(),
});
export type SliceFinding = z.infer<typeof sliceFindingSchema>;

/** What the merge found. `areWhole`: every slice was there, from its first line to its last. */
export const sliceFindingsSchema = z.object({
  areWhole: z.boolean(),
  invalid: z.array(sliceFindingSchema),
  flags: z.array(sliceFindingSchema),
});
