/**
 * What slices and their coordinator say to each other: lines of JSON, both ways at once, on one request
 * that is held for as long as a test runs. A line that breaks off, or a silence, is a slice that is lost.
 */
import { z } from 'zod';
import { sliceLossSchema } from '../metrics/log/slices-in-log.ts';
import type { Clock, Timer } from '../platform/clock.ts';

/** Where a slice posts its request. */
export const sessionPath = '/slices';

/** In characters. */
export const longestReason = 2000;
const reason = z.string().max(longestReason);
const target = z.object({
  url: z.string().max(2000),
  kind: z.enum(['real', 'reference', 'given']),
  /** The machine of the slice that gives it: loopback is there. */
  host: z.string().max(300),
  pid: z.number().int().positive().optional(),
});
/** The system under test, as the first slice hands it to the others. */
export type SharedTarget = z.infer<typeof target>;

export const fromSliceSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    runId: z.string().max(200),
    slice: z.object({ index: z.number().int().min(1), count: z.number().int().min(1).max(10_000) }),
    /** Which test it is in, the same words in every slice. */
    test: z.string().max(2000),
    host: z.string().max(300),
    pid: z.number().int(),
  }),
  z.object({ type: z.literal('ping'), n: z.number() }),
  z.object({ type: z.literal('target'), target }),
  /** About to load; `plan`: a fingerprint that is the same in every slice. */
  z.object({ type: z.literal('ready'), load: z.number().int().min(1), plan: z.string().max(200) }),
  /** The load of all must end, or not begin: something went wrong here, or somebody ended this run. */
  z.object({ type: z.literal('failed'), kind: z.enum(['failed', 'interrupted']), reason }),
  z.object({ type: z.literal('leave') }),
  z.object({ type: z.literal('heartbeat') }),
]);
export type FromSlice = z.infer<typeof fromSliceSchema>;

export const fromCoordinatorSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('pong'), n: z.number(), epochMs: z.number() }),
  z.object({ type: z.literal('target'), target }),
  z.object({ type: z.literal('start'), load: z.number(), epochMs: z.number() }),
  /** Not all slices are there any more, or ever were: no load begins, and the one under way ends. */
  z.object({ type: z.literal('lost'), loss: sliceLossSchema.extend({ reason }) }),
  z.object({ type: z.literal('allLeft') }),
  z.object({ type: z.literal('heartbeat') }),
]);
export type FromCoordinator = z.infer<typeof fromCoordinatorSchema>;

const longestLine = 64 * 1024;

/** Puts chunks together into lines and hands each to `onMessage`. Throws where one is none of the schema. */
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
 * Keeps one connection from being silent, and tells when its other end is: each side says something at
 * least once a second, and one that has said nothing for 5 s is taken for lost. Begins at once.
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

  /** Something came from the other side. */
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
