/**
 * The schema of results.json for its readers: the fields that stay. It is published as JSON Schema
 * (docs/results.schema.json). The file may have further fields. Readers of the suite pick from it, and
 * state for themselves what files of older versions lack.
 */
import { z } from 'zod';
import { readJsonFile, refuseNewer } from '../../platform/json-file.ts';
import { stageSchema } from '../../metrics/log/stage.ts';
import { outcomes } from '../../metrics/outcome.ts';
import { percentileNames } from '../text/latency-figures.ts';

const count = z.number().int().nonnegative();
/** JSON has no ∞, so it is a text. A value that was not measured is `null` or missing. */
const figure = z.union([z.number(), z.literal('Infinity'), z.null()]);
/** The same for a reader: ∞ is a number, and a value that was not measured is undefined. */
export const figureRead = figure.transform((value) =>
  value === 'Infinity' ? Infinity : (value ?? undefined),
);
const percentiles = z.record(z.enum(percentileNames), figure);
const outcomeTable = z.record(z.enum(outcomes), count);

export const resultsJudgement = z.looseObject({
  name: z.string(),
  metric: z.string(),
  task: z.string().optional(),
  limit: z.string(),
  bound: z.looseObject({ op: z.enum(['<', '<=', '>', '>=', '=']), limit: z.number() }),
  status: z.enum(['pass', 'fail', 'undecided', 'no-data', 'not-judged', 'not-visible']),
  marginal: z.boolean(),
  value: figure.optional(),
  samples: count,
});

const figuresOfRow = {
  requests: count,
  failures: count,
  errors: count,
  ms: z.record(z.enum(['avg', 'min', 'p50', 'p95', 'p99', 'max']), figure),
  percentilesMs: percentiles,
  servicePercentilesMs: percentiles,
  averageBytes: figure,
  requestsPerSecond: figure,
  failuresPerSecond: figure,
};
export const statisticsRow = z.looseObject({
  kind: z.enum(['task', 'request', 'okOnly', 'all']),
  stream: z.string(),
  name: z.string(),
  ...figuresOfRow,
});
/** By HTTP method; `request` stands for protocols without methods. */
export const requestRow = z.looseObject({ method: z.string(), name: z.string(), ...figuresOfRow });

export const resultsLoad = z.looseObject({
  testId: z.string(),
  log: z.string(),
  runId: z.string(),
  system: z.string(),
  scenario: z.string(),
  level: z.string(),
  startedAt: z.iso.datetime(),
  verdict: z.enum(['pass', 'fail', 'no-data', 'invalid']),
  headline: z.string(),
  /** Its level was changed while it ran, as listed in `stages`. */
  steered: z.boolean(),
  stages: z.array(stageSchema),
  judgements: z.array(resultsJudgement),
  statistics: z.looseObject({ rows: z.array(statisticsRow), judgedMs: z.number() }),
  /** Missing in files of older versions. */
  requests: z.array(requestRow).optional(),
  totals: z.looseObject({ judged: outcomeTable, all: outcomeTable, scheduled: count, sent: count }),
});

/** Raised when a reader of the old file would misread the new one. */
export const resultsSchema = 2;

export const resultsFileSchema = z.looseObject({
  schema: z.literal(resultsSchema),
  runId: z.string(),
  loads: z.array(resultsLoad),
  unreadable: z.array(z.looseObject({ log: z.string(), reason: z.string() })),
});

/** Reads a file with the fields of `schema`. Throws with the path, the field and what is accepted. */
export function readResults<Fields>(path: string, schema: z.ZodType<Fields>): Fields {
  return parseResults(readJsonFile(path), path, schema);
}

/** Checks the content of the file at `path`. */
export function parseResults<Fields>(
  json: unknown,
  path: string,
  schema: z.ZodType<Fields>,
): Fields {
  refuseNewer((json as { readonly schema?: unknown } | null)?.schema, resultsSchema, path);
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${path}: ${issue!.path.join('.')}: ${issue!.message}`);
}

/** The JSON schema as text, for the file in docs/. */
export function resultsJsonSchema(): string {
  const schema = z.toJSONSchema(resultsFileSchema);
  return `${JSON.stringify({ ...schema, title: 'results.json of Loadwright' }, null, 2)}\n`;
}
