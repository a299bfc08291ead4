/** `comparison.json`: what the comparisons of a run found, for what acts on it. Schema-versioned. */
import { z } from 'zod';
import type { MetricComparison } from './comparison.ts';
import { readJsonFile } from './read-json.ts';
import { refuseNewer } from './plain-figures.ts';

/** Grows when a reader of the old file would misread the new one. */
export const comparisonSchema = 1;

/** A test that was compared, and how to do it again. */
export interface ComparedTest {
  /** As the comparisons name it. */
  readonly test: string;
  /** Where its baseline comes from, for a reader: `baselines/ci/…json, 5 runs`. */
  readonly baseline: string;
  /** The command that runs the same test again. */
  readonly rerun: string;
}

export interface RunComparison {
  readonly schema: typeof comparisonSchema;
  readonly runId: string;
  /** Whose baselines these are: `local`, `ci`, … */
  readonly environment: string;
  /** By which rule: `off` is the plain threshold rule, `by test` is several. */
  readonly significance: string;
  readonly tests: readonly ComparedTest[];
  readonly comparisons: readonly MetricComparison[];
  /** What a reader should know of the comparison as a whole. */
  readonly notes: readonly string[];
}

/** JSON has no ∞ and no NaN: they are text and nothing. */
const figure = z.union([z.number(), z.literal('Infinity').transform(() => Infinity)]).optional();

const verdicts = [
  'pass',
  'improved',
  'provisional',
  'inconclusive',
  'incomparable',
  'no-data',
  'regression',
  'critical',
  'saturated',
] as const satisfies readonly MetricComparison['verdict'][];

const metricSchema = z.object({
  test: z.string().min(1),
  task: z.string().min(1).exactOptional(),
  metric: z.string().min(1),
  unit: z.enum(['ms', 'share', 'per second', 'count']),
  baseline: figure,
  observed: figure,
  verdict: z.enum(verdicts),
  tolerance: z.string(),
  evidence: z.string(),
  pValue: z.number().min(0).max(1).exactOptional(),
  smallestDetectable: z.number().exactOptional(),
});

const fileSchema = z.object({
  schema: z.literal(comparisonSchema),
  runId: z.string().min(1),
  environment: z.string().min(1),
  significance: z.string().min(1),
  tests: z.array(z.object({ test: z.string().min(1), baseline: z.string(), rerun: z.string() })),
  comparisons: z.array(metricSchema),
  notes: z.array(z.string()),
});

/** Throws with the path, the field and what is accepted. */
export function readComparisonFile(path: string): RunComparison {
  return checked(readJsonFile(path), path);
}

/** The same of a text, with where it comes from. */
export function parseComparison(text: string, path: string): RunComparison {
  return checked(JSON.parse(text), path);
}

function checked(json: unknown, path: string): RunComparison {
  refuseNewer((json as { schema?: unknown } | null)?.schema, comparisonSchema, path);
  const parsed = fileSchema.safeParse(json);
  if (parsed.success) {
    const { comparisons, ...rest } = parsed.data;
    // A figure that is not in the file is known to be unknown.
    return {
      ...rest,
      comparisons: comparisons.map((one) => ({
        ...one,
        baseline: one.baseline,
        observed: one.observed,
      })),
    };
  }
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw new Error(`${path}: ${field === '' ? '' : `${field}: `}${issue?.message ?? 'not read'}`);
}

export function comparisonText(comparison: RunComparison): string {
  const replaced = (_: string, value: unknown): unknown => {
    if (typeof value !== 'number' || Number.isFinite(value)) return value;
    return Number.isNaN(value) ? undefined : String(value);
  };
  return `${JSON.stringify(comparison, replaced, 2)}\n`;
}
