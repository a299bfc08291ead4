/** An interval log names the slice that wrote it, or the slices that it was merged from. */
import { z } from 'zod';

const ms = z.number();
const count = z.number().int().nonnegative();

/** A clock's offset from the coordinator's, positive if it is ahead. The error is half of the round trip. */
export const clockOffsetSchema = z.object({ offsetMs: ms, roundTripMs: ms });
export type ClockOffset = z.infer<typeof clockOffsetSchema>;

const mergedSliceSchema = z.object({
  index: count,
  host: z.string(),
  pid: count.optional(),
  startedAtEpochMs: ms,
  clock: clockOffsetSchema.optional(),
});

/** The slices in a merged log, out of `count`. */
export const mergedSlicesSchema = z.object({ count, slices: z.array(mergedSliceSchema) });

/**
 * Why the slices of a load do not run it together. `interrupted`: the run of one was ended from outside;
 * `failed`: it failed by itself; `lost`: it died or stopped answering; `absent`: it never came; `left`:
 * it left before the load; `unlike`: it was about to run another load; `refused`: the coordinator did not
 * accept it; `coordinator`: the coordinator itself was lost.
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
  /** Numbers of the slices at fault; empty if it was the coordinator. */
  slices: z.array(count),
  /** In words, with the names of the slices. */
  reason: z.string(),
});
export type SliceLoss = z.infer<typeof sliceLossSchema>;

const sliceFindingSchema = z.object({
  rule: z.string(),
  observed: z.number(),
  limit: z.number(),
  text: z.string(),
  atMs: ms.optional(),
  /** Numbers of the slices concerned. Missing if it concerns all of them together. */
  slices: z.array(count).optional(),
  /** Why these slices ended before the load did. */
  loss: sliceLossSchema.optional(),
});
export type SliceFinding = z.infer<typeof sliceFindingSchema>;

/** Findings of the merge. `areWhole`: every slice was there, from its first line to its last. */
export const sliceFindingsSchema = z.object({
  areWhole: z.boolean(),
  invalid: z.array(sliceFindingSchema),
  flags: z.array(sliceFindingSchema),
});
