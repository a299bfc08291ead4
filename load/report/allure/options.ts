/** The options of Allure's reporter: what its report says about the environment, and its categories. */
import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { z } from 'zod';
import { readSettings } from '../../settings/settings.ts';

export interface AllureOptions {
  readonly resultsDir: string;
  readonly detail: boolean;
  readonly environmentInfo: Record<string, string>;
  readonly categories: { name: string; messageRegex: string }[];
}

const packageJson = z.object({ version: z.string() });

/** By the first line of a test's error; whatever else fails is Allure's "product defects". */
const beginnings = {
  'Budget not met': 'Budget not met: ',
  'No data': 'No data: ',
  'Invalid instrument': 'Invalid instrument: ',
  'Preflight failed': 'Preflight: ',
};

/** For `['allure-playwright', allureOptions(…)]`. Throws where the environment's settings are wrong. */
export function allureOptions(
  resultsDir: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): AllureOptions {
  const { LOAD_SEED, LOAD_TIME_SCALE } = readSettings(environment);
  const options = allureMergeOptions(resultsDir);
  return {
    ...options,
    environmentInfo: {
      ...options.environmentInfo,
      Node: process.versions.node,
      Platform: `${process.platform} ${process.arch}`,
      CPU: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
      Seed: String(LOAD_SEED),
      'Time scale': String(LOAD_TIME_SCALE),
      Targets: targetsText(environment),
    },
  };
}

/** For a merge, which knows of the machines, seeds and targets by the loads' own parameters only. */
export function allureMergeOptions(resultsDir: string): AllureOptions {
  return {
    resultsDir,
    // The runner's own steps (hooks, fixtures, one `expect`) say nothing about a load.
    detail: false,
    environmentInfo: { Suite: `loadwright ${suiteVersion()}` },
    categories: Object.entries(beginnings).map(([name, beginning]) => {
      return { name, messageRegex: lineWith(beginning) };
    }),
  };
}

/**
 * Matches a message in which a line begins so: Playwright puts `Error: ` before it, and a message of
 * the test's own above. Allure 2 wants the whole text matched, Allure 3 a part: this does for both.
 */
function lineWith(beginning: string): string {
  return `^(?:[\\s\\S]*\\n)?(?:Error: )?${beginning}[\\s\\S]*$`;
}

/** Which systems are real; never their addresses, which may hold a password. */
function targetsText(environment: Readonly<Record<string, string | undefined>>): string {
  const real = Object.entries(environment)
    .filter(([name, value]) => name.endsWith('_URL') && value !== undefined && value !== '')
    .map(([name]) => name.slice(0, -'_URL'.length).toLowerCase().replaceAll('_', '-'))
    .filter(isSystem);
  return real.length === 0
    ? 'reference services'
    : `real: ${real.sort().join(', ')}; else reference services`;
}

/** A system is named by its spec file. */
function isSystem(name: string): boolean {
  return (
    /^[a-z][a-z\d-]*$/.test(name) &&
    existsSync(new URL(`../../../tests/systems/${name}.spec.ts`, import.meta.url))
  );
}

function suiteVersion(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return packageJson.parse(JSON.parse(text)).version;
}
