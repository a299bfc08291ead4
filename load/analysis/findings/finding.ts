/**
 * Why a system is slow: findings from a finished load's own figures and the monitor's readings, level by
 * level. Start reading here: a finding is plain data. `rules.ts` lists the rules, one file each;
 * `load-level.ts` is the input of a rule, and `findings.ts` runs the rules and ranks the findings.
 */
import type { Dimension } from '../../metrics/figure-text.ts';
import type { Span } from '../../metrics/result/readings.ts';
import type { BaselineLoad } from './baseline-load.ts';
import type { LoadLevel } from './load-level.ts';

/** A figure that exceeded its threshold. */
export interface Signal {
  readonly name: string;
  /** In the base unit of the dimension. */
  readonly value: number;
  readonly threshold: number;
  readonly dimension: Dimension;
  /** As text: `poolAvailable was 0 in 12 of 20 readings, first at 0:35`. */
  readonly text: string;
}

/** Something that could speak against the finding, and what was observed. */
export interface Check {
  readonly text: string;
  /** `unknown`: it was not measured. */
  readonly outcome: 'speaks for it' | 'speaks against it' | 'unknown';
  /** `rise`: it says how much the latency rose, which the finding's text repeats. */
  readonly kind?: 'rise';
}

/** The result of a rule at one level. */
export interface Evidence {
  readonly signals: readonly [Signal, ...Signal[]];
  /** How many readings or requests the signals are based on. */
  readonly n: number;
  /** The time in which the signals exceeded their thresholds. Default: the whole level. */
  readonly window?: Span | undefined;
  readonly checks: readonly Check[];
  /** A verb phrase: `raise the pool's size, or …`. */
  readonly recommendation: string;
  /** The experiment that would confirm or refute the finding, as a verb phrase. */
  readonly nextExperiment: string;
  /** The part of the level's mean latency that it explains, if the requests show it. */
  readonly explains?: number | undefined;
}

export interface Rule {
  /** One word, used in `results.json`. */
  readonly name: string;
  /** The problem as a clause: `the connection pool was exhausted`. */
  readonly title: string;
  /** Rules that find the cause of this rule's finding at the same level. */
  readonly yieldsTo: readonly string[];
  /**
   * True if a resource ran out as the load rose, so that it explains a latency that rises with the load.
   * False if the problem does not depend on the level (a leak takes time).
   */
  readonly isOfLevels: boolean;
  /** `undefined` if the data do not show it. */
  readonly find: (at: RuleInput) => Evidence | undefined;
}

export interface RuleInput {
  readonly level: LoadLevel;
  /** Levels with less load, ascending. */
  readonly below: readonly LoadLevel[];
  /** The load of a single user, if the run or a baseline has one. */
  readonly alone: BaselineLoad | undefined;
  /** Length of the blocks for detecting a trend. */
  readonly blockMs: number;
}

export interface Finding extends Omit<Evidence, 'window' | 'explains'> {
  readonly rule: string;
  readonly title: string;
  readonly system: string;
  readonly testId: string;
  readonly level: string;
  /** Virtual users, or arrivals per second. */
  readonly load: number;
  /** In ms from the start of that load. */
  readonly window: Span;
  /** `confirmed`: all checks speak for it. */
  readonly confidence: 'confirmed' | 'suspected';
  /** The largest share of the level's mean latency that it can explain; 0 if the latency did not rise. */
  readonly explains: number;
}
