/**
 * The results of the probes that ran beside a load, by family, from their labels and counters. A family's
 * catalogue size is in the log even if none of its probes was sent.
 */
import { defined } from '../../platform/defined.ts';
import { groupedBy, sumOf } from '../../platform/lists.ts';
import type { Result } from '../../metrics/result/result.ts';
import type { SeriesTotal } from '../../metrics/result/series-totals.ts';
import { catalogue } from './probe-catalogue.ts';

/**
 * Metrics that a stream of probes records with the label `family`: once, how many probes are in the
 * catalogue and can be judged on this server; for each probe sent, also with the label `probe`, its
 * outcome. Probes must be refused, controls must be allowed.
 */
type ProbeMetric =
  | 'probesInCatalogue'
  | 'probesJudgeable'
  | (typeof oracleMetrics)[Oracle]
  | 'probesSent'
  | 'probesUnanswered'
  | 'sandboxViolations'
  | 'controlsSent'
  | 'controlsRefused';

/** Counts of the probes that were not sent, by the oracle that was missing. */
export const oracleMetrics = {
  files: 'probesWithoutFiles',
  listener: 'probesWithoutListener',
  pages: 'probesWithoutPages',
  endpoint: 'probesWithoutEndpoint',
} as const;

export type Oracle = keyof typeof oracleMetrics;

export interface ProbeFamilyReport {
  readonly family: string;
  readonly inCatalogue: number;
  /** How many can be judged on this server. The others are not sent. */
  readonly judgeable: number;
  /** Probes that were not sent, by the missing oracle. Absent if all can be judged. */
  readonly lacking?: Partial<Readonly<Record<Oracle, readonly string[]>>>;
  /** How many probes of the catalogue were sent at least once, and how many sends there were in all. */
  readonly probes: number;
  readonly sent: number;
  /** Sent without an answer, or nothing to send on this server. They prove nothing and are not in `sent`. */
  readonly unanswered: number;
  readonly violations: number;
  readonly controls: number;
  readonly refusedControls: number;
  /**
   * True if the server allowed its controls. Otherwise it may refuse everything, and a refusal shows
   * nothing.
   */
  readonly isConclusive: boolean;
  /** With 95 % confidence, fewer of such probes get out. Only if none got out and the result is conclusive. */
  readonly upperBound: number | undefined;
  /** Probes that got out, and controls that were refused. */
  readonly found: readonly ProbeFinding[];
}

export interface ProbeFinding {
  readonly probe: string;
  readonly count: number;
  /** The observation, as it is kept in the errors. */
  readonly evidence: string;
}

/** Over the whole load, in all phases; empty if no probes ran. */
export function probeFamiliesIn({ series }: Result): ProbeFamilyReport[] {
  const labelled = series.filter(({ labels }) => labels['family'] !== undefined);
  return [...groupedBy(labelled, ({ labels }) => labels['family']!)]
    .filter(([, own]) => own.some(({ gauges }) => Object.hasOwn(gauges, 'probesInCatalogue')))
    .map(([family, own]) => reportOf(family, own));
}

function reportOf(family: string, series: readonly SeriesTotal[]): ProbeFamilyReport {
  const size = (metric: ProbeMetric): number =>
    Math.max(0, ...series.map(({ gauges }) => gauges[metric] ?? 0));
  const sent = countOf(series, 'probesSent');
  const violations = countOf(series, 'sandboxViolations');
  const sentProbes = series.filter(({ counters }) => (counters['probesSent'] ?? 0) > 0);
  const lacks = lackingIn(series);
  const [controls, refusedControls] = [
    countOf(series, 'controlsSent'),
    countOf(series, 'controlsRefused'),
  ];
  const isConclusive = refusedControls === 0 && (controls > 0 || !hasControls(family, lacks));
  return {
    ...defined({ lacking: Object.keys(lacks).length === 0 ? undefined : lacks }),
    family,
    inCatalogue: size('probesInCatalogue'),
    judgeable: size('probesJudgeable'),
    probes: new Set(sentProbes.map(({ labels }) => labels['probe'])).size,
    sent,
    violations,
    unanswered: countOf(series, 'probesUnanswered'),
    controls,
    refusedControls,
    isConclusive,
    upperBound: sent > 0 && violations === 0 && isConclusive ? upperBound(sent) : undefined,
    found: findingsIn(series),
  };
}

/** Whether the family has controls to send. One that needs pages is not sent without them. */
function hasControls(family: string, lacks: ProbeFamilyReport['lacking'] = {}): boolean {
  const own = catalogue.filter((probe) => probe.family === family && probe.control !== undefined);
  return own.some(({ needsPages }) => needsPages !== true || lacks.pages === undefined);
}

function lackingIn(series: readonly SeriesTotal[]): Partial<Record<Oracle, string[]>> {
  const lists = (Object.keys(oracleMetrics) as Oracle[]).map((oracle) => {
    const own = series.filter(({ counters }) => (counters[oracleMetrics[oracle]] ?? 0) > 0);
    return [oracle, [...new Set(own.map(({ labels }) => labels['probe'] ?? ''))].sort()] as const;
  });
  return Object.fromEntries(lists.filter(([, probes]) => probes.length > 0));
}

function findingsIn(series: readonly SeriesTotal[]): ProbeFinding[] {
  return [...groupedBy(series, ({ labels }) => labels['probe'])].flatMap(([probe, own]) => {
    const count = countOf(own, 'sandboxViolations') + countOf(own, 'controlsRefused');
    if (probe === undefined || count === 0) return [];
    const samples = own.flatMap(({ errors }) => errors.map(({ sample }) => sample));
    const evidence = samples.find((sample) => sample.startsWith(probe)) ?? samples[0] ?? '';
    return [{ probe, count, evidence }];
  });
}

function countOf(series: readonly SeriesTotal[], metric: ProbeMetric): number {
  return sumOf(series, ({ counters }) => counters[metric] ?? 0);
}

/** Upper bound of the success rate after n independent tries without a success: 1 − 0.05^(1/n). */
export function upperBound(tries: number): number {
  return tries === 0 ? 1 : 1 - 0.05 ** (1 / tries);
}
