/** What a test asked of a load of which it ran a slice: the merge answers, over all slices. */
import type { TestInfo } from '@playwright/test';
import type { TestResult } from '@playwright/test/reporter';
import { z } from 'zod';
import { snapshotModes } from '../../baselines/snapshot.ts';
import { comparisonOptionsSchema } from '../../baselines/tolerances.ts';
import { budgetLineSchema, type BudgetLine, type Plan } from '../../metrics/log/schema.ts';
import type { BaselineAsk } from '../../baselines/compare-with-baseline.ts';

const name = 'asked of all slices';
const contentType = 'application/json';

const askSchema = z.object({
  testId: z.string(),
  load: z.number(),
  /** On top of the plan's: the verdict was asked for. */
  budgets: z.array(budgetLineSchema).optional(),
  baseline: z
    .object({
      options: comparisonOptionsSchema,
      environment: z.string(),
      mode: z.enum(snapshotModes),
      isRequired: z.boolean(),
    })
    .optional(),
});
export type UnionAsk = z.infer<typeof askSchema>;

interface Asked {
  readonly budgets?: readonly BudgetLine[];
  readonly baseline?: BaselineAsk;
}

export function askOfUnion(
  testInfo: Pick<TestInfo, 'attachments'>,
  { testId, load }: Plan,
  asked: Asked,
): void {
  const body = Buffer.from(JSON.stringify({ testId, load, ...asked }));
  testInfo.attachments.push({ name, contentType, body });
}

/** In the order in which they were asked. */
export function asksIn(attachments: TestResult['attachments']): UnionAsk[] {
  return attachments
    .filter((one) => one.name === name && one.contentType === contentType)
    .flatMap(({ body }) => (body === undefined ? [] : [askSchema.parse(JSON.parse(String(body)))]));
}
