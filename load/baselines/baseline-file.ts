/**
 * The file of one baseline: several runs of one test in one environment, committed and reviewed in git.
 * It is read as a whole or refused, and written as a whole or not at all.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { linesOfJson, readJsonFile, refuseNewer } from '../platform/json-file.ts';
import { writeWhole } from '../platform/whole-file.ts';
import { baselineRunSchema, baselineSchema, type BaselineRun } from './baseline-run.ts';

const baselineFileSchema = z.strictObject({
  schema: z.literal(baselineSchema),
  testId: z.string().min(1),
  environment: z.string().min(1),
  runs: z.array(baselineRunSchema).min(1),
});
export type BaselineFile = z.infer<typeof baselineFileSchema>;

interface BaselinePlace {
  readonly environment: string;
  /** The Playwright project. */
  readonly scenario: string;
  readonly system: string;
  readonly level: string;
}

/** `<folder>/<environment>/<project>/<system>-<level>.json` */
export function baselinePath(folder: string, place: BaselinePlace): string {
  const { environment, scenario, system, level } = place;
  return join(folder, environment, scenario, `${system}-${level}.json`);
}

/** Undefined if there is no file. Throws, with the path and what is wrong, if it cannot be read. */
export function readBaseline(path: string): BaselineFile | undefined {
  if (!existsSync(path)) return undefined;
  const value = readJsonFile(path);
  const version = z.object({ schema: z.number() }).safeParse(value).data?.schema;
  refuseNewer(version, baselineSchema, path);
  const file = baselineFileSchema.safeParse(value);
  if (file.success) return file.data;
  const [issue] = file.error.issues;
  throw new Error(
    `${path}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a baseline'}; ` +
      'restore it from git, or delete it and write it again with -u',
  );
}

/**
 * Adds a run: to the runs with the same run id (repetitions), replacing those of other run ids. If the
 * same run is merged again it replaces itself.
 */
export function withRun(file: BaselineFile | undefined, run: BaselineRun): BaselineFile {
  const { testId, environment, runId, startedAt } = run;
  const ofRun = file?.runs.filter((one) => one.runId === runId) ?? [];
  const repetitions = ofRun.filter((one) => one.startedAt !== startedAt);
  return { schema: baselineSchema, testId, environment, runs: [...repetitions, run] };
}

/** Throws, without changing the file, if the run could not be read back. */
export function writeBaseline(path: string, file: BaselineFile): void {
  const text = linesOfJson(baselineFileSchema.parse(file));
  mkdirSync(dirname(path), { recursive: true });
  writeWhole(path, text);
}
