/**
 * Problems that make a pair invalid, whatever its figures: a side that is down or answers differently,
 * one that cannot keep up with its load, rounds with too few requests, a cache shared by both, and a
 * control in which two processes of one build differ.
 */
import { momentText, shareText } from '../metrics/figure-text.ts';
import { scheduledOf } from '../metrics/outcome.ts';
import { samplesNeeded, statisticOf } from '../metrics/percentile.ts';
import { counted } from '../platform/words.ts';
import { Histogram } from '../metrics/histogram.ts';
import { differenceOf, figuresOf, leastDeviation, type FoldedRound } from './compared.ts';
import { beyondChance, chanceOfMore, estimateOf } from './estimate.ts';
import { pairMetricTable, type PairMetric } from './pair-metrics.ts';
import { isControl, mostLengths, type Build, type SideRound, type Twins } from './round.ts';

const sides = [0, 1] as const;
type Place = (typeof sides)[number];
const builds = ['A', 'B'] as const;
const labels = ['base', 'head'] as const;
const labelOf: Readonly<Record<Build, string>> = { A: labels[0], B: labels[1] };

/** The least number of rounds for checking controls and the order of twins. */
const leastRounds = 8;
/** The least number of rounds in which a side may have fallen behind, if the pair has as many. */
const leastRoundsBehind = 3;
const mostDeviations = 4;
/** Answers of one endpoint have about the same size. A larger ratio means two endpoints. */
const mostTimesAsLong = 2;
/** A shared cache makes the second of two twins faster by at least this share. */
const leastGain = 0.1;
const leastChance = 0.001;
const growth = { times: 2, more: 5 } as const;
/** The length that is proposed for rounds is longer by this factor than seems to be needed. */
const spare = 1.1;
const moreRequests = 'set a longer round for comparePair, or send more at once';

export interface FaultRules {
  readonly metrics: readonly PairMetric[];
  readonly mostRounds: number;
  /** Names of requests that the sides may answer differently. */
  readonly answersMayDiffer: readonly string[];
}

export function faultsIn(
  rounds: readonly FoldedRound[],
  { metrics, mostRounds, answersMayDiffer }: FaultRules,
): readonly string[] {
  const comparing = rounds.filter(({ round }) => !isControl(round));
  const behindFrom = Math.min(leastRoundsBehind, mostRounds);
  return [
    ...rounds.flatMap(({ round }) => round.faults.slice(0, 1)),
    ...builds.flatMap((build) => downFault(rounds, build)),
    ...otherAnswers(comparing, answersMayDiffer),
    ...tooShort(comparing, metrics),
    ...(comparing.length < behindFrom ? [] : sides.flatMap((side) => fallsBehind(comparing, side))),
    ...controlErrors(rounds),
    ...controlFaults(rounds, metrics),
    ...sharedCache(comparing),
  ];
}

/**
 * Most requests to a process of this build did not end ok, in a control or not: it is down, or it is
 * another service.
 */
function downFault(rounds: readonly FoldedRound[], build: Build): string[] {
  for (const { round, totals } of rounds) {
    for (const side of sides.filter((place) => round.builds[place] === build)) {
      const { outcomes, scheduled } = totals[side];
      const notOk = scheduled - (outcomes.ok ?? 0);
      if (scheduled > 0 && notOk <= scheduled / 2) continue;
      const at = `in round ${round.number} (${momentText(round.startedAtMs)})`;
      if (scheduled === 0) {
        return [`${labelOf[build]} was sent nothing ${at}; ${moreRequests}`];
      }
      const [worst] = [...round.sides[side].errors].sort((a, b) => b.count - a.count);
      const told = worst === undefined ? '' : `: ${worst.kind} ${worst.sample}`.trimEnd();
      const share = shareText(notOk / scheduled);
      return [
        `${labelOf[build]} is down or gives wrong answers: ${share} of its requests did not end ok ${at}${told}`,
      ];
    }
  }
  return [];
}

/**
 * Most rounds ended without the requests that a percentile needs, however long they were. All further
 * ones would.
 */
