/** How `allure generate` makes a report of load tests (Allure 3, `allurerc.ts`). */
import type { AllureConfig } from 'allure';
import { fileURLToPath } from 'node:url';
import { labelCategories } from './categories.ts';
import { gateRules } from './performance.ts';

/**
 * The tree is system, scenario, level, by the labels that `allure-playwright` writes of any test; a red test is
 * sorted by why it is red; and a report into the folder of an earlier one takes its place. `historyPath` is the file
 * in which figures of one run after the other are kept. `allure quality-gate` asks that each figure keeps its budget.
 *
 * @example
 * export default allureReport({ resultsDir: 'reports/allure-results', output: 'reports/allure' });
 */
export function allureReport(
  folders: Pick<AllureConfig, 'output' | 'historyPath'> & { readonly resultsDir: string },
): AllureConfig {
  return {
    name: 'Load tests',
    ...folders,
    categories: labelCategories(),
    qualityGate: { rules: gateRules(folders.resultsDir) },
    plugins: {
      'fresh-report': { import: fileURLToPath(new URL('fresh-report.mjs', import.meta.url)) },
      awesome: { options: { groupBy: ['parentSuite', 'suite', 'subSuite'] } },
    },
  };
}
