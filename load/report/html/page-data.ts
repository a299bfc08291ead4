/**
 * The data of the load report's page: plain data, in which every figure comes from the result and already
 * has its text. The page draws, sorts and filters, and computes nothing. The view of a running load gets
 * the same data again with every update.
 */
import type { Dimension } from '../../metrics/figure-text.ts';

/** The colour of a text. Its words say the same. */
export type Tone = 'good' | 'bad' | 'warn' | 'invalid' | 'plain';

/** A moment of the load, in ms since its start. */
export type Span = readonly [fromMs: number, toMs: number];

/** A text, or a figure's text with the value by which it is sorted (`null`: not measured). */
export type Cell = string | readonly [text: string, value: number | null | '∞'];

export interface Table {
  readonly columns: readonly {
    readonly title: string;
    readonly isFigure?: boolean;
    /** The meaning of the column, shown as a tooltip. */
    readonly note?: string;
  }[];
  readonly rows: readonly Row[];
  readonly notes?: readonly string[];
}

export interface Row {
  readonly cells: readonly Cell[];
  readonly tone?: Tone;
  /** A part of the row above, which stays below it however the table is sorted. */
  readonly isPart?: boolean;
  /** The moment that a click shows. */
  readonly at?: Span;
}

/** A named colour of the page. */
export type Colour = 'blue' | 'orange' | 'green' | 'vermilion' | 'sky' | 'purple' | 'ink' | 'faint';

/** In the base unit of the chart's dimension. `∞`: among requests that did not end ok; `null`: not measured. */
export type Value = number | null | '∞';

export interface Line {
  readonly name: string;
  readonly colour: Colour;
  readonly isDashed?: boolean;
  readonly isFilled?: boolean;
  readonly values: readonly Value[];
}

/** A chart over the time of the load. */
export interface TimeChart {
  readonly id: string;
  readonly title: string;
  readonly dimension: Dimension;
  readonly isLog?: boolean;
  /** The lines are stacked and drawn as areas. */
  readonly isStacked?: boolean;
  /** The time spans of the values. */
  readonly spans: readonly Span[];
  readonly lines: readonly Line[];
  readonly limits?: readonly { readonly at: number; readonly label: string }[];
  readonly band?: { readonly low: number; readonly high: number; readonly label: string };
  readonly heat?: Heat;
  /** A remark on how the chart is made. */
  readonly note?: string;
}

/** How many requests of each duration ended in a span: `[index of the span, index of the bar, count]`. */
export interface Heat {
  readonly edgesMs: readonly number[];
  readonly cells: readonly (readonly [span: number, bar: number, count: number])[];
}

export interface Mark {
  /** `stage`: the level of the load was changed. */
  readonly kind: 'stall' | 'flag' | 'event' | 'stage';
  readonly at: Span;
  readonly text: string;
}

export interface Phase {
  readonly name: string;
  readonly at: Span;
  readonly isJudged: boolean;
}

/** Response times of a task, or of all. */
export interface Distribution {
  readonly name: string;
  readonly bars: readonly {
    readonly lowMs: number;
    readonly highMs: number;
    readonly count: number;
  }[];
  readonly percentiles: readonly { readonly name: string; readonly ms: number }[];
  readonly limits: readonly { readonly at: number; readonly label: string }[];
  readonly note: string;
}

/** A text, and the moment that it is about. */
export interface Item {
  readonly text: string;
  readonly at?: Span;
}

/**
 * Single requests, packed. A row is `[scheduledMs, waitMs, tookMs, task, request, outcome, reasons, user,
 * kind, detail, trace, labels, ttftMs, tokens]`; −1 means unknown, and unknown values at the end are left
 * out. Texts are indices of `names`. `reasons` is the sum of 1 (slowest of its task), 2 (first of its
 * kind of error) and 4 (of a sampled user).
 */
export interface PackedRequests {
  readonly names: readonly string[];
  readonly rows: readonly (readonly number[])[];
  /** A remark on which requests are included. */
  readonly note: string;
}

export interface Comparison {
  readonly headline: string;
  readonly table: Table;
  readonly evidence: readonly string[];
}

export interface LoadPage {
  readonly id: string;
  /** The id of its test, which findings name. */
  readonly test: string;
  readonly title: string;
  readonly tone: Tone;
  readonly verdict: string;
  /** The reason for the verdict, and since when. */
  readonly sentence: string;
  /** Whether the measurement is valid, and why. */
  readonly trust: { readonly tone: Tone; readonly text: string };
  readonly points: readonly { readonly title: string; readonly items: readonly Item[] }[];
  readonly endMs: number;
  readonly phases: readonly Phase[];
  readonly marks: readonly Mark[];
  readonly charts: readonly TimeChart[];
  /** Monitored figures that never changed: `openConnections 0`. */
  readonly still: readonly string[];
  readonly distributions: readonly Distribution[];
  readonly budgets: Table;
  readonly statistics: Table;
  readonly outcomes: Table;
  readonly errors: Table;
  readonly slowest: Table;
  readonly metrics: Table;
  /** Absent if it was not compared with a baseline. */
  readonly comparison?: Comparison;
  readonly requests: PackedRequests;
  /** Sections that only some loads have, as text in columns. */
  readonly sections: readonly { readonly title: string; readonly text: string }[];
  /** How the load was made. */
  readonly plan: readonly (readonly [name: string, value: string])[];
  /** The command that repeats it. */
  readonly repeat: string;
  /** Files beside the page. */
  readonly files: readonly { readonly name: string; readonly what: string }[];
}

/** The levels of a system, compared. */
export interface LevelsPage {
  readonly title: string;
  /** Where latency begins to rise, and why. */
  readonly text: string;
  readonly table: Table;
  /** The chart, as SVG. */
  readonly picture?: string;
}

/** Values at the numbers of rounds. */
export interface RoundSeries {
  readonly name: string;
  readonly colour: Colour;
  readonly isDashed?: boolean;
  readonly at: readonly number[];
  readonly values: readonly (number | null)[];
}

/** A chart over the rounds of a pair. */
export interface RoundChart {
  readonly title: string;
  readonly unit: 'ms' | '%' | 'points';
  readonly rounds: readonly number[];
  readonly lines: readonly RoundSeries[];
  readonly points: readonly RoundSeries[];
  readonly band?: Omit<RoundSeries, 'values'> & {
    readonly low: RoundSeries['values'];
    readonly high: RoundSeries['values'];
  };
  readonly limits: readonly { readonly at: number; readonly label: string }[];
  /** The least and the most that the value axis must contain. The band is cut off beyond it. */
  readonly shown?: readonly [number, number];
  readonly note: string;
}

/** Two builds compared in one run. */
export interface PairPage {
  readonly test: string;
  readonly title: string;
  readonly tone: Tone;
  readonly verdict: string;
  readonly sentence: string;
  readonly table: Table;
  readonly charts: readonly RoundChart[];
  readonly notes: readonly string[];
}

export interface PageData {
  readonly runId: string;
  readonly totals: string;
  readonly overview: Table;
  readonly unreadable: readonly string[];
  /** Why tests are slow, each with its test. */
  readonly findings: readonly { readonly test: string; readonly text: string }[];
  readonly levels?: readonly LevelsPage[];
  readonly pairs: readonly PairPage[];
}
