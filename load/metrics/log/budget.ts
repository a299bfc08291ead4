/**
 * A budget in the plan of a log: parsed once (budgets/parse.ts), with the text that the test stated. The
 * code that judges, draws or reports it reads these fields and parses nothing.
 */
import { z } from 'zod';
import { figureKinds, figures, rises, statistics } from '../definitions.ts';
import type { FigureName, RiseName } from '../definitions.ts';
import type { Dimension } from '../figure-text.ts';

export const budgetOps = ['<', '<=', '>', '>=', '='] as const;
export type BudgetOp = (typeof budgetOps)[number];

/** A limit measures one of these, with a base unit: ms, a share from 0 to 1, per second, bytes, or none. */
const dimensions = [
  'time',
  'share',
  'perSecond',
  'bytes',
  'number',
] as const satisfies readonly Dimension[];

const ms = z.number();
const figureName = z.enum(Object.keys(figures) as FigureName[]);
const riseName = z.enum(Object.keys(rises) as RiseName[]);

const trendSubject = z.object({
  kind: z.literal('trend'),
  metric: z.string(),
  statistic: z.enum(statistics),
});
const rateSubject = z.object({
  kind: z.literal('rate'),
  metric: z.string(),
  over: z.enum(['scheduled', 'samples']),
});
const counterSubject = z.object({
  kind: z.literal('counter'),
  metric: z.string(),
  /** The judged phases of the judged load stream, or the whole run. */
  over: z.enum(['judged', 'run']),
});
const figureSubject = z.object({
  kind: z.enum(figureKinds).exclude(['rate']),
  metric: figureName,
});
const shareSubject = z.discriminatedUnion('kind', [rateSubject, figureSubject]);
const differenceSubject = z.object({
  kind: z.literal('difference'),
  metric: z.string(),
  of: z.tuple([shareSubject, shareSubject]),
});
const riseSubject = z.object({ kind: z.literal('rise'), metric: riseName });

/** The observed figure is described by the kind of its observation (budgets/observe/). */
const subjectSchema = z.discriminatedUnion('kind', [
  trendSubject,
  rateSubject,
  counterSubject,
  figureSubject,
  differenceSubject,
  riseSubject,
]);
export type Subject = z.infer<typeof subjectSchema>;
export type TrendSubject = z.infer<typeof trendSubject>;
export type RateSubject = z.infer<typeof rateSubject>;
export type CounterSubject = z.infer<typeof counterSubject>;
export type FigureSubject = z.infer<typeof figureSubject>;
export type ShareSubject = z.infer<typeof shareSubject>;
export type DifferenceSubject = z.infer<typeof differenceSubject>;
export type RiseSubject = z.infer<typeof riseSubject>;

/** The text of a budget and the terms of its judgement. A log of schema 1 holds only these. */
export const statedBudgetSchema = z.object({
  key: z.string(),
  limit: z.string(),
  task: z.string().optional(),
  /** The background load that it applies to. Missing if it applies to the load itself. */
  background: z.object({ stream: z.number().int().positive(), name: z.string() }).optional(),
  isDefault: z.boolean().optional(),
  abortOnFail: z.boolean().optional(),
  delayMs: ms.optional(),
  /** Only for figures that the monitor reads: a target that does not report them is not judged by them. */
  whereReported: z.boolean().optional(),
  /** Applies only to requests that were due in the first seconds of a spike. */
  phase: z.literal('onset').optional(),
  /**
   * Only for figures that the monitor reads: the length of time, at the end of the judged time, that is
   * judged.
   */
  lastMs: ms.optional(),
});
export type StatedBudget = z.infer<typeof statedBudgetSchema>;

export const budgetSchema = statedBudgetSchema.omit({ limit: true }).extend({
  /** As stated in the test: `< 3 s`. */
  limitText: z.string(),
  subject: subjectSchema,
  labels: z.record(z.string(), z.string()),
  dimension: z.enum(dimensions),
  /** One unit of the metric in the base unit of the dimension. */
  scale: z.number(),
  op: z.enum(budgetOps),
  /** In the base unit of the dimension. */
  limit: z.number(),
});
export type Budget = z.infer<typeof budgetSchema>;
