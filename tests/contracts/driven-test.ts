/** A load test, as its spec file has it, driven in the test's own process. */
import type { TestInfo } from '@playwright/test';
import { drivenLoad, setEnvironment, type DrivenLoad } from '../faults/driven-load.ts';
import { declaredIn, declaredTests } from './declared-tests.ts';

export interface DrivenTest {
  readonly system: string;
  /** The first test of the system's spec that has this tag; it sends one load. */
  readonly project: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Default: that of the system in the suite. */
  readonly spec?: string;
  /** In place of a user that was made when its file was first opened, and knows nothing of this environment. */
  readonly user?: unknown;
}

/** Resolves with what became of the load; rejects where it was refused, or broke. */
export async function drivenTest(testInfo: TestInfo, driven: DrivenTest): Promise<DrivenLoad> {
  const { system, project, environment, spec } = driven;
  // A spec file declares its tests according to these variables.
  const restore = setEnvironment(environment);
  try {
    const declared = await (spec === undefined ? declaredTests(system) : declaredIn(spec));
    const loads = await declared.find((one) => one.project === project)!.loads();
    if (loads.length !== 1) throw new Error(`${system} ${project}: ${loads.length} loads, not one`);
    const { user, workload, options } = loads[0]!;
    return await drivenLoad(testInfo, driven, driven.user ?? user, workload, options.budgets);
  } finally {
    restore();
  }
}
