/** Levels that the monitor reads: the worst of the judged phases. */
import { figures } from '../../metrics/definitions.ts';
import type { FigureSubject } from '../../metrics/log/budget.ts';
import type { Result } from '../../metrics/result/result.ts';
import { isOfWhole, nothing, type BudgetOn, type Observation } from './observation.ts';
import { isLong, isWithin, levelsIn, readingsOf } from '../../metrics/result/readings.ts';
import { lastSpans } from './last-spans.ts';

/** If more than this share of the readings lack the figure, it is unknown. */
const untold = 0.1;

/** The highest reading if lower is better, the lowest if higher is better. */
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
