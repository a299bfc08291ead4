/** Configuration of `allure generate` for load tests (Allure 3, `allurerc.ts`). */
import type { AllureConfig } from 'allure';
import { fileURLToPath } from 'node:url';
import { labelCategories } from './categories.ts';
import { gateRules } from './performance.ts';

/**
 * Sorts tests by system, scenario and level, with the labels that `allure-playwright` writes; sorts red
 * tests by why they are red; and replaces an earlier report in the folder. `historyPath` is the file for
 * the figures of successive runs. `allure quality-gate` requires that each figure meets its budget.
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
