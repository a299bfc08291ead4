/** Single requests in the log: each interval has a few examples behind its figures. */
import { z } from 'zod';
import { outcomes } from '../outcome.ts';

const ms = z.number();
const count = z.number().int().nonnegative();

/**
 * Why a request is in the log. `slowest`: the slowest of its task that ended in the interval. `failed`:
 * the first of its kind of error in the interval. `sampled`: sent by one of the few users whose requests
 * are all logged.
 */
const reasons = ['slowest', 'failed', 'sampled'] as const;
export type RequestReason = (typeof reasons)[number];

export const requestSchema = z.object({
  why: z.array(z.enum(reasons)),
  /** Default: the first. */
  stream: count.optional(),
  task: z.string(),
  request: z.string(),
  /** Number of the virtual user. Missing if no user had begun the request. */
  user: count.optional(),
  scheduledMs: ms,
  /** Missing if it was never sent or did not end. */
  startedMs: ms.optional(),
  endedMs: ms.optional(),
  outcome: z.enum(outcomes),
  /** The kind of error, if it did not end ok. */
  kind: z.string().optional(),
  /** The text of the error, secrets removed, at most 200 characters. */
  detail: z.string().optional(),
  /** The trace id that was sent with it or came with its answer. */
  trace: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  /** For a stream: time to first token, and the number of tokens. */
  ttftMs: ms.optional(),
  tokens: count.optional(),
});
export type RequestRecord = z.infer<typeof requestSchema>;
