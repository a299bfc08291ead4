/**
 * The load tests of a run with their states, for viewers: `tests.json` in the run's folder, from when the
 * folder exists until the run is reported. The interval logs contain only tests that have sent load.
 */
import type { FullResult, Suite, TestCase, TestResult } from '@playwright/test/reporter';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../../platform/whole-file.ts';
import { scenarioOf } from '../../settings/load-project.ts';

export const testStatesName = 'tests.json';

export interface TestState {
  readonly title: string;
  readonly scenario: string;
  /** `waiting`, `running`, or the test's result. */
  readonly state: string;
}

export class TestStates {
  private readonly states = new Map<TestCase, string>();
  private readonly folder: () => string;

  constructor(folder: () => string) {
    this.folder = folder;
  }

  begin(suite: Pick<Suite, 'allTests'>): void {
    this.states.clear();
    for (const test of suite.allTests()) {
      if (scenarioOf(test.parent.project()?.metadata) !== undefined)
        this.states.set(test, 'waiting');
    }
  }

  set(test: TestCase, state: 'running' | TestResult['status'] | FullResult['status']): void {
    if (!this.states.has(test)) return;
    this.states.set(test, state);
    this.write();
  }

  /** Removes the file, since the reports contain more. */
  end(): void {
    if (this.states.size > 0) rmSync(join(this.folder(), testStatesName), { force: true });
  }

  /** A run that sends no load creates no folder. */
  private write(): void {
    const folder = this.folder();
    if (!existsSync(folder)) return;
    const tests = [...this.states].map(([test, state]): TestState => {
      const [, scenario = '', , ...titles] = test.titlePath();
      return { title: titles.join(' › '), scenario, state };
    });
    writeWhole(join(folder, testStatesName), JSON.stringify({ tests }));
  }
}
