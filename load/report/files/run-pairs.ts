/** The pairs of a run, read from the logs in its folder. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pairLogEnding, readPair, type JudgedPair } from '../../paired/pair-log.ts';
import type { MetricVerdict, PairVerdictName } from '../../paired/pair-verdict.ts';
import { defined } from '../../platform/defined.ts';
import { reasonOf } from '../../platform/words.ts';
import { pairSentence } from '../text/pair-text.ts';

export interface RunPairs {
  readonly pairs: readonly JudgedPair[];
  readonly unreadable: readonly { readonly log: string; readonly reason: string }[];
}

/** Logs that cannot be read are listed. */
export function pairsIn(folder: string): RunPairs {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const pairs: JudgedPair[] = [];
  const unreadable: { log: string; reason: string }[] = [];
  for (const name of names.filter((one) => one.endsWith(pairLogEnding)).sort()) {
    try {
      pairs.push(readPair(join(folder, name)));
    } catch (error) {
      unreadable.push({ log: name, reason: reasonOf(error) });
    }
  }
  return { pairs, unreadable };
}

/** A pair in `results.json`. */
export interface PairEntry {
  readonly testId: string;
  readonly log: string;
  readonly verdict: PairVerdictName;
  readonly sentence: string;
  readonly rounds: number;
  readonly controls: number;
  readonly faults: readonly string[];
  /** The side that could not be started, or failed its check. */
  readonly notReady?: 'base' | 'head' | undefined;
  readonly metrics: readonly (Omit<MetricVerdict, 'tolerance'> & { readonly tolerance: string })[];
}

export function pairEntry(pair: JudgedPair): PairEntry {
  const { plan, verdict, end, logPath = '' } = pair;
  const { rounds, controls, faults, metrics } = verdict;
  return {
    testId: plan.testId,
    log: basename(logPath),
    verdict: verdict.verdict,
    sentence: pairSentence(pair),
    rounds,
    controls,
    faults,
    ...defined({ notReady: end?.notReady }),
    metrics: metrics.map((one) => ({ ...one, tolerance: one.tolerance.text })),
  };
}
