/** Parses the options of workloads: zod types for durations, rates and counts, with clear errors. */
import { z } from 'zod';
import { parseDurationMs, parseRatePerSecond } from '../platform/duration.ts';
import { reasonOf } from '../platform/words.ts';
import { knownKeys, wrongFields } from '../platform/wrong-fields.ts';
import type { ThinkTime } from './think-time.ts';

/** Duration text or milliseconds, above 0. */
export const duration = converted((value) => aboveZero(parseDurationMs(value, ''), value));

/** Rate text or a number per second, above 0. */
export const rate = converted((value) => aboveZero(parseRatePerSecond(value, ''), value));

/** Rate text or a number per second; 0 allowed. */
export const rateOrZero = converted((value) => parseRatePerSecond(value, ''));

const ms = z.number().min(0);

export const thinkTime: z.ZodType<ThinkTime> = z.discriminatedUnion(
  'kind',
  [
    z.object({ kind: z.literal('uniform'), fromMs: ms, toMs: ms }),
    z.object({ kind: z.literal('pacing'), everyMs: ms }),
  ],
  { error: 'accepted is what between(), constant() or pacing() make' },
);

export const userCount = z.number().int().min(1).max(1_000_000);
export const userCountOrZero = z.number().int().min(0).max(1_000_000);

/** The schema of an object with these fields and no others. */
export function optionsOf<S extends z.ZodRawShape>(shape: S) {
  return z.strictObject(shape, { error: knownKeys(Object.keys(shape)) });
}

/** Parses the options, or throws one error with the workload, the field, the value and what is accepted. */
export function parseWorkload<T>(name: string, schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new Error(wrongFields(name, parsed.error, input).join('\n'));
}

function converted(convert: (value: unknown) => number) {
  return z.unknown().transform((value, context) => {
    try {
      return convert(value);
    } catch (error) {
      context.addIssue(reasonOf(error).replace(/^: /, ''));
      return z.NEVER;
    }
  });
}

function aboveZero(value: number, text: unknown): number {
  if (value > 0) return value;
  throw new Error(`${JSON.stringify(text)}: must be above 0`);
}
