/**
 * Expectations on a load of which this process ran a slice. The matchers attach them to the test and
 * pass; the merge checks them for the whole load.
 */
import type { TestInfo } from '@playwright/test';
import type { TestResult } from '@playwright/test/reporter';
import { z } from 'zod';
import { snapshotModes } from '../../baselines/snapshot.ts';
import { comparisonOptionsSchema } from '../../baselines/tolerances.ts';
import { budgetSchema, type Budget } from '../../metrics/log/budget.ts';
import type { Plan } from '../../metrics/log/schema.ts';
import { fileStem } from '../../platform/whole-file.ts';
import type { BaselineAsk } from '../../baselines/compare-with-baseline.ts';

const name = 'expected of all slices';
const contentType = 'application/json';

const expectationSchema = z.object({
  testId: z.string(),
  load: z.number(),
  /** Budgets beyond the plan's, for which a verdict was asked. */
  budgets: z.array(budgetSchema).optional(),
  baseline: z
    .object({
      options: comparisonOptionsSchema,
      environment: fileStem,
      mode: z.enum(snapshotModes),
      isRequired: z.boolean(),
    })
    .optional(),
});

interface Expected {
  readonly budgets?: readonly Budget[];
  readonly baseline?: BaselineAsk;
}

export function deferExpectation(
  testInfo: Pick<TestInfo, 'attachments'>,
  { testId, load }: Plan,
  expected: Expected,
): void {
  const body = Buffer.from(JSON.stringify({ testId, load, ...expected }));
  testInfo.attachments.push({ name, contentType, body });
}

/** In the order in which they were stated. */
export function deferredExpectations(attachments: TestResult['attachments']) {
  const own = attachments.filter((one) => one.name === name && one.contentType === contentType);
  const bodies = own.flatMap(({ body }) => body ?? []);
  return bodies.map((body) => expectationSchema.parse(JSON.parse(String(body))));
}
