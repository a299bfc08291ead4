/**
 * Allure's own reporter, told each failure once, and nothing by a command that runs no test: it would write
 * each test of `--list` as a skipped one, among the results of the run before.
 */
import type { TestCase, TestResult } from '@playwright/test/reporter';
import { AllureReporter } from 'allure-playwright';
import { join } from 'node:path';
import type { AllureOptions } from './options.ts';
import { writePerformance } from './performance.ts';
import { toldOnce } from './told-once.ts';

// Playwright takes a reporter by its file's default export.
export default class LoadAllureReporter extends AllureReporter {
  private readonly resultsDir: string;
  private hasBegun = false;

  constructor(options: AllureOptions) {
    super(options);
    this.resultsDir = options.resultsDir;
  }

  override onTestBegin(test: TestCase): void {
    this.hasBegun = true;
    super.onTestBegin(test);
  }

  override async onTestEnd(test: TestCase, result: TestResult): Promise<void> {
    await super.onTestEnd(test, toldOnce(result));
  }

  override async onEnd(): Promise<void> {
    if (!this.hasBegun) return;
    await super.onEnd();
    // The reporter of the loads stands before this one, and has written what it found.
    const runFolder = process.env['LOAD_RUN_DIR'];
    if (runFolder !== undefined) writePerformance(this.resultsDir, join(runFolder, 'results.json'));
  }
}
