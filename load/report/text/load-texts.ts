/** A load in plain text: what is attached to its test, and what is printed at its end. */
import type { Verdict } from '../../budgets/judge.ts';
import { probeFamiliesIn } from '../../systems/mcp-server/probe-families.ts';
import type { Result } from '../../metrics/result/result.ts';
import { metricFigures, metricsText } from './metric-figures.ts';
import { errorsText, outcomesText } from './outcomes.ts';
import { outcomesIn } from './outcomes.ts';
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

/** How the headline of a pass begins (judgement-text.ts). */
const passes = 'Budgets met:';

/**
 * What the end of a test prints: the verdict stands last, where the eye is. `quiet`: the verdict only,
 * and of a pass its first line only.
 */
export function printedLoad(name: string, texts: LoadTexts, quiet: boolean): string {
  const { budgets, statistics, outcomes, target, probes, baseline } = texts;
  const isPass = budgets.startsWith(passes);
  if (quiet && isPass) return `\n${name}: ${budgets.split('\n')[0]}\n`;
  const parts = quiet ? [budgets] : [statistics, outcomes, target, probes, baseline, budgets];
  return `\n${[name, ...parts.filter((part) => part !== '')].join('\n\n')}\n\n`;
}
