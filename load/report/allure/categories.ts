/**
 * Why a load test is red, for Allure's tab of that name: a budget, the instrument, too few samples, a system
 * that was not fit for load, or, where every load is a pass, its baseline. Allure 3 sorts by a label of the test; Allure 2 knows no labels here and
 * goes by the first line of the error.
 */
import type { Verdict } from '../../budgets/judge.ts';

/** The label that says it. A test whose own check failed, with every load a pass, is none of the verdicts. */
export const verdictLabel = 'verdict';

/** `preflight`: no load was sent. */
export type ToldVerdict = Verdict['verdict'] | 'preflight';

interface Category {
  readonly name: string;
  /** None where it is a comparison's, which the label does not tell. */
  readonly verdict?: ToldVerdict;
  /** How the error begins. */
  readonly beginning: string;
}

/** In the order in which they are asked: of a test with several loads a broken budget says most. */
const categories: readonly Category[] = [
  { name: 'Budget not met', verdict: 'fail', beginning: 'Budget not met: ' },
  { name: 'Invalid instrument', verdict: 'invalid', beginning: 'Invalid instrument: ' },
  { name: 'No data', verdict: 'no-data', beginning: 'No data: ' },
  { name: 'Preflight failed', verdict: 'preflight', beginning: 'Preflight: ' },
  { name: 'Worse than the baseline', beginning: 'Worse than the baseline: ' },
  // That there was nothing to compare with is no defect of the system's.
  { name: 'No baseline', beginning: '(?:No baseline|Baseline written): ' },
];

/** For `categories` of an Allure 3 configuration. */
export function labelCategories() {
  return categories.map(({ name, verdict, beginning }) => ({
    name,
    matchers: {
      statuses: ['failed', 'broken'] as const,
      ...(verdict === undefined
        ? { message: lineWith(beginning) }
        : { labels: { [verdictLabel]: `^${verdict}$` } }),
    },
    groupBy: [{ label: 'system' }, { label: 'scenario' }],
    // The whole table is the message: as the name of a group it would be as long as a page.
    groupByMessage: false,
    expand: true,
  }));
}

/** For `categories.json`, which Allure 2 reads beside the results. */
export function messageCategories(): { name: string; messageRegex: string }[] {
  return categories.map(({ name, beginning }) => ({ name, messageRegex: lineWith(beginning) }));
}

/**
 * Matches a message in which a line begins so: Playwright puts `Error: ` before it, and a message of
 * the test's own above. Allure 2 wants the whole text matched.
 */
function lineWith(beginning: string): string {
  return `^(?:[\\s\\S]*\\n)?(?:\\w*Error: |PreflightFailed: )?${beginning}[\\s\\S]*$`;
}