function tooShort(rounds: readonly FoldedRound[], metrics: readonly PairMetric[]): string[] {
  const [most] = [...metrics].sort((a, b) => pairMetricTable[b].needed - pairMetricTable[a].needed);
  if (most === undefined) return [];
  const { needed } = pairMetricTable[most];
  const short = rounds.filter(({ totals }) => leastOf(totals) > 0 && leastOf(totals) < needed);
  if (short.length <= rounds.length / 2) return [];
  const { round, totals } = short[0]!;
  const [base, head] = totals.map(({ scheduled }) => scheduled);
  const neededMs = ((round.endedAtMs - round.startedAtMs) * needed) / leastOf(totals);
  const askedSeconds = 5 * Math.ceil((spare * neededMs) / mostLengths / 5000);
  return [
    `round ${round.number} was too short: base was sent ${base} and head ${head} of the ${needed} requests ` +
      `that ${most} needs in a round; set round: '${askedSeconds}s' for comparePair, or send more at once`,
  ];
}

function leastOf(totals: FoldedRound['totals']): number {
  return Math.min(...totals.map(({ scheduled }) => scheduled));
}

/** Requests of one name whose answers differ in size go to different endpoints. */
function otherAnswers(rounds: readonly FoldedRound[], mayDiffer: readonly string[]): string[] {
  const [a, b] = sides.map((side) => answersOf(rounds.map(({ round }) => round.sides[side])));
  const names = new Set([...a!.keys(), ...b!.keys()]);
  const enough = samplesNeeded(0.9);
  return [...names].flatMap((name) => {
    const [base, head] = [a!.get(name), b!.get(name)];
    if (Math.max(base?.count ?? 0, head?.count ?? 0) < enough) return [];
    const question = 'is it the same endpoint on both sides?';
    if (base === undefined || head === undefined) {
      const only = labels[base === undefined ? 1 : 0];
      return [`only ${only} was sent "${name}": ${question}`];
    }
    const [short, long] = [base.bytes / base.count, head.bytes / head.count].sort((x, y) => x - y);
    if (mayDiffer.includes(name) || long! <= mostTimesAsLong * Math.max(1, short!)) return [];
    const sizes = `${Math.round(base.bytes / base.count)} and ${Math.round(head.bytes / head.count)}`;
    return [
      `base and head answer "${name}" with ${sizes} bytes on average: ${question} If it is, set ` +
        `answersMayDiffer: ['${name}'] for comparePair`,
    ];
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

/** By counts alone, since few comparing rounds have errors to compare with. */
function controlErrors(rounds: readonly FoldedRound[]): string[] {
  const values = rounds
    .filter(({ round }) => !isControl(round))
    .map((one) => differenceOf(one, 'errorRate'))
    .filter(Number.isFinite);
  const estimate = estimateOf({ values, resolution: 0 });
  const usual =
    estimate === undefined ? 0 : beyondChance(mostDeviations, estimate.rounds) * estimate.deviation;
  return rounds.flatMap((one) => {
    const { round, totals } = one;
    const shares = figuresOf(one, 'errorRate');
    const both = (shares[0] + shares[1]) / 2;
    const chance = Math.sqrt((2 * both * (1 - both)) / leastOf(totals));
    const difference = Math.abs(shares[1] - shares[0]);
    if (!isControl(round) || !(difference > Math.max(usual, mostDeviations * chance))) return [];
    return [
      `two processes of ${labelOf[round.builds[0]]} fail ${shares.map(shareText).join(' and ')} of their ` +
        `requests (control, round ${round.number}): something besides the builds makes a difference`,
    ];
  });
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
    const most = beyondChance(mostDeviations, estimate.rounds);
    return rounds.flatMap((one) => {
      const { round } = one;
      if (!isControl(round)) return [];
      const place = `(control, round ${round.number}): something besides the builds makes a difference`;
      const two = `two processes of ${labelOf[round.builds[0]]}`;
      const [a, b] = figuresOf(one, metric).map(Number.isNaN);
      if (a !== b) return [`only one of ${two} has a ${metric} ${place}`];
      const difference = Math.abs(differenceOf(one, metric));
      // If it is infinite, the errors are compared instead.
      if (!Number.isFinite(difference) || difference <= most * deviation) return [];
      const times = (difference / deviation).toFixed(1);
      return [`${two} differ in ${metric} by ${times} standard deviations ${place}`];
    });
  });
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
