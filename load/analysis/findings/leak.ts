/** The target uses more and more memory or descriptors: a trend over a steady state. */
import { chanceAccepted, trendIn, type Trend } from '../trend.ts';
import { mannKendall } from '../mann-kendall.ts';
import { medianOf, medianPoints, pairSlopes, type Point } from '../theil-sen.ts';
import { rises, type RiseName } from '../../metrics/definitions.ts';
import { chanceText, figureText, shareText, type Dimension } from '../../metrics/figure-text.ts';
import type { Check, Rule } from './finding.ts';

/**
 * A heap that fills up and then stays level also rises. In a leak the second half rises at least at this
 * share of the overall rate.
 */
const goesOn = 0.4;
/** Half of the time gives weaker evidence: five minutes that all rise are this clear. */
const chanceOfHalf = 0.015;

interface LeakOf {
  readonly name: string;
  readonly figure: 'targetMemory' | 'targetDescriptors';
  readonly dimension: Dimension;
  /** The least rise, as a share. The least absolute rise is in the table of metrics. */
  readonly leastShare: number;
  readonly what: string;
  readonly recommendation: string;
}

export const memoryLeak = leakRule({
  name: 'memory-leak',
  figure: 'targetMemory',
  dimension: 'bytes',
  leastShare: 0.05,
  what: 'memory',
  recommendation:
    'compare two heap snapshots taken some minutes apart under this load, and bound what grows (caches, lists, listeners)',
});

export const descriptorLeak = leakRule({
  name: 'descriptor-leak',
  figure: 'targetDescriptors',
  dimension: 'number',
  leastShare: 0.1,
  what: 'open descriptors',
  recommendation:
    'list what is open (`ls -l /proc/<pid>/fd`), and close files and sockets in every path, errors included',
});

function leakRule(leak: LeakOf): Rule {
  return {
    name: leak.name,
    title: `the target leaked ${leak.what}`,
    yieldsTo: [],
    isOfLevels: false,
    find: ({ level, blockMs }) => {
      const points = medianPoints(level.readings(leak.figure), blockMs);
      const trend = trendIn(points);
      if (trend === undefined || !isRise(trend, leak) || !continues(points, trend, leak))
        return undefined;
      return {
        signals: [signalOf(trend, leak)],
        n: trend.blocks,
        checks: [loadCheck(level.users)],
        explains: 0,
        recommendation: leak.recommendation,
        nextExperiment:
          'run it twice as long: a leak doubles its rise, a cache that fills does not',
      };
    },
  };
}

function isRise({ from, to, pOfRise }: Trend, leak: LeakOf): boolean {
  return pOfRise < chanceAccepted && isLarge(to - from, from, leak);
}

function isLarge(rise: number, from: number, { figure, leastShare }: LeakOf): boolean {
  const { least } = rises[`rise.${figure}` satisfies RiseName];
  return rise >= least && rise >= leastShare * from;
}

/** Whether the second half also rises, at a rate that would be enough for the whole. */
function continues(points: readonly Point[], whole: Trend, leak: LeakOf): boolean {
  const { from, to, spanMs } = whole;
  const later = points.slice(Math.floor(points.length / 2));
  const slope = medianOf(pairSlopes(later));
  const values = later.map(({ y }) => y);
  const detrended = later.map(({ x, y }) => y - slope * x);
  const { pOfRise } = mannKendall(values, detrended);
  const rise = slope * spanMs;
  const isEnough = rise >= goesOn * (to - from) && isLarge(rise, from, leak);
  return isEnough && pOfRise < chanceOfHalf;
}

function signalOf({ from, to, change, spanMs, pOfRise }: Trend, leak: LeakOf) {
  const { figure, dimension, leastShare } = leak;
  const [low, high] = [from, to].map((value) =>
    figureText(dimension === 'number' ? Math.round(value) : value, dimension),
  );
  const text =
    `${figure} rose from ${low} to ${high} over ${figureText(spanMs, 'time')} ` +
    `(${chanceText(pOfRise)}), and went on rising in the second half`;
  return { name: figure, value: change, threshold: leastShare, dimension: 'share', text } as const;
}

/** Memory that grows with the number of users is no leak while users are added. */
function loadCheck(users: readonly number[]): Check {
  const half = Math.floor(users.length / 2);
  const [early, late] = [medianOf(users.slice(0, half)), medianOf(users.slice(half))];
  if (!(late > early * (1 + leastGrowth))) {
    return { text: 'the load stayed as it was', outcome: 'speaks for it' };
  }
  const text = `the load grew by ${shareText(late / early - 1)} meanwhile`;
  return { text, outcome: 'speaks against it' };
}

const leastGrowth = 0.05;
