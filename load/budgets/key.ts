/** Parses the key of a budget: a metric, a statistic of it, and labels. */
import {
  figures,
  isHop,
  rises,
  statistics,
  trends,
  type FigureDefinition,
  type FigureName,
  type MetricDeclaration,
  type MetricDeclarations,
  type RiseName,
  type Statistic,
  type TrendName,
} from '../metrics/definitions.ts';
import type { Budget, ShareSubject, Subject } from '../metrics/log/budget.ts';
import { nearestName } from '../platform/nearest-name.ts';
import { dimensionOfUnit } from './units.ts';

export type Key = Pick<Budget, 'subject' | 'labels' | 'dimension' | 'scale'>;

/** A subject, and the unit in which it is recorded. */
interface Known {
  readonly subject: Subject;
  readonly unit: string;
}

/** Parses a key. Throws with the nearest known name and what is accepted. */
export function parseKey(key: string, declared: MetricDeclarations): Key {
  const match = /^([^{}]*)(?:\{([^{}]*)\})?$/.exec(key);
  if (match === null) throw new Error(`braces are allowed once, at the end: p95{model=small}`);
  const [, name = '', labelText] = match;
  const labels = labelText === undefined ? {} : parseLabels(labelText);
  const { subject, unit } = knownAs(name, declared);
  if (Object.keys(labels).length > 0) refuseLabels(subject);
  return { subject, labels, ...dimensionOfUnit(unit) };
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

function knownAs(name: string, declared: MetricDeclarations): Known {
  if (isStatistic(name)) return trendKnownAs('responseTime', name, 'ms');
  if (isFigure(name)) return { subject: figureSubject(name), unit: figures[name].unit };
  if (Object.hasOwn(rises, name)) {
    return { subject: { kind: 'rise', metric: name as RiseName }, unit: 'share' };
  }
  const statistic = statistics.find((candidate) => name.endsWith(`.${candidate}`));
  const metric = statistic === undefined ? name : name.slice(0, -statistic.length - 1);
  const own = Object.hasOwn(declared, metric) ? declared[metric]! : undefined;
  if (Object.hasOwn(trends, metric)) {
    return trendKnownAs(metric, statistic, trends[metric as TrendName].unit);
  }
  if (isHop(metric)) return trendKnownAs(metric, statistic, 'ms');
  if (own?.kind === 'trend') return trendKnownAs(metric, statistic, own.unit ?? '');
  if (own?.kind === 'gauge') {
    throw new Error(`${metric} is a gauge, which has no total; record it as a trend to budget it`);
  }
  const isSingle = own !== undefined || isFigure(metric);
  if (isSingle && statistic !== undefined) {
    throw new Error(`${metric} is a single figure; accepted: ${metric} alone`);
  }
  if (own === undefined) throw new Error(unknownName(name, declared));
  return declaredKnownAs(metric, own, declared);
}

function trendKnownAs(metric: string, statistic: Statistic | undefined, unit: string): Known {
  if (statistic === undefined) {
    throw new Error(
      `${metric} needs a statistic, as in ${metric}.p95; accepted: ${statistics.join(' ')}`,
    );
  }
  return { subject: { kind: 'trend', metric, statistic }, unit };
}

function figureSubject(metric: FigureName): ShareSubject {
  const { observed, over }: FigureDefinition = figures[metric];
  if (observed !== 'rate') return { kind: observed, metric };
  return { kind: 'rate', metric, over: over === 'scheduled' ? 'scheduled' : 'samples' };
}

function declaredKnownAs(
  metric: string,
  { kind, unit = '', over, of }: MetricDeclaration,
  declared: MetricDeclarations,
): Known {
  if (kind === 'counter') {
    return { subject: { kind, metric, over: over === 'run' ? 'run' : 'judged' }, unit };
  }
  if (kind === 'difference') {
    const [one, other] = of!;
    const sides = [shareSubject(one, declared), shareSubject(other, declared)] as const;
    return { subject: { kind, metric, of: [...sides] }, unit: 'share' };
  }
  return { subject: rateSubject(metric, over), unit: 'share' };
}

/** One side of a difference. defineUser has checked that it is a share. */
function shareSubject(metric: string, declared: MetricDeclarations): ShareSubject {
  return isFigure(metric) ? figureSubject(metric) : rateSubject(metric, declared[metric]?.over);
}

function rateSubject(metric: string, over: MetricDeclaration['over']): ShareSubject {
  return { kind: 'rate', metric, over: over === 'scheduled' ? 'scheduled' : 'samples' };
}

/** Throughput is counted in the second in which a request ended, without labels. */
function refuseLabels({ kind, metric }: Subject): void {
  if (kind !== 'throughput' && kind !== 'stall' && kind !== 'rise') return;
  throw new Error(`${metric} is not counted by label; leave the braces out`);
}

function isStatistic(name: string): name is Statistic {
  return (statistics as readonly string[]).includes(name);
}

function isFigure(name: string): name is FigureName {
  return Object.hasOwn(figures, name);
}

function unknownName(name: string, declared: MetricDeclarations): string {
  const own = Object.entries(declared).filter(([, { kind }]) => kind !== 'gauge');
  const ownTrends = own.filter(([, { kind }]) => kind === 'trend').map(([metric]) => metric);
  const ownFigures = own.filter(([, { kind }]) => kind !== 'trend').map(([metric]) => metric);
  const trendNames = [...Object.keys(trends), ...ownTrends];
  const figureNames = [...Object.keys(figures), ...ownFigures, ...Object.keys(rises)];
  const nearest = nearestName(name, [
    ...statistics,
    ...figureNames,
    ...trendNames.flatMap((trend) => statistics.map((statistic) => `${trend}.${statistic}`)),
  ]);
  return (
    `no such metric${nearest === undefined ? '' : `, did you mean "${nearest}"?`}; ` +
    `accepted: ${statistics.join(' ')}, the same after a name and a dot ` +
    `(${trendNames.join(' ')}), ${figureNames.join(' ')}, labels in braces; ` +
    `metrics of this user: ${own.length === 0 ? 'none' : own.map(([metric]) => metric).join(', ')}`
  );
}
