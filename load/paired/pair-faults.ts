/**
 * Problems that make a pair invalid, whatever its figures: a side that is down or answers differently,
 * one that cannot keep up with its load, a cache shared by both, and a control in which two processes of
 * one build differ.
 */
import { normalUpperTail, tQuantile } from '../analysis/distributions.ts';
import { momentText, shareText } from '../metrics/figure-text.ts';
import { scheduledOf } from '../metrics/outcome.ts';
import { samplesNeeded, statisticOf } from '../metrics/percentile.ts';
import { counted } from '../platform/words.ts';
import { Histogram } from '../metrics/histogram.ts';
import { differenceOf, type FoldedRound } from './compared.ts';
import { chanceOfMore, estimateOf } from './estimate.ts';
import { pairMetricTable, type PairMetric } from './pair-metrics.ts';
import { isControl, type SideRound, type Twins } from './round.ts';

const sides = [0, 1] as const;
type Place = (typeof sides)[number];
const labels = ['base', 'head'] as const;

/** The least number of rounds for checking controls and the order of twins. */
const leastRounds = 8;
const mostDeviations = 4;
/**
 * Two processes of one build differ by some 2 %, so rounds vary by at least about this much, however
 * similar they look.
 */
const leastDeviation = 0.01;
/** Answers of one endpoint have about the same size. A larger ratio means two endpoints. */
const mostTimesAsLong = 2;
/** A shared cache makes the second of two twins faster by at least this share. */
const leastGain = 0.1;
const leastChance = 0.001;
const growth = { times: 2, more: 5 } as const;

export function faultsIn(
  rounds: readonly FoldedRound[],
  metrics: readonly PairMetric[],
): readonly string[] {
  const comparing = rounds.filter(({ round }) => !isControl(round));
  return [
    ...rounds.flatMap(({ round }) => round.faults.slice(0, 1)),
    ...sides.flatMap((side) => downFault(comparing, side)),
    ...otherAnswers(comparing),
    ...sides.flatMap((side) => fallsBehind(comparing, side)),
    ...controlFaults(rounds, metrics),
    ...sharedCache(comparing),
  ];
}

/** Most requests of the side did not end ok: it is down, or it is another service. */
function downFault(rounds: readonly FoldedRound[], side: Place): string[] {
  for (const { round, totals } of rounds) {
    const { outcomes, scheduled } = totals[side];
    const notOk = scheduled - (outcomes.ok ?? 0);
    if (scheduled > 0 && notOk <= scheduled / 2) continue;
    const at = momentText(round.startedAtMs);
    if (scheduled === 0)
      return [`${labels[side]} was sent nothing in round ${round.number} (${at})`];
    const [worst] = [...round.sides[side].errors].sort((a, b) => b.count - a.count);
    const told = worst === undefined ? '' : `: ${worst.kind} ${worst.sample}`.trimEnd();
    const share = shareText(notOk / scheduled);
    return [
      `${labels[side]} is down or gives other answers: ${share} of its requests did not end ok in ` +
        `round ${round.number} (${at})${told}`,
    ];
  }
  return [];
}

/** Requests of one name whose answers differ in size go to different endpoints. */
function otherAnswers(rounds: readonly FoldedRound[]): string[] {
  const [a, b] = sides.map((side) => answersOf(rounds.map(({ round }) => round.sides[side])));
  const names = new Set([...a!.keys(), ...b!.keys()]);
  const enough = samplesNeeded(0.9);
  return [...names].flatMap((name) => {
    const [base, head] = [a!.get(name), b!.get(name)];
    if (Math.max(base?.count ?? 0, head?.count ?? 0) < enough) return [];
    const question = 'are both the same endpoint?';
    if (base === undefined || head === undefined) {
      const only = labels[base === undefined ? 1 : 0];
      return [`only ${only} was sent "${name}": ${question}`];
    }
    const [short, long] = [base.bytes / base.count, head.bytes / head.count].sort((x, y) => x - y);
    if (long! <= mostTimesAsLong * Math.max(1, short!)) return [];
    const sizes = `${Math.round(base.bytes / base.count)} and ${Math.round(head.bytes / head.count)}`;
    return [`base and head answer "${name}" with ${sizes} bytes on average: ${question}`];
  });
}

