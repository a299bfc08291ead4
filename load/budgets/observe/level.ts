/** Levels that the monitor read of the system: the worst of the judged phases. */
import { figures } from '../../metrics/definitions.ts';
import type { FigureSubject } from '../../metrics/log/budget.ts';
import type { Reading } from '../../metrics/log/monitor-reading.ts';
import type { Result } from '../../metrics/result/result.ts';
import { isOfWhole, nothing, type BudgetOn, type Observation } from './observation.ts';
import { lastSpans, overlapMs, readingsOf, type Span } from './readings.ts';

/** Over less than this a share of CPU time is the grain of its clock. */
const shortestMs = 1000;
/** So many of the readings may not tell the figure, before it is unknown. */
const untold = 0.1;

export interface Level {
  readonly startMs: number;
  readonly atMs: number;
  readonly value: number;
}

/** The highest reading where lower is better, the lowest where higher is. */
export function observeLevel(result: Result, budget: BudgetOn<FigureSubject>): Observation {
  const { metric } = budget.subject;
  const readings = readingsOf(result, metric);
  const [first] = readings;
  if (first === undefined || !isOfWhole(budget)) return nothing;
  const spans = lastSpans(result, budget.lastMs, readings);
  const levels = levelsIn(result, metric, spans);
  const asked = result.readings.filter(
    (reading) => reading.source === first.source && isWithin(reading, spans),
  );
  if (levels.length === 0 || levels.length < (1 - untold) * asked.filter(isLong).length) {
    return nothing;
  }
  const sign = figures[metric].better === 'lower' ? 1 : -1;
  const { startMs, atMs, value } = levels.reduce((far, level) =>
    sign * level.value > sign * far.value ? level : far,
  );
  return { value, samples: levels.length, needed: 1, worst: { startMs, endMs: atMs, value } };
}

/** The figure's readings within the spans, in the order of time. */
export function levelsIn(result: Result, figure: string, spans: readonly Span[]): Level[] {
  return readingsOf(result, figure).flatMap((reading) => {
    const { fromMs, toMs, ratios = {}, gauges = {} } = reading;
    if (!isWithin(reading, spans)) return [];
    const gauge = Object.hasOwn(gauges, figure) ? gauges[figure] : undefined;
    if (gauge !== undefined) return [{ startMs: toMs, atMs: toMs, value: gauge }];
    const ratio = Object.hasOwn(ratios, figure) ? ratios[figure] : undefined;
    if (ratio === undefined || !(ratio.whole > 0) || !isLong(reading)) return [];
    const value = ratio.part / ratio.whole;
    // A rounded percentage may leave one span below 0 or above all there was.
    const within = ratio.rounded === undefined ? value : Math.min(1, Math.max(0, value));
    return [{ startMs: fromMs, atMs: toMs, value: within }];
  });
}

function isLong({ fromMs, toMs }: Reading): boolean {
  return toMs - fromMs >= shortestMs;
}

/** A reading at the border of a phase is told to be of what came before it. */
function isWithin(reading: Reading, spans: readonly Span[]): boolean {
  const { fromMs, toMs } = reading;
  if (fromMs === toMs) return spans.some(([startMs, endMs]) => startMs <= toMs && toMs <= endMs);
  return overlapMs(reading, spans) >= 0.9 * (toMs - fromMs);
}
