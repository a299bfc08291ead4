/**
 * What slices and their coordinator say to each other: lines of JSON, both ways at once, on one request
 * that is held for as long as a test runs. A line that breaks off, or a silence, is a slice that is lost.
 */
import { z } from 'zod';

/** Both sides say something at least so often … */
export const beatMs = 1000;
/** … and are taken for lost when they have been silent for so long. */
export const silenceMs = 5000;

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
  /** Something went wrong here that ends the load of all. */
  z.object({ type: z.literal('failed'), reason }),
  z.object({ type: z.literal('leave') }),
  z.object({ type: z.literal('beat') }),
]);
export type FromSlice = z.infer<typeof fromSliceSchema>;

export const fromCoordinatorSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('pong'), n: z.number(), epochMs: z.number() }),
  z.object({ type: z.literal('target'), target }),
  z.object({ type: z.literal('start'), load: z.number(), epochMs: z.number() }),
  /** Not all slices are there any more, or ever were: no load begins, and the one under way ends. */
  z.object({ type: z.literal('broken'), reason }),
  z.object({ type: z.literal('allLeft') }),
  z.object({ type: z.literal('beat') }),
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
