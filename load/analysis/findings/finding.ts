/**
 * Why a system is slow: what a finished load's own figures and the monitor's readings say, level by level.
 * Start reading here: a finding is plain data. `rules.ts` lists the rules, a file each; `load-level.ts` is
 * what a rule looks at, and `findings.ts` asks them and ranks what they found.
 */
import type { Dimension } from '../../metrics/figure-text.ts';
import type { Span } from '../../metrics/result/readings.ts';
import type { BaselineLoad } from './baseline-load.ts';
import type { LoadLevel } from './load-level.ts';

/** A figure that passed its threshold. */
export interface Signal {
  readonly name: string;
  /** In the base unit of the dimension. */
  readonly value: number;
  readonly threshold: number;
  readonly dimension: Dimension;
  /** The same in words: `poolAvailable was 0 in 12 of 20 readings, first at 0:35`. */
  readonly text: string;
}

/** What would speak against the finding, and what was seen of it. */
export interface Check {
  readonly text: string;
  /** `unknown`: nobody measured it. */
  readonly outcome: 'speaks for it' | 'speaks against it' | 'unknown';
}

/** What a rule found at one level. */
export interface Evidence {
  readonly signals: readonly [Signal, ...Signal[]];
  /** How many readings, or requests, the signals are over. */
  readonly n: number;
  /** From when to when the signals were past their thresholds; default: the whole level. */
  readonly window?: Span | undefined;
  readonly checks: readonly Check[];
  /** A verb phrase: `raise the pool's size, or …`. */
  readonly recommendation: string;
  /** The experiment that would settle it, as a verb phrase. */
  readonly nextExperiment: string;
  /** Share of the level's mean latency, where the requests themselves tell it. */
  readonly explains?: number | undefined;
}

export interface Rule {
  /** One word, as it stands in `results.json`. */
  readonly name: string;
  /** What is wrong, as a clause: `the connection pool was exhausted`. */
  readonly title: string;
  /** Rules whose finding at the same level is the cause of what this one sees. */
  readonly yieldsTo: readonly string[];
  /**
   * A resource that ran short explains a latency that rises with it. `false`: it is no matter of levels (a
   * leak takes time).
   */
  readonly isOfLevels: boolean;
  /** `undefined` where the data say nothing of it. */
  readonly find: (at: RuleInput) => Evidence | undefined;
}

export interface RuleInput {
  readonly level: LoadLevel;
  /** The levels with less load, ascending. */
  readonly below: readonly LoadLevel[];
  /** The load of one user alone, where the run or a baseline has one. */
  readonly alone: BaselineLoad | undefined;
  /** Length of the blocks in which a trend is looked for. */
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
  /** In ms since the start of that load. */
  readonly window: Span;
  /** `confirmed`: all that was looked for speaks for it. */
  readonly confidence: 'confirmed' | 'suspected';
  /** Share of the level's mean latency that it explains at most; 0 where the latency did not rise. */
  readonly explains: number;
}
