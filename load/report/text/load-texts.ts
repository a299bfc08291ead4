/**
 * A load as plain text: attached to its test and printed at its end. Start reading here. Each other file
 * of the folder has a table, as data, as text and as Markdown.
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

/** In the order for readers. Empty ones are left out. */
export interface LoadTexts {
  readonly budgets: string;
  readonly statistics: string;
  readonly outcomes: string;
  /** The levels of the system before and after; empty if it was not monitored. */
  readonly target: string;
  /** By name: sections that only some loads have; empty if this one does not. */
  readonly sections: Readonly<Record<string, string>>;
  /** All kinds, with whole examples. The most frequent ones are also in `budgets`. */
  readonly errors: string;
  /** The result of `toMatchBaseline`; empty if the test did not call it. */
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

/** By name and in order, as attached to the test. Empty ones are left out. */
export function namedTexts(texts: LoadTexts): [string, string][] {
  const { sections, errors, baseline, ...first } = texts;
  const all = { ...first, ...sections, errors, baseline };
  return Object.entries(all).filter(([, text]) => text !== '');
}

/** Everything, as `npm run report` prints it. The verdict is last, where readers look first. */
export function printedLoad(name: string, texts: LoadTexts): string {
  return `\n${[name, ...figureTexts(texts), texts.budgets].join('\n\n')}\n\n`;
}

/** The texts above the verdict, without empty ones. */
export function figureTexts(texts: LoadTexts): string[] {
  const { statistics, outcomes, target, sections, baseline } = texts;
  const all = [statistics, outcomes, target, ...Object.values(sections), baseline];
  return all.filter((text) => text !== '');
}