function answersOf(rounds: readonly SideRound[]) {
  const sums = new Map<string, { count: number; bytes: number }>();
  for (const { answers } of rounds) {
    for (const [name, { count, bytes }] of Object.entries(answers)) {
      const sum = sums.get(name) ?? { count: 0, bytes: 0 };
      sums.set(name, { count: sum.count + count, bytes: sum.bytes + bytes });
    }
  }
  return sums;
}

/** Only if it happens in most rounds, since a busy machine may cause it once in a while. */
function fallsBehind(rounds: readonly FoldedRound[], side: Place): string[] {
  const behind = rounds.filter(({ round }) => isBehind(round.sides[side]));
  if (rounds.length === 0 || behind.length <= rounds.length / 2) return [];
  return [
    `${labels[side]} does not keep up with its load: the requests in flight grew in ` +
      `${behind.length} of ${counted(rounds.length, 'round')}; send less`,
  ];
}

function isBehind({ unanswered, overruns }: SideRound): boolean {
  const third = Math.floor(unanswered.length / 3);
  if (overruns > unanswered.length / 2) return true;
  if (third === 0) return false;
  const [first, last] = [unanswered.slice(0, third), unanswered.slice(-third)].map(meanOf);
  return last! > growth.times * first! + growth.more;
}

function controlFaults(rounds: readonly FoldedRound[], metrics: readonly PairMetric[]): string[] {
  const comparing = rounds.filter(({ round }) => !isControl(round));
  if (comparing.length < leastRounds) return [];
  const ratios = metrics.filter((metric) => pairMetricTable[metric].kind === 'ratio');
  return ratios.flatMap((metric) => {
    const values = comparing.map((one) => differenceOf(one, metric)).filter(Number.isFinite);
    const estimate = estimateOf({ values, resolution: 0 });
    if (estimate === undefined) return [];
    const deviation = Math.max(estimate.deviation, leastDeviation);
    const most = mostDeviationsAmong(estimate.rounds);
    return rounds.flatMap((one) => {
      const { round } = one;
      const difference = Math.abs(differenceOf(one, metric));
      if (!isControl(round) || !(difference > most * deviation)) return [];
      const times = (difference / deviation).toFixed(1);
      return [
        `two processes of ${labels[round.builds[0] === 'A' ? 0 : 1]} differ in ${metric} by ${times} ` +
          `standard deviations (control, round ${round.number}): something other than the builds decides`,
      ];
    });
  });
}

/**
 * As unlikely as 4 deviations would be if the deviation were known. From a few rounds it is itself
 * uncertain.
 */
function mostDeviationsAmong(rounds: number): number {
  const chance = normalUpperTail(mostDeviations);
  return tQuantile(1 - chance, rounds - 1) * Math.sqrt(1 + 1 / rounds);
}

/** The side that is asked second is faster, whichever it is, so the two share a cache. */
function sharedCache(rounds: readonly FoldedRound[]): string[] {
  if (rounds.length < leastRounds) return [];
  const gains = sides.map((side) => {
    const values = rounds
      .map(({ round }) =>
        Math.log(medianOf(round.sides[side].first) / medianOf(round.sides[side].second)),
      )
      .filter(Number.isFinite);
    const estimate = estimateOf({ values, resolution: 0 });
    const isProven = estimate !== undefined && chanceOfMore(estimate, 0) < leastChance;
    return isProven ? Math.expm1(estimate.mean) : 0;
  });
  if (!gains.every((gain) => gain > leastGain)) return [];
  return [
    'the side that is asked second is always faster, by ' +
      `${gains.map((gain) => shareText(gain / (1 + gain))).join(' and ')} at p50: they share a cache`,
  ];
}

function medianOf({ outcomes, responseTime }: Twins): number {
  return statisticOf(Histogram.from(responseTime), 'p50', scheduledOf(outcomes));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
