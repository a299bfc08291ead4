/**
 * The benchmark is made of parts, each with bounds that its figures are held to. Start reading in run.ts,
 * which lists them. A part that this machine disturbs, or that fails, is not measured; the others are.
 */

export interface Bound {
  readonly what: string;
  readonly value: number;
  readonly limit: number;
  readonly unit: '×' | 'kB' | 'MB' | 'ms' | 's' | 'rows' | 'cores';
  /** `limit` is the least that it may be, not the most. */
  readonly isLeast?: boolean;
}

/** Takes a line for the reader. */
export type Say = (line: string) => void;

/** Measures; what it gives goes into the file of figures. Throws where it could not measure. */
export type Part = (say: Say) => Promise<{ readonly bounds: readonly Bound[] }>;

export interface Measured {
  /** By the name of the part. */
  readonly figures: Readonly<Record<string, Awaited<ReturnType<Part>>>>;
  /** Why a part was not measured, by its name. */
  readonly notMeasured: Readonly<Record<string, string>>;
}

/** One part after another, whatever becomes of each. */
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

/** Each bound with how it came out, then the parts that nothing can be said of. */
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
