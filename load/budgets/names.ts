/**
 * The types of budgets: the names and texts that they may have, so that a wrong metric, task or unit does
 * not compile. Whether a unit fits its metric is checked when the plan is made (parse.ts).
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
 * `'< 3 s'`, `'<= 0.1 %'`, `'= 0'`: operator, number and unit, separated by spaces.
 * @example
 * const limit: BudgetText = '< 800 ms';
 * await runLoad(shopUser, load, { budgets: { p95: limit } });
 */
export type BudgetText = `${BudgetOp} ${number}` | `${BudgetOp} ${number} ${BudgetUnit}`;

type PlainKey<UserTrends extends string, UserFigures extends string> =
  Statistic | `${TrendName | UserTrends}.${Statistic}` | FigureName | RiseName | UserFigures;

/**
 * `p95`, `service.p95`, `errorRate`, each optionally with labels: `p95{model=small,turn=2}`.
 * @example
 * const watched: readonly BudgetKey[] = ['p95', 'service.p95', 'p95{tenant=north}'];
 */
export type BudgetKey<UserTrends extends string = never, UserFigures extends string = never> =
  PlainKey<UserTrends, UserFigures> | `${PlainKey<UserTrends, UserFigures>}{${string}=${string}}`;

/**
 * The type of a limit if `Text` was inferred: a text of budgets, or a plain `string`, as in a
 * `const budgets = { … }` that several tests share. The string is parsed when the plan is made, like all
 * limits.
 */
type StatedText<Text extends string> = BudgetText | (string extends Text ? Text : never);

/**
 * A limit with further terms.
 * @example
 * const hopeless: BudgetTerms = { limit: '< 5 %', abortOnFail: true, delay: '30s' };
 * await runLoad(shopUser, load, { budgets: { errorRate: hopeless } });
 */
export interface BudgetTerms<Text extends string = BudgetText> {
  readonly limit: StatedText<Text>;
  /** Ends the run as soon as the budget is broken. */
  readonly abortOnFail?: boolean;
  /** Only with `abortOnFail`: the run is not ended before this much of the judged time has passed. */
  readonly delay?: DurationText;
  /** Only for figures that the monitor reads: a target that does not report the figure is not judged by it. */
  readonly whereReported?: boolean;
  /** Only for figures that the monitor reads: only this last part of the judged time is judged. */
  readonly last?: DurationText;
}

/** The terms in Markdown, for the reference. */
export const budgetTerms: Readonly<Record<keyof BudgetTerms, string>> = {
  limit: "the text: `{ limit: '< 5 %' }` is the same as `'< 5 %'`",
  abortOnFail: '`true` ends the load as soon as the budget is broken',
  delay:
    'with `abortOnFail`: the budget ends the load only after this much of the judged time: ' +
    "`{ limit: '< 5 %', abortOnFail: true, delay: '30s' }`",
  whereReported:
    'for figures that the monitor reads: `true` means that a system which does not report the figure is not ' +
    'judged by this budget. Without it, a missing figure makes the verdict `no-data`',
  last:
    'for figures that the monitor reads: judges only this much of the judged time, at its end, ' +
    "such as `'5m'`, when a cache is warm",
};

type Limit<Text extends string> = StatedText<Text> | BudgetTerms<Text>;

/** The second half is part of the first. It lets the compiler infer `Text` whatever the keys are. */
type Limits<UserTrends extends string, UserFigures extends string, Text extends string> = {
  readonly [K in BudgetKey<UserTrends, UserFigures>]?: Limit<Text>;
} & { readonly [F in UserFigures]?: Limit<Text> };

/**
 * The budgets of a test. `UserTrends` and `UserFigures` (counters and rates) are the metrics that the
 * user definition declares.
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
 * The same type with another name, for functions that infer the names of budgets. For a type alias that
 * it knows by name the compiler first computes the variance of each parameter, which takes minutes with
 * this many keys.
 */
export type StatedBudgets<
  TaskNames extends string,
  UserTrends extends string,
  UserFigures extends string,
  Text extends string = BudgetText,
> = StatedLimits<UserTrends, UserFigures, Text> & {
  readonly tasks?: { readonly [T in TaskNames]?: StatedLimits<UserTrends, UserFigures, Text> };
};
