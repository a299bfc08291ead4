/**
 * `comparison.json`: the findings of a run's comparisons, for further processing. Each test writes a file
 * into the run's folder, beside its interval log; together they are the run's comparison.
 */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { defined } from '../platform/defined.ts';
import { figuresJson, readJsonFile, refuseNewer } from '../platform/json-file.ts';
import { fileStem, writeWhole } from '../platform/whole-file.ts';
import type { MetricComparison } from './comparison.ts';
import { controlFalseAlarms } from './false-alarms.ts';

/** Raised when a reader of the old file would misread the new one. */
export const comparisonSchema = 1;

/** A compared test, and how to repeat it. */
export interface ComparedTest {
  /** The name of the test in the comparisons. */
  readonly test: string;
  /** Where its baseline comes from: `baselines/ci/…json, 5 runs`. */
  readonly baseline: string;
  /** The command that repeats the test. */
  readonly rerun: string;
}

export interface RunComparison {
  readonly schema: typeof comparisonSchema;
  readonly runId: string;
  /** The environment of the baselines: `local`, `ci`, … */
  readonly environment: string;
  /** The rule: `off` is the plain threshold rule, `by test` means several rules. */
  readonly significance: string;
  readonly tests: readonly ComparedTest[];
  readonly comparisons: readonly MetricComparison[];
  /** For plain figures only: a sentence for each part of the baseline that was not compared. */
  readonly missing?: readonly string[];
  /** Notes on the comparison as a whole. */
  readonly notes: readonly string[];
  /** Why a test was slow, if its load shows it: a paragraph for each finding. */
  readonly causes?: readonly { readonly test: string; readonly text: string }[];
}

/** Numbers as `figuresJson` writes them: ∞ as text; missing or `null` without a value. */
const figure = z
  .union([z.number(), z.literal('Infinity').transform(() => Infinity), z.null()])
  .optional()
  .transform((value) => value ?? undefined);

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
  baselineRange: z.tuple([z.number(), z.number()]).exactOptional(),
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
  tests: z.array(z.object({ test: fileStem, baseline: z.string(), rerun: z.string() })),
  comparisons: z.array(metricSchema),
  missing: z.array(z.string()).exactOptional(),
  notes: z.array(z.string()),
  causes: z.array(z.object({ test: z.string(), text: z.string() })).exactOptional(),
});

/** Throws with the path, the field and what is accepted. */
export function readComparisonFile(path: string): RunComparison {
  return checked(readJsonFile(path), path);
}

/** Parses a text. `path` is where it comes from. */
export function parseComparison(text: string, path: string): RunComparison {
  return checked(JSON.parse(text), path);
}

function checked(json: unknown, path: string): RunComparison {
  refuseNewer((json as { schema?: unknown } | null)?.schema, comparisonSchema, path);
  const parsed = fileSchema.safeParse(json);
  if (parsed.success) {
    const { comparisons, ...rest } = parsed.data;
    // A figure that is missing in the file is known to be unknown.
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

const suffix = '.comparison.json';

/** All findings of the run's tests so far; undefined if none was compared. */
export function comparisonOfRun(folder: string): RunComparison | undefined {
  const files = pathsIn(folder).map((path) => ({ path, comparison: readComparisonFile(path) }));
  return files.length === 0 ? undefined : joinRuns(files);
}

/** Writes the findings of one test under a free name, since a test may be repeated. */
export function leaveComparison(folder: string, testId: string, found: RunComparison): void {
  mkdirSync(folder, { recursive: true });
  let path = join(folder, `${testId}${suffix}`);
  for (let load = 2; existsSync(path); load++) path = join(folder, `${testId}.${load}${suffix}`);
  writeWhole(path, figuresJson(found));
}

/** Removes the findings of these tests, before they are compared again. */
export function removeComparisons(folder: string, testIds: ReadonlySet<string>): void {
  for (const path of pathsIn(folder)) {
    const { tests } = readComparisonFile(path);
    if (tests.some(({ test }) => testIds.has(test))) rmSync(path);
  }
}

/**
 * Filters a test's findings together with those of the run so far: the more is compared, the stronger the
 * evidence must be. (The first tests of a run are judged with fewer others than the last.)
 */
export function amongThoseOfRun(
  folder: string,
  own: readonly MetricComparison[],
): readonly MetricComparison[] {
  const earlier = comparisonOfRun(folder)?.comparisons ?? [];
  return controlFalseAlarms([...earlier, ...own]).slice(earlier.length);
}

function pathsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(suffix))
    .sort()
    .map((name) => join(folder, name));
}

export interface ComparisonOfFile {
  readonly path: string;
  readonly comparison: RunComparison;
}

/** The rule of a run whose tests were compared by different rules. */
export const severalRules = 'by test';

/** Throws if the files do not belong to one run and the same baselines. */
export function joinRuns(files: readonly ComparisonOfFile[]): RunComparison {
  const [first, ...others] = files;
  if (first === undefined) throw new Error('no comparison to join');
  for (const { path, comparison } of others) {
    refuseOther(path, comparison, first, ['runId', 'environment']);
  }
  const causes = files.flatMap(({ comparison }) => comparison.causes ?? []);
  const rules = new Set(files.map(({ comparison }) => comparison.significance));
  const missing = files.flatMap(({ comparison }) => comparison.missing ?? []);
  return {
    ...first.comparison,
    significance: rules.size === 1 ? first.comparison.significance : severalRules,
    tests: files.flatMap(({ comparison }) => comparison.tests),
    comparisons: files.flatMap(({ comparison }) => comparison.comparisons),
    ...defined({ missing: missing.length === 0 ? undefined : missing }),
    notes: [...new Set(files.flatMap(({ comparison }) => comparison.notes))],
    ...defined({ causes: causes.length === 0 ? undefined : causes }),
  };
}

/** Throws if the rerun confirms nothing: it is the same run, or has other baselines. */
export function refuseNoRerun(rerun: ComparisonOfFile, run: ComparisonOfFile): void {
  refuseOther(rerun.path, rerun.comparison, run, ['environment']);
  if (rerun.comparison.runId !== run.comparison.runId) return;
  throw new Error(
    `${rerun.path}: is of the same run as ${run.path} (${run.comparison.runId}); ` +
      'accepted is the comparison of another run of the same tests',
  );
}

type Key = 'runId' | 'environment';

function refuseOther(
  path: string,
  comparison: RunComparison,
  known: ComparisonOfFile,
  keys: readonly Key[],
): void {
  for (const key of keys) {
    if (comparison[key] === known.comparison[key]) continue;
    throw new Error(
      `${path}: ${key} is ${JSON.stringify(comparison[key])}, and ` +
        `${JSON.stringify(known.comparison[key])} in ${known.path}; accepted is the same`,
    );
  }
}
