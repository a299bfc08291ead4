/**
 * The schema of results.json for its readers: the fields that stay. It is published as JSON Schema
 * (docs/results.schema.json). The file may have further fields.
 */
import { z } from 'zod';
import { stageSchema } from '../../metrics/log/stage.ts';
import { outcomes } from '../../metrics/outcome.ts';
import { percentileNames } from '../text/latency-figures.ts';

const count = z.number().int().nonnegative();
/** JSON has no ∞, so it is a text. A value that was not measured is `null` or missing. */
const figure = z.union([z.number(), z.literal('Infinity'), z.null()]);
const percentiles = z.record(z.enum(percentileNames), figure);
const outcomeTable = z.record(z.enum(outcomes), count);

const judgement = z.looseObject({
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
const statisticsRow = z.looseObject({
  kind: z.enum(['task', 'request', 'okOnly', 'all']),
  stream: z.string(),
  name: z.string(),
  ...figuresOfRow,
});
/** By HTTP method; `request` stands for protocols without methods. */
const requestRow = z.looseObject({ method: z.string(), name: z.string(), ...figuresOfRow });

const load = z.looseObject({
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
  judgements: z.array(judgement),
  statistics: z.looseObject({ rows: z.array(statisticsRow), judgedMs: z.number() }),
  /** Missing in files of older versions. */
  requests: z.array(requestRow).optional(),
  totals: z.looseObject({ judged: outcomeTable, all: outcomeTable, scheduled: count, sent: count }),
});

export const resultsFileSchema = z.looseObject({
  schema: z.literal(2),
  runId: z.string(),
  loads: z.array(load),
  unreadable: z.array(z.looseObject({ log: z.string(), reason: z.string() })),
});

/** The JSON schema as text, for the file in docs/. */
export function resultsJsonSchema(): string {
  const schema = z.toJSONSchema(resultsFileSchema);
  return `${JSON.stringify({ ...schema, title: 'results.json of Loadwright' }, null, 2)}\n`;
}
