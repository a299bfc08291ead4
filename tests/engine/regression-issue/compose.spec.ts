import { expect, test } from '@playwright/test';
import type { MetricComparison } from '../../../load/baselines/comparison.ts';
import {
  goneText,
  issueText,
  marker,
  stillThereText,
  type IssueContext,
} from '../../../load/regression-issue/compose.ts';
import { subjectsIn, type Subject } from '../../../load/regression-issue/regressions.ts';
import { fault } from '../../faults/fault-matrix.ts';
import { made, madeRun, slowChat } from '../baselines/make-comparison.ts';

function confirmed(comparisons: readonly MetricComparison[]): {
  subject: Subject;
  context: IssueContext;
} {
  const run = madeRun(comparisons);
  const slower = comparisons.map((one) => ({ ...one, observed: (one.observed ?? 0) + 4 }));
  const rerun = madeRun(slower, { runId: '2026-03-01T02-20-00-efgh' });
  const runUrl = 'https://github.com/acme/shop/actions/runs/7';
  return { subject: subjectsIn(run, rerun)[0]!, context: { run, rerun, runUrl } };
}

const p50 = { ...slowChat, metric: 'p50', baseline: 120, observed: 251 };

test('the issue of a slow task, as it was looked at', () => {
  const { subject, context } = confirmed([slowChat, p50]);
  const { title, body, labels } = issueText(subject, context);
  expect(title).toBe('chat in api-gateway-baseline-1-user: p50 120 ms → 251 ms, critical');
  expect(labels).toEqual(['load-regression', 'severity: critical']);
  expect(body).toMatchSnapshot('issue-critical.md');
});

test('an issue of saturation says what that is, and has its own label', () => {
  const { subject, context } = confirmed([made({ verdict: 'saturated', observed: 9000 })]);
  const { title, body, labels } = issueText(subject, context);
  expect(title).toBe('api-gateway-baseline-1-user: p95 210 ms → 9 s, saturated');
  expect(labels).toEqual(['load-regression', 'severity: saturated']);
  expect(body).toContain('drifts over the run, while the baseline did not');
});

test('plain thresholds are not called evidence', () => {
  const { subject, context } = confirmed([slowChat]);
  const run = { ...context.run, significance: 'off' };
  expect(issueText(subject, { ...context, run }).body).toContain(
    '** is beyond the plain thresholds.',
  );
});

test('errors where there were none come before whatever got slower', () => {
  const errors = {
    ...slowChat,
    metric: 'errorRate',
    unit: 'share',
    baseline: 0,
    observed: 0.02,
  } as const;
  const { subject, context } = confirmed([slowChat, errors]);
  expect(issueText(subject, context).title).toContain(': errorRate 0 % → 2.0 %, critical');
});

test('comments tell figures and the run', () => {
  const { subject, context } = confirmed([slowChat, made({ task: 'chat', metric: 'p50' })]);
  expect(stillThereText(subject, context)).toBe(
    'Still there in run 2026-03-01T02-00-00-abcd ([log](https://github.com/acme/shop/actions/runs/7)).\n\n' +
      '- critical: p95 205 ms → 413 ms. 95 % sure of at least +84 %, and +50 % is allowed (p = 0.00012)\n',
  );
  const { run } = context;
  expect(goneText({ ...subject, comparisons: [made()] }, { run })).toBe(
    'Gone in run 2026-03-01T02-00-00-abcd: every figure is within its tolerance.\n\n' +
      '- pass: p95 210 ms → 212 ms\n',
  );
});

test(
  'names and evidence of others forge no mark, no mention and no endless title',
  { annotation: fault(33) },
  () => {
    const evil = `${marker('0000000000000000')} @team <img src=x> ${'x'.repeat(300)}\n`;
    const { subject, context } = confirmed([{ ...slowChat, task: evil, evidence: evil }]);
    const { title, body } = issueText(subject, context);
    expect(Array.from(title)).toHaveLength(240);
    expect(title).not.toContain('\n');
    expect(body.match(/<!--/g)).toHaveLength(2);
    expect(body).toContain(marker(subject.fingerprint));
    expect(body).not.toMatch(/<img|@team/);
  },
);
