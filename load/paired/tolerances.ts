/** How much worse side B may be: `{ p50: '10 %', p95: '10 %', errorRate: '0.5 points' }`. */
import { toBase } from '../budgets/units.ts';
import { pairMetrics, pairMetricTable, type PairMetric } from './pair-metrics.ts';

/**
 * The tolerances of a test, as texts. The error rate is always judged, by 0.5 points if it is not named.
 * @example
 * const tolerances: PairTolerances = { p50: '5 %', errorRate: '0.1 points' };
 * expect(pair).toBeNoSlowerThan(tolerances);
 */
export type PairTolerances = Readonly<Partial<Record<PairMetric, string>>>;

export const defaultTolerances = {
  p50: '10 %',
  p95: '10 %',
  errorRate: '0.5 points',
} satisfies PairTolerances;

export interface Tolerance {
  readonly metric: PairMetric;
  /** As stated in the test. */
  readonly text: string;
  /** 0.1 for 10 %, 0.005 for 0.5 points. */
  readonly share: number;
}

/**
 * Throws with the metric, the value and what is accepted. Adds the error rate, since a head that fails
 * fast must never be called alike.
 */
export function parseTolerances(stated: unknown): readonly Tolerance[] {
  if (typeof stated !== 'object' || stated === null || Array.isArray(stated)) {
    throw new Error(`tolerances: accepted is an object such as ${example}`);
  }
  const entries = Object.entries(stated).filter(([, text]) => text !== undefined);
  if (entries.length === 0) throw new Error(`tolerances: there is none; accepted is ${example}`);
  const parsed = entries.map(([name, text]) => parseTolerance(name, text));
  const isNamed = parsed.some(({ metric }) => metric === 'errorRate');
  return isNamed ? parsed : [...parsed, parseTolerance('errorRate', defaultTolerances.errorRate)];
}

const example = "{ p50: '10 %', p95: '10 %', errorRate: '0.5 points' }";

function parseTolerance(name: string, text: unknown): Tolerance {
  const metric = pairMetrics.find((one) => one === name);
  if (metric === undefined) {
    throw new Error(`tolerances: no metric "${name}"; known are ${pairMetrics.join(', ')}`);
  }
  const unit = pairMetricTable[metric].kind === 'points' ? 'points' : '%';
  const [, number] = /^(\d+(?:\.\d+)?) (?:%|points)$/.exec(String(text)) ?? [];
  const share = number !== undefined && String(text).endsWith(unit) ? toBase(number, '%') : NaN;
  if (typeof text === 'string' && share > 0 && share <= 1) return { metric, text, share };
  throw new Error(
    `tolerances.${name}: ${JSON.stringify(text)}; accepted is more than 0 and at most 100 of ${unit}, ` +
      `such as '${unit === '%' ? '10 %' : '0.5 points'}'`,
  );
}

/** As a difference of the same kind as the metric's. */
export function toleratedDifference({ metric, share }: Tolerance): number {
  return pairMetricTable[metric].kind === 'points' ? share : Math.log1p(share);
}
