/**
 * The benchmark has parts, each with bounds for its figures. Start reading in run.ts, which lists them. A
 * part that is disturbed by this machine, or fails, is not measured; the others are.
 */

export interface Bound {
  readonly what: string;
  readonly value: number;
  readonly limit: number;
  readonly unit: '×' | 'kB' | 'MB' | 'ms' | 's' | 'rows' | 'cores';
  /** True if `limit` is a lower bound instead of an upper one. */
  readonly isLeast?: boolean;
}

/** Prints a line. */
export type Say = (line: string) => void;

/** Measures. Its result is written to the file of figures. Throws if it could not measure. */
export type Part = (say: Say) => Promise<{ readonly bounds: readonly Bound[] }>;

export interface Measured {
  /** By the name of the part. */
  readonly figures: Readonly<Record<string, Awaited<ReturnType<Part>>>>;
  /** Why a part was not measured, by its name. */
  readonly notMeasured: Readonly<Record<string, string>>;
}

/** Runs the parts one after another, even if some fail. */
export async function measureParts(
  parts: Readonly<Record<string, Part>>,
  say: Say,
): Promise<Measured> {
  const figures: Record<string, Awaited<ReturnType<Part>>> = {};
  const notMeasured: Record<string, string> = {};
  for (const [name, measure] of Object.entries(parts)) {
    try {
      figures[name] = await measure(say);
    } catch (error) {
      notMeasured[name] = error instanceof Error ? error.message : String(error);
      say(`NOT MEASURED  ${name}: ${notMeasured[name]}`);
    }
  }
  return { figures, notMeasured };
}

export function isKept({ value, limit, isLeast = false }: Bound): boolean {
  return isLeast ? value >= limit : value <= limit;
}

/** Each bound with its result, then the parts that were not measured. */
export function verdictLines({ figures, notMeasured }: Measured): string[] {
  const bounds = Object.values(figures).flatMap((found) => found.bounds);
  const lines = bounds.map((bound) => {
    const { what, value, limit, unit, isLeast = false } = bound;
    const held = `${value.toFixed(2)} ${unit}, at ${isLeast ? 'least' : 'most'} ${limit} ${unit}`;
    return `${isKept(bound) ? 'kept  ' : 'BROKEN'}  ${what}: ${held}`;
  });
  const missing = Object.entries(notMeasured).map(([name, why]) => `NOT MEASURED  ${name}: ${why}`);
  if (missing.length === 0) return lines;
  return [...lines, ...missing, `${missing.length} of the parts not measured`];
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
