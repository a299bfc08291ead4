/** The edge where workloads come in: zod types for durations, rates and counts, with clear errors. */
import { z } from 'zod';
import { parseDurationMs, parseRatePerSecond } from '../duration.ts';

/** Duration text or milliseconds, above 0. */
export const duration = z.union([z.string(), z.number()]).transform((value, context) => {
  return converted(context, () => aboveZero(parseDurationMs(value, ''), value));
});

/** Rate text or a number per second, above 0. */
export const rate = z.union([z.string(), z.number()]).transform((value, context) => {
  return converted(context, () => aboveZero(parseRatePerSecond(value, ''), value));
});

/** Rate text or a number per second; 0 allowed. */
export const rateOrZero = z.union([z.string(), z.number()]).transform((value, context) => {
  return converted(context, () => parseRatePerSecond(value, ''));
});

export const userCount = z.number().int().min(1).max(1_000_000);
export const userCountOrZero = z.number().int().min(0).max(1_000_000);

/** Parses or throws one error that names the workload, the field, the value and what is accepted. */
export function parseWorkload<T>(name: string, schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => {
    const field = issue.path.join('.');
    return `${name}${field === '' ? '' : `.${field}`}: ${issue.message} (got ${show(valueAt(input, issue.path))})`;
  });
  throw new Error(lines.join('\n'));
}

function converted(context: z.core.$RefinementCtx, convert: () => number): number {
  try {
    return convert();
  } catch (error) {
    context.issues.push({
      code: 'custom',
      message: (error as Error).message.replace(/^: /, ''),
      input: context.value,
    });
    return z.NEVER;
  }
}

function aboveZero(value: number, text: string | number): number {
  if (value > 0) return value;
  throw new Error(`${JSON.stringify(text)}: must be above 0`);
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    input,
  );
}

function show(value: unknown): string {
  const isText = typeof value === 'string' || (typeof value === 'object' && value !== null);
  return isText ? JSON.stringify(value) : String(value as number | undefined);
}
