/**
 * A load in plain text: what is attached to its test, and what is printed at its end. Start reading here:
 * the other files of the folder have a table each, as data, as text and as Markdown.
 */
import type { Verdict } from '../../budgets/judge.ts';
import { probeFamiliesIn } from '../../systems/mcp-server/probe-families.ts';
import type { Result } from '../../metrics/result/result.ts';
import { metricFigures, metricsText } from './metric-figures.ts';
import { errorsText, outcomesIn, outcomesText } from './outcomes.ts';
import { speedUpText } from './speed-up.ts';
import { targetLevels, targetText } from './target-table.ts';
import { probesText } from '../../systems/mcp-server/probes-table.ts';
import { statisticsIn, statisticsText } from './statistics.ts';
import { verdictTable } from './verdict-table.ts';

/** In the order in which a reader wants them; an empty one is left out. */
export interface LoadTexts {
  readonly budgets: string;
  readonly statistics: string;
  readonly outcomes: string;
  /** What the system held before and after; empty where the monitor did not look. */
  readonly target: string;
  /** What the probes of a sandbox found; empty where none ran. */
  readonly probes: string;
  /** All kinds, with whole samples; the most frequent stand in `budgets`, too. */
  readonly errors: string;
  /** What `toMatchBaseline` found; empty where the test did not ask. */
  readonly baseline: string;
}

export function textsOf(result: Result, verdict: Verdict): LoadTexts {
  const outcomes = outcomesIn(result);
  const metrics = metricsText(metricFigures(result));
  return {
    budgets: verdictTable(verdict, result),
    statistics: statisticsText(statisticsIn(result, verdict)),
    outcomes: [outcomesText(outcomes), metrics, speedUpText(result)]
      .filter((text) => text !== '')
      .join('\n\n'),
    target: targetText(targetLevels(result)),
    probes: probesText(probeFamiliesIn(result)),
    errors: errorsText(outcomes),
    baseline: '',
  };
}

export interface Shown {
  /** The verdict only, and its first line only where it is green. */
  readonly isQuiet: boolean;
  readonly isGreen: boolean;
}

/** What the end of a test prints: the verdict stands last, where the eye is. */
export function printedLoad(name: string, texts: LoadTexts, { isQuiet, isGreen }: Shown): string {
  const { budgets, statistics, outcomes, target, probes, baseline } = texts;
  if (isQuiet && isGreen) return `\n${name}: ${budgets.split('\n')[0]}\n`;
  const parts = isQuiet ? [budgets] : [statistics, outcomes, target, probes, baseline, budgets];
  return `\n${[name, ...parts.filter((part) => part !== '')].join('\n\n')}\n\n`;
}
