/**
 * Runs `runLoad` in the test's own process, from the checks before the load to the reports after it.
 * Unless processes, signals or other reporters are tested, no nested Playwright run is needed.
 */
import type { TestInfo } from '@playwright/test';
import { LoadRunner } from '../../fixtures/run-load.ts';
import { openTarget } from '../../fixtures/targets.ts';
import { expect, openLoadParts } from '../../fixtures/test.ts';
import type { JudgedLoad } from '../../load/budgets/judged-load.ts';
import { defined } from '../../load/platform/defined.ts';
import { logsIn, rebuild } from '../../load/report/files/rebuild.ts';
import type { LoadEntry } from '../../load/report/files/results-json.ts';
import { markedAs } from '../../load/settings/load-project.ts';
import type { Workload } from '../../load/workload/workload.ts';

export interface DrivenSettings {
  readonly system: string;
  /** Default: `custom`. */
  readonly project?: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Default: that of the run around it. Baselines and thresholds stand beside it. */
  readonly configFile?: string;
}

export interface DrivenLoad {
  /** As in `results.json`. */
  readonly loads: readonly LoadEntry[];
  /** The matcher's message; undefined if it passes. */
  readonly message: string | undefined;
}

/** Takes any user; only its spec knows the names of its tasks and metrics. */
type AnyRunLoad = (
  user: unknown,
  workload: Workload,
  options: { readonly budgets: object },
) => Promise<JudgedLoad>;

/** Resolves with the result of the load. Rejects if it was refused or failed. */
export async function drivenLoad(
  testInfo: TestInfo,
  { system, project = 'custom', environment, configFile }: DrivenSettings,
  user: unknown,
  workload: Workload,
  budgets: object = {},
): Promise<DrivenLoad> {
  const folder = runFolderOf(testInfo);
  const restore = setEnvironment({ LOAD_RUN_DIR: folder, ...environment });
  try {
    const target = await openTarget(system, process.env);
    const standIn = standInTest(testInfo, project, configFile);
    const runner = new LoadRunner(() => Promise.resolve(target), standIn);
    const runLoad = runner.runLoad as AnyRunLoad;
    try {
      const result = await runLoad(user, workload, { budgets });
      await openLoadParts();
      const message = messageOf(() => {
        expect(result).toMeetBudget();
      });
      return { loads: (await rebuild(folder)).results.loads, message };
    } finally {
      await runner.close();
      await target.stop();
    }
  } finally {
    restore();
  }
}

/** Resolves with why a load was refused. */
export async function refusalOf(driven: Promise<unknown>): Promise<string> {
  return driven.then(
    () => 'nothing was refused',
    (error: unknown) => (error as Error).message,
  );
}

/** Whether any load ever began. */
export function hasBegun(testInfo: TestInfo): boolean {
  return logsIn(runFolderOf(testInfo)).length > 0;
}

export function runFolderOf(testInfo: TestInfo): string {
  return testInfo.outputPath('reports', 'run');
}

/** The parts of a test that a load looks at, for a test that does nothing else. */
export function standInTest(
  { config, file }: TestInfo,
  project: string,
  configFile = config.configFile,
): TestInfo {
  const test: Partial<TestInfo> = {
    title: 'a driven load',
    retry: 0,
    status: 'passed',
    expectedStatus: 'passed',
    annotations: [],
    attachments: [],
    config: { ...config, ...defined({ configFile }) },
    file,
  };
  const marked = { name: project, metadata: markedAs(project) };
  return { ...test, tags: [`@${project}`], project: marked } as unknown as TestInfo;
}

/** Sets variables and removes those of the surrounding run. Returns the function that restores them. */
export function setEnvironment(environment: Readonly<Record<string, string>>): () => void {
  const before = process.env;
  const others = Object.entries(before).filter(([name]) => !name.startsWith('LOAD_'));
  process.env = { ...Object.fromEntries(others), ...environment };
  return () => {
    process.env = before;
  };
}

export function messageOf(assert: () => void): string | undefined {
  try {
    assert();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
