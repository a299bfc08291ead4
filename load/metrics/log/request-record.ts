/** Single requests, as an interval of the log tells of a few: what a reader wants to see behind the figures. */
import { z } from 'zod';
import { outcomes } from '../outcome.ts';

const ms = z.number();
const count = z.number().int().nonnegative();

/**
 * Why a request is told of. `slowest`: no other of its task took longer that ended in the interval. `failed`: the
 * first of its kind of error there. `sampled`: it is of one of a few users, all of whose requests are told.
 */
const reasons = ['slowest', 'failed', 'sampled'] as const;
export type RequestReason = (typeof reasons)[number];

export const requestSchema = z.object({
  why: z.array(z.enum(reasons)),
  /** Default the first. */
  stream: count.optional(),
  task: z.string(),
  request: z.string(),
  /** Number of the virtual user; missing where none had begun it. */
  user: count.optional(),
  scheduledMs: ms,
  /** Missing where it was never sent, or did not end. */
  startedMs: ms.optional(),
  endedMs: ms.optional(),
  outcome: z.enum(outcomes),
  /** The error's kind, where it did not end ok … */
  kind: z.string().optional(),
  /** … and what was seen, secrets removed, at most 200 characters. */
  detail: z.string().optional(),
  /** The trace id that was sent with it, or that its answer told. */
  trace: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  /** A stream's time to its first token, and how many it had. */
  ttftMs: ms.optional(),
  tokens: count.optional(),
});
export type RequestRecord = z.infer<typeof requestSchema>;
