import { expect, test } from '@playwright/test';
import type { Finding } from '../../../../load/analysis/findings/finding.ts';
import { bottlenecksMarkdown } from '../../../../load/report/files/bottlenecks.ts';
import { findingLines, findingText } from '../../../../load/report/text/finding-text.ts';

function finding(more: Partial<Finding> = {}): Finding {
  return {
    rule: 'connection-pool',
    title: 'the connection pool was exhausted',
    system: 'shop',
    testId: 'shop-progressive-50-users',
    level: '50 users',
    load: 50,
    window: [12_000, 60_000],
    signals: [
      {
        name: 'poolWaiting',
        value: 0.9,
        threshold: 0.2,
        dimension: 'share',
        text: 'poolWaiting was above 0 in 18 of 20 readings',
      },
    ],
    n: 20,
    checks: [
      {
        text: 'p95 rose from 140 ms at 10 users to 1.2 s',
        outcome: 'speaks for it',
        kind: 'rise',
      },
    ],
    confidence: 'confirmed',
    explains: 0.82,
    recommendation: 'raise the size of the pool',
    nextExperiment: 'run the same level with a pool of twice the size',
    ...more,
  };
}

test('a finding is two sentences: what was found, and what to do', () => {
  expect(findingText(finding())).toBe(
    'At 50 users the connection pool was exhausted (confirmed, explains up to 82.0 % of the latency): ' +
      'poolWaiting was above 0 in 18 of 20 readings, while p95 rose from 140 ms at 10 users to 1.2 s. ' +
      'Raise the size of the pool; to settle it, run the same level with a pool of twice the size.',
  );
});

test('one that is only suspected says why, and claims no latency that did not rise', () => {
  const checks = [
    { text: 'no lower level was measured to compare with', outcome: 'unknown' },
  ] as const;
  const text = findingText(finding({ checks, confidence: 'suspected', explains: 0 }));
  expect(text).toContain(
    'was exhausted (suspected, since no lower level was measured to compare with): poolWaiting',
  );
});

test('a rule that spoke at several levels is told once on the console, where it began', () => {
  const higher = finding({ level: '100 users', load: 100, explains: 0.95 });
  const text = findingLines([higher, finding()]).map((line) => line.text);
  expect(text.filter((line) => line.startsWith('Why (shop): At 50 users'))).toHaveLength(1);
  expect(text.join(' ')).toContain('(Also at 100 users.)');
  expect(Math.max(...text.map((line) => line.length))).toBeLessThanOrEqual(120);
  expect(findingLines([])).toEqual([]);
});

test('bottlenecks.md has the evidence for and against, and what others chose does nothing in it', () => {
  const text = bottlenecksMarkdown([finding({ level: '<b>|50' })]);
  expect(text).toContain('| poolWaiting | 90.0 % | 20.0 % |');
  expect(text).toContain('- p95 rose from 140 ms at 10 users to 1.2 s (speaks for it)');
  expect(text).not.toContain('<b>');
  expect(bottlenecksMarkdown([])).toContain('Nothing was found.');
});
