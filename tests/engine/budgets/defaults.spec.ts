import { expect, test } from '@playwright/test';
import {
  largestLatencyMs,
  tightestLatencyMs,
  withDefaults,
} from '../../../load/budgets/defaults.ts';
import { trends } from '../../../load/metrics/definitions.ts';
import { budget } from './make-result.ts';

const defaultsOf = (lines: ReturnType<typeof withDefaults>): string[] =>
  lines.filter(({ isDefault }) => isDefault).map(({ key, limitText }) => `${key} ${limitText}`);

test('a test without budgets has all defaults', () => {
  expect(defaultsOf(withDefaults([]))).toEqual([
    'errorRate < 1 %',
    'degradedRate < 5 %',
    'throttledRate < 1 %',
    'droppedIterations = 0',
    'longestStall < 2 s',
  ]);
});

test('a stated budget replaces the default of its metric', () => {
  const lines = withDefaults([budget('errorRate', '< 0.1 %'), budget('longestStall', '< 10 s')]);
  expect(defaultsOf(lines)).toEqual([
    'degradedRate < 5 %',
    'throttledRate < 1 %',
    'droppedIterations = 0',
  ]);
  expect(lines[0]).toEqual(budget('errorRate', '< 0.1 %'));
});

test('a budget of a task or a label replaces no default', () => {
  const lines = withDefaults([
    budget('errorRate', '< 0.1 %', { task: 'query' }),
    budget('degradedRate{model=small}', '< 0.1 %'),
  ]);
  expect(defaultsOf(lines)).toHaveLength(5);
});

test('a stall may last as long as the largest latency limit, at least 2 s', () => {
  const longestStall = (...limits: string[]): string | undefined =>
    withDefaults(limits.map((limit) => budget('p95', limit))).find(
      ({ key }) => key === 'longestStall',
    )?.limitText;
  expect(longestStall('< 50 ms')).toBe('< 2 s');
  expect(longestStall('< 3 s', '< 500 ms')).toBe('< 3 s');
  expect(longestStall('< 2500.5 ms')).toBe('< 2500.5 ms');
});

test('latency limits are upper limits on what a user waits for', () => {
  const lines = [
    budget('p50', '< 30 ms'),
    budget('p95{cached=yes}', '< 5 ms'),
    budget('interToken.p95', '<= 100 ms', { task: 'chat' }),
    budget('max', '< 20 s'),
    budget('service.p99', '> 1 ms'),
    budget('scheduleLag.p99', '< 1 ms'),
    budget('retryAfter.p95', '< 1 ms'),
    budget('longestStall', '< 30 s'),
    budget('errorRate', '< 1 %'),
    budget('ownTrend.p95', '< 1 ms', {}, { ownTrend: { kind: 'trend', unit: 'ms' } }),
  ];
  expect(tightestLatencyMs(lines)).toBe(5);
  expect(largestLatencyMs(lines)).toBe(20_000);
});

for (const key of Object.keys(trends)) {
  const isLatency = key !== 'scheduleLag' && key !== 'retryAfter';
  test(`a limit on ${key} is ${isLatency ? 'a' : 'no'} latency limit`, () => {
    expect(tightestLatencyMs([budget(`${key}.p95`, '< 70 ms')])).toBe(isLatency ? 70 : 2000);
  });
}

test('without a latency limit 2 s is assumed', () => {
  expect(tightestLatencyMs([])).toBe(2000);
  expect(largestLatencyMs([budget('errorRate', '< 1 %')])).toBe(2000);
});
