/**
 * Why a load test is red, for Allure's tab "Categories": a budget, the load generator, too few samples, a
 * system that was not ready for load, the verdict on a pair, or, if every load passed, its baseline. Allure 3 sorts by a label
 * of the test; Allure 2 has no labels here and uses the first line of the error.
 */
import type { Verdict } from '../../budgets/judge.ts';
import type { PairVerdictName } from '../../paired/pair-verdict.ts';

/** The label of the verdict. A test whose own check failed while all its loads passed has none. */
export const verdictLabel = 'verdict';

/** `preflight`: no load was sent. The load of a pair may be `invalid`, too, which has another cause. */
export type ToldVerdict =
  Verdict['verdict'] | 'preflight' | Exclude<PairVerdictName, 'invalid'> | 'invalid pair';

interface Category {
  readonly name: string;
  /** Absent for what the label does not show, such as a comparison. */
  readonly verdict?: ToldVerdict;
  /** How the error begins. */
  readonly beginning: string;
}

/** In the order of their precedence: for a test with several loads a broken budget is the most important. */
const categories: readonly Category[] = [
  { name: 'Budget not met', verdict: 'fail', beginning: 'Budget not met: ' },
  { name: 'Invalid instrument', verdict: 'invalid', beginning: 'Invalid instrument: ' },
  { name: 'No data', verdict: 'no-data', beginning: 'No data: ' },
  { name: 'Preflight failed', verdict: 'preflight', beginning: 'Preflight: ' },
  { name: 'Slower than base', verdict: 'slower', beginning: 'head (?:is|fails) ' },
  { name: 'Invalid pair', verdict: 'invalid pair', beginning: 'invalid: ' },
  // By its message, since such a pair is red only if its test asks for that.
  { name: 'Undecided pair', beginning: 'undecided after ' },
  { name: 'Worse than the baseline', beginning: 'Worse than the baseline: ' },
  // A missing baseline is not a defect of the system.
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
    // The message is the whole table, which would be too long as the name of a group.
    groupByMessage: false,
    expand: true,
  }));
}

/** For `categories.json`, which Allure 2 reads from the results' folder. */
export function messageCategories(): { name: string; messageRegex: string }[] {
  return categories.map(({ name, beginning }) => ({ name, messageRegex: lineWith(beginning) }));
}

/**
 * Matches a message with a line that begins like this. Playwright puts `Error: ` before it, and the
 * test's own message above. Allure 2 requires that the whole text matches.
 */
function lineWith(beginning: string): string {
  return `^(?:[\\s\\S]*\\n)?(?:\\w*Error: |PreflightFailed: )?${beginning}[\\s\\S]*$`;
}
