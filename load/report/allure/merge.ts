/**
 * Allure's reporter for a merge. By itself it would write each test as it ends, before there is a verdict
 * on the slices, and needs the projects earlier than a merge has them. So it receives everything at the
 * end. For a test that several slices ran it gets one result, since it would show the others as retries.
 */
import type { FullConfig, Reporter, Suite, TestCase, TestResult } from '@playwright/test/reporter';
import { z } from 'zod';
import { defined } from '../../platform/defined.ts';
import { removeOwn } from '../../settings/own-folder.ts';
import { commonEnvironment, environmentSchema } from './environment.ts';
import { metadataName } from './metadata.ts';
import type { AllureOptions } from './options.ts';
import LoadAllureReporter from './reporter.ts';

interface Ended {
  readonly test: TestCase;
  readonly result: TestResult;
}

// Playwright loads a reporter by its file's default export.
export default class AllureOfMerge implements Reporter {
  private readonly options: AllureOptions;
  private config: FullConfig | undefined;
  private suite: Suite | undefined;
  /** By test: the results of all slices. */
  private readonly ended = new Map<string, Ended[]>();
  /** The environment of each announced load. */
  private readonly environments: z.infer<typeof environmentSchema>[] = [];

  constructor(options: AllureOptions) {
    this.options = options;
  }

  printsToStdio(): boolean {
    return false;
  }

  onBegin(config: FullConfig, suite: Suite): void {
    this.config = config;
    this.suite = suite;
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    const name = JSON.stringify([test.titlePath(), test.repeatEachIndex, result.retry]);
    this.ended.set(name, [...(this.ended.get(name) ?? []), { test, result }]);
    this.environments.push(...environmentsIn(result));
  }

  async onEnd(): Promise<void> {
    const { config, suite, options } = this;
    // Allure appends to the existing results, which are those of earlier runs.
    removeOwn(options.resultsDir);
    if (config === undefined || suite === undefined || this.ended.size === 0) return;
    const environmentInfo = commonEnvironment(this.environments);
    const allure = new LoadAllureReporter({ ...options, environmentInfo });
    const projects = suite.suites.flatMap((one) => one.project() ?? []);
    allure.onConfigure({ ...config, projects });
    allure.onBegin(suite);
    for (const group of this.ended.values()) {
      const { test, result } = tellingMost(group);
      const { status, error, errors } = worst(group);
      allure.onTestBegin(test);
      await allure.onTestEnd(test, { ...result, status, errors, ...defined({ error }) });
    }
    await allure.onEnd();
  }
}

const announcement = z.object({ environment: environmentSchema });

function environmentsIn({ attachments }: TestResult) {
  return attachments
    .filter(({ name, body }) => name === metadataName && body !== undefined)
    .map(({ body }) => announcement.parse(JSON.parse(String(body))).environment);
}

/** The merge attaches its findings on a load to one of its slices' results. */
function tellingMost(group: readonly Ended[]): Ended {
  return group.reduce((most, one) =>
    one.result.attachments.length > most.result.attachments.length ? one : most,
  );
}

/** A failure in a single slice is a failure of the test. */
function worst(group: readonly Ended[]): TestResult {
  const bad = group.find(({ result }) => !['passed', 'skipped'].includes(result.status));
  return (bad ?? group[0]!).result;
}
