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
export type MergedSlice = z.infer<typeof mergedSliceSchema>;

/** The slices that a merged log is made of, out of `count`. */
export const mergedSlicesSchema = z.object({ count, slices: z.array(mergedSliceSchema) });

const sliceFindingSchema = z.object({
  rule: z.string(),
  observed: z.number(),
  limit: z.number(),
  text: z.string(),
  atMs: ms.optional(),
});
export type SliceFinding = z.infer<typeof sliceFindingSchema>;

/** What the merge found. `areWhole`: every slice was there, from its first line to its last. */
export const sliceFindingsSchema = z.object({
  areWhole: z.boolean(),
  invalid: z.array(sliceFindingSchema),
  flags: z.array(sliceFindingSchema),
});
export type SliceFindings = z.infer<typeof sliceFindingsSchema>;
