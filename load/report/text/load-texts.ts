/**
 * A load in plain text: what is attached to its test, and what is printed at its end. Start reading here:
 * the other files of the folder have a table each, as data, as text and as Markdown.
 */
import type { Verdict } from '../../budgets/judge.ts';
import type { Result } from '../../metrics/result/result.ts';
import { hopsIn, hopsText } from './hops.ts';
import { metricFigures, metricsText } from './metric-figures.ts';
import { errorsText, outcomesIn, outcomesText } from './outcomes.ts';
import { speedUpText } from './speed-up.ts';
import { targetLevels, targetText } from './target-table.ts';
import type { ReportSection } from './report-section.ts';
import { statisticsIn } from './statistics.ts';
import { statisticsText } from './statistics-table.ts';
import { verdictTable } from './verdict-table.ts';

/** In the order in which a reader wants them; an empty one is left out. */
export interface LoadTexts {
  readonly budgets: string;
  readonly statistics: string;
  readonly outcomes: string;
  /** What the system held before and after; empty where the monitor did not look. */
  readonly target: string;
  /** By name what only some loads have; empty where this one has not. */
  readonly sections: Readonly<Record<string, string>>;
  /** All kinds, with whole samples; the most frequent stand in `budgets`, too. */
  readonly errors: string;
  /** What `toMatchBaseline` found; empty where the test did not ask. */
  readonly baseline: string;
}

export function textsOf(
  result: Result,
  verdict: Verdict,
  sections: readonly ReportSection[] = [],
): LoadTexts {
  const outcomes = outcomesIn(result);
  const metrics = metricsText(metricFigures(result));
  return {
    budgets: verdictTable(verdict, result),
    statistics: statisticsText(statisticsIn(result, verdict)),
    outcomes: [outcomesText(outcomes), metrics, hopsText(hopsIn(result)), speedUpText(result)]
      .filter((text) => text !== '')
      .join('\n\n'),
    target: targetText(targetLevels(result)),
    sections: Object.fromEntries(sections.map((one) => [one.name, one.text(result)])),
    errors: errorsText(outcomes),
    baseline: '',
  };
}

/** As they stand beside the test, by name and in their order; what is empty is left out. */
export function namedTexts(texts: LoadTexts): [string, string][] {
  const { sections, errors, baseline, ...first } = texts;
  const all = { ...first, ...sections, errors, baseline };
  return Object.entries(all).filter(([, text]) => text !== '');
}

/** All there is, as `npm run report` prints it: the verdict stands last, where the eye is. */
export function printedLoad(name: string, texts: LoadTexts): string {
  return `\n${[name, ...figureTexts(texts), texts.budgets].join('\n\n')}\n\n`;
}

/** What stands above the verdict; what is empty is left out. */
export function figureTexts(texts: LoadTexts): string[] {
  const { statistics, outcomes, target, sections, baseline } = texts;
  const all = [statistics, outcomes, target, ...Object.values(sections), baseline];
  return all.filter((text) => text !== '');
}
