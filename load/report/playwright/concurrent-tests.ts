/** Finds other tests that ran at the same time as a load, so that its figures include their effect. */
import type { TestCase, TestResult } from '@playwright/test/reporter';
import { relative } from 'node:path';
import { isLoadTest } from './attachments.ts';

export interface Ran {
  readonly test: Pick<TestCase, 'titlePath' | 'location'>;
  readonly result: Pick<TestResult, 'startTime' | 'duration' | 'attachments'>;
}

/** A line for each load during which other tests ran, and one that says how to prevent it. */
export function concurrentText(all: readonly Ran[]): string {
  const loads = all.filter(({ result }) => isLoadTest(result.attachments));
  const others = all.filter(({ result }) => !isLoadTest(result.attachments) && result.duration > 0);
  const disturbed = loads.flatMap((load) => {
    const concurrent = others.filter((other) => overlap(load, other));
    const [first] = concurrent;
    if (first === undefined) return [];
    const more = concurrent.length === 1 ? '' : ` and ${concurrent.length - 1} more`;
    return [`  ${titleOf(load)}: ${titleOf(first)}${more}`];
  });
  if (disturbed.length === 0) return '';
  return [
    'Other tests ran during a load, so its figures include both:',
    ...disturbed,
    "  test.describe.configure({ lock: '-exclusive-' }); in the load's file keeps them away.",
    '',
  ].join('\n');
}

function overlap({ result: a }: Ran, { result: b }: Ran): boolean {
  const [aMs, bMs] = [a.startTime.getTime(), b.startTime.getTime()];
  return aMs < bMs + b.duration && bMs < aMs + a.duration;
}

function titleOf({ test }: Ran): string {
  const [, project = '', , ...titles] = test.titlePath();
  const { file, line } = test.location;
  return `[${project}] ${relative(process.cwd(), file)}:${line} › ${titles.join(' › ')}`;
}
