/** The key of a budget: which metric, which statistic of it, of which labels. */
import {
  figures,
  rises,
  statistics,
  trends,
  type FigureName,
  type RiseName,
  type Statistic,
  type TrendName,
} from '../metrics/definitions.ts';
import { nearestName } from '../platform/nearest-name.ts';
import type { Dimension } from '../metrics/figure-text.ts';
import { dimensionOfUnit } from './units.ts';

/** A metric of the user's own, as the user definition (and the plan) declares it. */
export interface DeclaredMetric {
  readonly kind: 'counter' | 'gauge' | 'rate' | 'trend';
  readonly unit?: string | undefined;
}

export type DeclaredMetrics = Readonly<Record<string, DeclaredMetric>>;

/** What is looked at: a statistic of a trend, a built-in figure, its climb, a user's counter or rate. */
export type Subject =
  | { readonly kind: 'trend'; readonly metric: string; readonly statistic: Statistic }
  | { readonly kind: 'figure'; readonly metric: FigureName }
  | { readonly kind: 'rise'; readonly metric: RiseName }
  | { readonly kind: 'counter' | 'rate'; readonly metric: string };

export interface Key {
  readonly subject: Subject;
  readonly labels: Readonly<Record<string, string>>;
  readonly dimension: Dimension;
  /** One of the metric's own unit in the base unit of the dimension. */
  readonly scale: number;
}

/** Reads a key. Throws with the nearest known name and what is accepted. */
export function parseKey(key: string, declared: DeclaredMetrics): Key {
  const [name, labels] = partsOf(key);
  const { subject, unit } = subjectOf(name, declared);
  if (Object.keys(labels).length > 0) refuseLabels(subject);
  return { subject, labels, ...dimensionOfUnit(unit) };
}

/** `p95{model=small}` → `{ model: 'small' }`. Throws where it is no key. */
export function labelsOfKey(key: string): Readonly<Record<string, string>> {
  return partsOf(key)[1];
}

function partsOf(key: string): [name: string, labels: Record<string, string>] {
  const match = /^([^{}]*)(?:\{([^{}]*)\})?$/.exec(key);
  if (match === null) throw new Error(`braces stand once, at the end: p95{model=small}`);
  return [match[1]!, match[2] === undefined ? {} : parseLabels(match[2])];
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const part of text.split(',')) {
    const at = part.indexOf('=');
    const name = part.slice(0, at).trim();
    const value = part.slice(at + 1).trim();
    if (at < 0 || name === '' || value === '') {
      throw new Error(`"{${text}}" is no list of labels; accepted: {model=small,turn=2}`);
    }
    if (Object.hasOwn(labels, name)) throw new Error(`label "${name}" stands twice`);
    labels[name] = value;
  }
  return labels;
}

function subjectOf(name: string, declared: DeclaredMetrics): { subject: Subject; unit: string } {
  if (isStatistic(name)) return trendSubject('responseTime', name, 'ms');
  if (Object.hasOwn(figures, name)) {
    const metric = name as FigureName;
    return { subject: { kind: 'figure', metric }, unit: figures[metric].unit };
  }
  if (Object.hasOwn(rises, name)) {
    return { subject: { kind: 'rise', metric: name as RiseName }, unit: 'share' };
  }
  const statistic = statistics.find((candidate) => name.endsWith(`.${candidate}`));
  const metric = statistic === undefined ? name : name.slice(0, -statistic.length - 1);
  const own = Object.hasOwn(declared, metric) ? declared[metric]! : undefined;
  if (Object.hasOwn(trends, metric)) {
    if (statistic === undefined) throw new Error(needsStatistic(metric));
    return trendSubject(metric, statistic, trends[metric as TrendName].unit);
  }
  if (own === undefined && Object.hasOwn(figures, metric)) throw new Error(hasNoStatistic(metric));
  if (own === undefined) throw new Error(unknownName(name, declared));
  if (own.kind === 'gauge') {
    throw new Error(`${metric} is a gauge, which has no total; record it as a trend to budget it`);
  }
  if (own.kind === 'trend') {
    if (statistic === undefined) throw new Error(needsStatistic(metric));
    return trendSubject(metric, statistic, own.unit ?? '');
  }
  if (statistic !== undefined) throw new Error(hasNoStatistic(metric));
  const unit = own.kind === 'rate' ? 'share' : (own.unit ?? '');
  return { subject: { kind: own.kind, metric }, unit };
}

function trendSubject(
  metric: string,
  statistic: Statistic,
  unit: string,
): { subject: Subject; unit: string } {
  return { subject: { kind: 'trend', metric, statistic }, unit };
}

/** Throughput is counted in the second in which a request ended, and no label is kept there. */
function refuseLabels(subject: Subject): void {
  const isLabelled = subject.metric !== 'throughput' && subject.metric !== 'longestStall';
  if (isLabelled && subject.kind !== 'rise') return;
  throw new Error(`${subject.metric} is not counted by label; leave the braces out`);
}

function isStatistic(name: string): name is Statistic {
  return (statistics as readonly string[]).includes(name);
}

function needsStatistic(metric: string): string {
  return `${metric} needs a statistic, as in ${metric}.p95; accepted: ${statistics.join(' ')}`;
}

function hasNoStatistic(metric: string): string {
  return `${metric} is a single figure; accepted: ${metric} alone`;
}

function unknownName(name: string, declared: DeclaredMetrics): string {
  const own = Object.entries(declared).filter(([, { kind }]) => kind !== 'gauge');
  const ownTrends = own.filter(([, { kind }]) => kind === 'trend').map(([metric]) => metric);
  const ownFigures = own.filter(([, { kind }]) => kind !== 'trend').map(([metric]) => metric);
  const trendNames = [...Object.keys(trends), ...ownTrends];
  const figureNames = [...Object.keys(figures), ...ownFigures];
  const nearest = nearestName(name, [
    ...statistics,
    ...figureNames,
    ...Object.keys(rises),
    ...trendNames.flatMap((trend) => statistics.map((statistic) => `${trend}.${statistic}`)),
  ]);
  return (
    `no such metric${nearest === undefined ? '' : `, did you mean "${nearest}"?`}; ` +
    `accepted: ${statistics.join(' ')}, the same after a name and a dot ` +
    `(${trendNames.join(' ')}), ${[...figureNames, ...Object.keys(rises)].join(' ')}, labels in braces`
  );
}
