/**
 * Allure's own reporter, with each failure reported once. For a command that runs no test it writes
 * nothing: by itself it would add each test of `--list` as skipped to the results of the run before.
 */
import type { TestCase, TestResult } from '@playwright/test/reporter';
import { AllureReporter } from 'allure-playwright';
import { join } from 'node:path';
import type { AllureOptions } from './options.ts';
import { writePerformance } from './performance.ts';
import { toldOnce } from './told-once.ts';

// Playwright loads a reporter by its file's default export.
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
    // The load reporter comes before this one and has already written its findings.
    const runFolder = process.env['LOAD_RUN_DIR'];
    if (runFolder !== undefined) writePerformance(this.resultsDir, join(runFolder, 'results.json'));
  }
}
