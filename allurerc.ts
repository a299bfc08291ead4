/** For `npm run allure`, which is `allure generate`. */
import { allureReport } from './load/report/allure/report-config.ts';

export default allureReport({
  resultsDir: 'reports/allure-results',
  output: 'reports/allure',
  historyPath: 'reports/allure-history.jsonl',
});
