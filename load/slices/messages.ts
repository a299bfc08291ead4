/**
 * The messages between slices and their coordinator: lines of JSON in both directions on one request,
 * which stays open as long as a test runs. A broken connection or a silence means a lost slice.
 */
import { z } from 'zod';
import { sliceLossSchema } from '../metrics/log/slices-in-log.ts';
import type { Clock, Timer } from '../platform/clock.ts';

/** The path to which a slice posts its request. */
export const sessionPath = '/slices';

/** In characters. */
export const longestReason = 2000;
const reason = z.string().max(longestReason);
const target = z.object({
  url: z.string().max(2000),
  kind: z.enum(['real', 'reference', 'given']),
  /** The machine of the slice that provides it, to which a loopback address refers. */
  host: z.string().max(300),
  pid: z.number().int().positive().optional(),
});
/** The system under test, as the first slice gives it to the others. */
export type SharedTarget = z.infer<typeof target>;

export const fromSliceSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    runId: z.string().max(200),
    slice: z.object({ index: z.number().int().min(1), count: z.number().int().min(1).max(10_000) }),
    /** The slice's current test; the same text in every slice. */
    test: z.string().max(2000),
    host: z.string().max(300),
    pid: z.number().int(),
  }),
  z.object({ type: z.literal('ping'), n: z.number() }),
  z.object({ type: z.literal('target'), target }),
  /** The slice is about to start; `plan` is a fingerprint that is the same in every slice. */
  z.object({ type: z.literal('ready'), load: z.number().int().min(1), plan: z.string().max(200) }),
  /** The load of all slices must end, or not begin: this slice had an error, or its run was interrupted. */
  z.object({ type: z.literal('failed'), kind: z.enum(['failed', 'interrupted']), reason }),
  z.object({ type: z.literal('leave') }),
  z.object({ type: z.literal('heartbeat') }),
]);
export type FromSlice = z.infer<typeof fromSliceSchema>;

export const fromCoordinatorSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('pong'), n: z.number(), epochMs: z.number() }),
  z.object({ type: z.literal('target'), target }),
  z.object({ type: z.literal('start'), load: z.number(), epochMs: z.number() }),
  /** Not all slices are there: no load begins, and the current one ends. */
  z.object({ type: z.literal('lost'), loss: sliceLossSchema.extend({ reason }) }),
  z.object({ type: z.literal('allLeft') }),
  z.object({ type: z.literal('heartbeat') }),
]);
export type FromCoordinator = z.infer<typeof fromCoordinatorSchema>;

const longestLine = 64 * 1024;

/** Splits chunks into lines and passes each to `onMessage`. Throws if one does not match the schema. */
export function messageReader<T>(
  schema: z.ZodType<T>,
  onMessage: (message: T) => void,
): (chunk: string) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > longestLine) throw new Error('a line without an end');
    for (const line of lines) onMessage(schema.parse(JSON.parse(line)));
  };
}

export function messageLine(message: FromSlice | FromCoordinator): string {
  return `${JSON.stringify(message)}\n`;
}

const heartbeatMs = 1000;
const silenceLimitMs = 5000;

/**
 * Sends at least one message per second, and notices if the other side has sent nothing for 5 s, which
 * counts as lost. Starts at once.
 */
export class Heartbeat {
  private readonly clock: Clock;
  private readonly send: () => void;
  private readonly onSilence: (text: string) => void;
  private heardMs: number;
  private timer: Timer | undefined;

  constructor(clock: Clock, send: () => void, onSilence: (text: string) => void) {
    this.clock = clock;
    this.send = send;
    this.onSilence = onSilence;
    this.heardMs = clock.now();
    this.beat();
  }

  /** Call it when something came from the other side. */
  heard(): void {
    this.heardMs = this.clock.now();
  }

  stop(): void {
    if (this.timer !== undefined) this.clock.cancel(this.timer);
  }

  private beat(): void {
    const { clock } = this;
    this.timer = clock.at(clock.now() + heartbeatMs, () => {
      if (clock.now() - this.heardMs > silenceLimitMs) {
        this.onSilence(`silent for ${silenceLimitMs / 1000} s`);
        return;
      }
      this.send();
      this.beat();
    });
  }
}
