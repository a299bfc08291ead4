/**
 * The names a budget may have and the texts a limit may be, as types: a wrong metric, task or unit
 * does not compile. Whether a unit fits its metric is checked when the plan is made (parse.ts).
 */
import type { DurationText } from '../platform/duration.ts';
import type { FigureName, RiseName, Statistic, TrendName } from '../metrics/definitions.ts';
import type { BudgetOp } from '../metrics/log/budget.ts';

export const budgetUnits = [
  'us',
  'ms',
  's',
  'm',
  'h',
  '%',
  'points',
  '/s',
  '/min',
  'B',
  'kB',
  'MB',
] as const;
export type BudgetUnit = (typeof budgetUnits)[number];

/**
 * `'< 3 s'`, `'<= 0.1 %'`, `'= 0'`: operator, number and unit, a space between them.
 *
 * @example
 * const limit: BudgetText = '< 800 ms';
 * await runLoad(shopUser, load, { budgets: { p95: limit } });
 */
export type BudgetText = `${BudgetOp} ${number}` | `${BudgetOp} ${number} ${BudgetUnit}`;

type PlainKey<UserTrends extends string, UserFigures extends string> =
  Statistic | `${TrendName | UserTrends}.${Statistic}` | FigureName | RiseName | UserFigures;

/**
 * `p95`, `service.p95`, `errorRate`, each also with labels: `p95{model=small,turn=2}`.
 *
 * @example
 * const watched: readonly BudgetKey[] = ['p95', 'service.p95', 'p95{tenant=north}'];
 */
export type BudgetKey<UserTrends extends string = never, UserFigures extends string = never> =
  PlainKey<UserTrends, UserFigures> | `${PlainKey<UserTrends, UserFigures>}{${string}=${string}}`;

/**
 * What a limit may be where `Text` was found: a text of budgets, or a plain `string`, as the limits are of a
 * `const budgets = { … }` that several tests share. That is read as the plan is made, like all of them.
 */
type StatedText<Text extends string> = BudgetText | (string extends Text ? Text : never);

/**
 * A limit with what else is to be said of it.
 *
 * @example
 * const hopeless: BudgetTerms = { limit: '< 5 %', abortOnFail: true, delay: '30s' };
 * await runLoad(shopUser, load, { budgets: { errorRate: hopeless } });
 */
export interface BudgetTerms<Text extends string = BudgetText> {
  readonly limit: StatedText<Text>;
  /** Ends the run as soon as the budget is broken … */
  readonly abortOnFail?: boolean;
  /** … but not before this much of the judged time has passed. */
  readonly delay?: DurationText;
  /** Only for what the monitor reads: a target that does not tell it is not judged by it. */
  readonly whereReported?: boolean;
  /** Only for what the monitor reads: judged over so much of the judged time, up to its end. */
  readonly last?: DurationText;
}

/** The same for the reference, in Markdown. */
export const budgetTerms: Readonly<Record<keyof BudgetTerms, string>> = {
  limit: "the text: `{ limit: '< 5 %' }` is the same as `'< 5 %'`",
  abortOnFail: '`true` ends the load as soon as the budget is broken',
  delay:
    'with `abortOnFail`: does not end the load before this part of the judged time has passed: ' +
    "`{ limit: '< 5 %', abortOnFail: true, delay: '30s' }`",
  whereReported:
    'for figures that the monitor reads: `true` means that a system which does not report the figure is not ' +
    'judged by this budget. Without it, a missing figure makes the verdict `no-data`',
  last:
    'for figures that the monitor reads: judges only the last part of the judged time, ' +
    "such as `'5m'`, when a cache is warm",
};

type Limit<Text extends string> = StatedText<Text> | BudgetTerms<Text>;

/** The second half is in the first; by it the compiler finds `Text` whatever the keys are. */
type Limits<UserTrends extends string, UserFigures extends string, Text extends string> = {
  readonly [K in BudgetKey<UserTrends, UserFigures>]?: Limit<Text>;
} & { readonly [F in UserFigures]?: Limit<Text> };

/**
 * What a test states. `UserTrends` and `UserFigures` (counters and rates) are the metrics that the
 * user definition declares.
 *
 * @example
 * const budgets: Budgets<'order'> = { errorRate: '< 1 %', tasks: { order: { p95: '< 800 ms' } } };
 * await runLoad(shopUser, load, { budgets });
 */
export type Budgets<
  TaskNames extends string = string,
  UserTrends extends string = never,
  UserFigures extends string = never,
  Text extends string = BudgetText,
> = Limits<UserTrends, UserFigures, Text> & {
  readonly tasks?: { readonly [T in TaskNames]?: Limits<UserTrends, UserFigures, Text> };
};

type StatedLimits<UserTrends extends string, UserFigures extends string, Text extends string> = {
  readonly [K in BudgetKey<UserTrends, UserFigures>]?: Limit<Text>;
} & { readonly [F in UserFigures]?: Limit<Text> };

/**
 * The same under another name, for whoever takes budgets and finds out their names. Of a type that it knows by name
 * the compiler first asks how each of its parameters varies; for these many keys it is at that for minutes.
 */
export type StatedBudgets<
  TaskNames extends string,
  UserTrends extends string,
  UserFigures extends string,
  Text extends string = BudgetText,
> = StatedLimits<UserTrends, UserFigures, Text> & {
  readonly tasks?: { readonly [T in TaskNames]?: StatedLimits<UserTrends, UserFigures, Text> };
};
