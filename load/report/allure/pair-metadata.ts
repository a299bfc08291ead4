/** A pair's labels and parameters for Allure, as metadata.ts has those of a load. */
import { formatMs } from '../../platform/duration.ts';
import type { JudgedPair, PairPlan } from '../../paired/pair-log.ts';
import { changeOf, nameOf } from '../text/pair-text.ts';
import { environmentOfPair } from './environment.ts';
import {
  allureParameters,
  hiddenFacts,
  labelsOf,
  metadataName,
  verdictLabels,
} from './metadata.ts';

/** The message with the result of a pair. */
export const pairOutcomeName = '_pair';

/** `earlier`: how many pairs of the test were announced before. Labels come from the first only. */
export function pairMetadata(plan: PairPlan, earlier: number) {
  const { system, scenario = '', level = '' } = plan;
  const labels = earlier > 0 ? [] : labelsOf({ system, scenario, level });
  const environment = environmentOfPair(plan);
  return hiddenFacts(metadataName, { environment }, { labels, parameters: planned(plan, earlier) });
}

/** Says how the pair is run, for readers. */
export function planned(plan: PairPlan, earlier: number) {
  const { workload, sides, mostRounds, roundMs, seed } = plan;
  const values = {
    workload,
    base: sides.base,
    head: sides.head,
    rounds: `at most ${mostRounds}, of ${formatMs(roundMs)}`,
    seed: String(seed),
  };
  return allureParameters(values, pairName(earlier));
}

/** The verdict, and each difference beside its tolerance. */
export function pairOutcome({ verdict: { verdict, metrics } }: JudgedPair, earlier: number) {
  const labels = verdictLabels(verdict === 'invalid' ? 'invalid pair' : verdict);
  const values = {
    verdict,
    ...Object.fromEntries(
      metrics.map((one) => [
        nameOf(one.metric),
        `${changeOf(one)}, tolerance ${one.tolerance.text}`,
      ]),
    ),
  };
  const parameters = allureParameters(values, pairName(earlier));
  return hiddenFacts(pairOutcomeName, {}, { labels, parameters });
}

/** Tells a further pair of a test from its first one. */
function pairName(earlier: number): string {
  return earlier > 0 ? `pair ${earlier + 1}` : '';
}
