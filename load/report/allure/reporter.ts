/**
 * Allure's own reporter, told each failure once, and nothing by a command that runs no test: it would write
 * each test of `--list` as a skipped one, among the results of the run before.
 */
import type { TestCase, TestResult } from '@playwright/test/reporter';
import { AllureReporter } from 'allure-playwright';
import { toldOnce } from './told-once.ts';

// Playwright takes a reporter by its file's default export.
export default class LoadAllureReporter extends AllureReporter {
  private hasBegun = false;

  override onTestBegin(test: TestCase): void {
    this.hasBegun = true;
    super.onTestBegin(test);
  }

  override async onTestEnd(test: TestCase, result: TestResult): Promise<void> {
    await super.onTestEnd(test, toldOnce(result));
  }

  override async onEnd(): Promise<void> {
    if (this.hasBegun) await super.onEnd();
  }
}
