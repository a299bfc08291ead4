import { expect, test } from '@playwright/test';
import type { HistoryLine } from '../../../../load/baselines/history.ts';
import { defined } from '../../../../load/platform/defined.ts';
import { historyOption } from '../../../../load/report/charts/history-chart.ts';
import { attachPictures } from '../../../../load/report/charts/pictures.ts';
import { makeLoad } from '../../budgets/make-result.ts';

function line(night: number, p95: number | null, accepted = false): HistoryLine {
  const figures = {
    avg_latency_ms: 1,
    median_latency_ms: 1,
    p95_latency_ms: p95,
    p99_latency_ms: 1,
    error_rate_pct: 0,
    rps: 50,
    total_requests: 100,
    total_failures: 0,
  };
  return {
    schema: 1,
    runId: `night-${night}`,
    testId: 'a',
    environment: 'ci',
    plan: 'p',
    startedAt: `2026-01-${String(night).padStart(2, '0')}T02:00:00Z`,
    ...defined({ accepted: accepted ? accepted : undefined }),
    all: figures,
    tasks: [{ name: 'chat', figures }],
  };
}

const nights = [line(1, 100), line(2, 104), line(3, null), line(4, 150, true), line(5, 149)];

test('each task is a line with a gap where it had no p95, and accepted runs are marked', () => {
  const { xAxis, series, title } = historyOption('a', nights) as Record<string, never>;
  expect(title).toMatchObject({ subtext: 'p95 of each task; 5 runs, 1 of them accepted as new' });
  expect(xAxis).toMatchObject({ data: expect.arrayContaining(['2026-01-04 02:00']) });
  expect(series).toMatchObject([
    { name: 'chat', data: [100, 104, null, 150, 149], markLine: { data: [{ xAxis: 3 }] } },
  ]);
});

for (const [runs, count] of [
  [0, 0],
  [1, 0],
  [5, 1],
] as const) {
  test(`${runs} runs are ${count} charts among the pictures of a load`, async () => {
    const sink: Parameters<typeof attachPictures>[0] = { attachments: [] };
    await attachPictures(sink, [makeLoad()], { historyOf: () => nights.slice(0, runs) });
    const charts = sink.attachments.filter(({ name }) => name === 'history');
    expect(charts.map(({ contentType }) => contentType)).toEqual(
      Array.from({ length: count }, () => 'image/svg+xml'),
    );
    if (count > 0) expect(charts[0]?.body?.toString()).toContain(', run by run');
  });
}
