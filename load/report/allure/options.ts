/** The options of Allure's reporter (reporter.ts, and merge.ts after a merge). */
import { messageCategories } from './categories.ts';
import { environmentNow } from './environment.ts';

export interface AllureOptions {
  readonly resultsDir: string;
  readonly detail: boolean;
  readonly environmentInfo?: Readonly<Record<string, string>>;
  readonly categories: { name: string; messageRegex: string }[];
}

/** Throws if the environment's settings are wrong. */
export function allureOptions(
  resultsDir: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): AllureOptions {
  return { ...allureMergeOptions(resultsDir), environmentInfo: environmentNow(environment) };
}

/** For a merge, which knows the machines, seeds and targets only from the loads' plans. */
export function allureMergeOptions(resultsDir: string): AllureOptions {
  // The runner's own steps (hooks, fixtures, a single `expect`) say nothing about a load.
  return { resultsDir, detail: false, categories: messageCategories() };
}
