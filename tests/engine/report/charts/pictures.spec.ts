import { expect, test } from '@playwright/test';
import { judgedLoad } from '../../../../load/budgets/judged-load.ts';
import { judge } from '../../../../load/budgets/judge.ts';
import type { Result } from '../../../../load/metrics/result/result.ts';
import { budgetsPicture } from '../../../../load/report/charts/budgets-picture.ts';
import { chartData } from '../../../../load/report/charts/chart-data.ts';
import { attachPictures, charts } from '../../../../load/report/charts/pictures.ts';
import { failing, invalid } from '../../budgets/failing-results.ts';
import { budget, makeResult, repeat } from '../../budgets/make-result.ts';

async function picturesOf(...results: Result[]) {
  const sink: Parameters<typeof attachPictures>[0] = { attachments: [] };
  await attachPictures(
    sink,
    results.map((result) => judgedLoad(result)),
  );
  return sink.attachments.map(({ name, contentType, body }) => ({
    name,
    contentType,
    text: body?.toString() ?? '',
  }));
}

const evil = '</text><script>alert("1")</script>&{b}\u001b';
const task = { name: evil, weight: 1, deadlineMs: 1, toleratesDegraded: false };

const aSecond = { series: [{ okMs: [20, 30] }] };
let anHour: Result | undefined;

const results: Readonly<Record<string, () => Result>> = {
  failing,
  invalid,
  'one second': () => makeResult(),
  'no interval': () => makeResult({ intervals: [] }),
  'no request': () => makeResult({ intervals: [{}, {}] }),
  'an hour': () => (anHour ??= makeResult({ intervals: repeat(aSecond, 3600) })),
  'names of others': () =>
    makeResult({
      stream: { tasks: [task] },
      budgets: [budget('p95', '< 2 s', { task: evil })],
      intervals: [{ series: [{ task: evil, okMs: [10], others: { failed: 1 } }] }],
    }),
};

interface Series {
  readonly name?: string;
  readonly data: readonly unknown[];
  readonly markLine?: {
    readonly data: readonly {
      readonly xAxis?: number;
      readonly yAxis?: number;
      readonly label: { readonly formatter: string };
    }[];
  };
  readonly markArea?: { readonly data: readonly unknown[] };
}

/** Returns the title and the series that a chart draws, whatever it looks like. */
function drawn(chart: string, result: Result): { title: object; series: readonly Series[] } {
  const { title, series } = charts[chart]!(chartData(result));
  return { title: title as object, series: series as readonly Series[] };
}

function limitsOf({ markLine }: Series): (readonly [number | undefined, string])[] {
  return markLine!.data.map(
    ({ xAxis, yAxis, label }) => [xAxis ?? yAxis, label.formatter] as const,
  );
}

test('the latencies over time: a line each until they become ∞, the limits, the stall', () => {
  const { title, series } = drawn('response time over time', failing());
  expect(title).toMatchObject({
    text: 'Response time, second by second',
    subtext: 'steady state 0:00–0:34',
  });
  const [p50, p95, p99, stall, infinite] = series;
  // A point in the middle of each second; none for the last three.
  const lineOf = (ms: number): unknown[] =>
    repeat(ms, 31)
      .concat(repeat(NaN, 3))
      .map((value, i) => [1000 * i + 500, Number.isNaN(value) ? null : value]);
  expect([p50, p95, p99].map((one) => one?.name)).toEqual(['p50', 'p95', 'p99']);
  expect(p50!.data).toEqual(lineOf(400));
  expect(p95!.data).toEqual(lineOf(1199.6));
  expect(p99!.data).toEqual(lineOf(1199.6));
  expect(infinite!.data.map((mark) => (mark as { value: unknown }).value)).toEqual(
    [31_500, 32_500, 33_500].flatMap((ms) => ['p50', 'p95', 'p99'].map((p) => [ms, `${p} = ∞`])),
  );
  expect(limitsOf(p50!)).toEqual([
    [500, 'budget p50 < 500 ms (whole run)'],
    [2000, 'budget p95 < 2 s, avg < 2 s (whole run)'],
    [5000, expect.stringMatching(/^budget index documents: p95 < 5 s, .* < 5 s \(whole run\)$/)],
  ]);
  expect(stall!.markArea!.data).toEqual([[{ xAxis: 31_000 }, { xAxis: 33_600 }]]);
});

test('the distribution: every request that ended ok, its percentiles and the limits', () => {
  const { title, series } = drawn('distribution of the response time', failing());
  expect(title).toMatchObject({
    subtext:
      'judged phases: 378 ended ok, 33 did not (8.0 %; in the percentiles they count as ∞) ' +
      '· p95, p99: ∞',
  });
  const [bars, limits] = series;
  const filled = (bars!.data as readonly [number, number][]).filter(([, count]) => count > 0);
  expect(filled.map(([, count]) => count)).toEqual([279, 31, 62, 6]);
  // The lower edges of what took 400, 900, 1200 and 2500 ms.
  [400, 900, 1200, 2500].forEach((ms, i) => {
    expect(filled[i]![0]).toBeLessThanOrEqual(ms);
    expect(filled[i]![0] * 10 ** 0.05).toBeGreaterThan(ms * 0.999);
  });
  expect(limitsOf(bars!)).toEqual([[400, 'p50 400 ms']]);
  expect(limitsOf(limits!).map(([at]) => at)).toEqual([500, 2000, 5000]);
});

test('rates: requests that ended ok and errors, second by second', () => {
  const seconds = repeat({ series: [{ okMs: repeat(20, 5), others: { failed: 2 } }] }, 3);
  const { series } = drawn('throughput and errors', makeResult({ intervals: seconds }));
  expect(series.map(({ name, data }) => [name, data])).toEqual([
    ['ended ok', [500, 1500, 2500].map((ms) => [ms, 5])],
    ['errors', [500, 1500, 2500].map((ms) => [ms, 2])],
  ]);
});

for (const [name, resultOf] of Object.entries(results)) {
  test(`${name}: options are plain data without holes`, () => {
    for (const optionOf of Object.values(charts)) {
      const option = optionOf(chartData(resultOf()));
      expect(JSON.parse(JSON.stringify(option))).toEqual(option);
    }
  });

  test(`${name}: the pictures are whole, small, and the same each time`, async () => {
    const pictures = await picturesOf(resultOf());
    const svgs = pictures.filter(({ contentType }) => contentType === 'image/svg+xml');
    expect(svgs.map((one) => one.name)).toEqual(['budgets', ...Object.keys(charts)]);
    for (const { text } of svgs) {
      expect(text).toMatch(/^<svg [^]*<\/svg>\n?$/);
      expect(text).not.toMatch(/NaN|undefined|Infinity|zr\d/);
      expect(text.length).toBeLessThan(60_000);
    }
    expect(await picturesOf(resultOf())).toEqual(pictures);
  });
}

test('names of others are text, and nothing else', async () => {
  const pictures = await picturesOf(results['names of others']!());
  const svgs = pictures.filter(({ contentType }) => contentType === 'image/svg+xml');
  expect(svgs.filter(({ text }) => /<script|\u001b/.test(text))).toEqual([]);
  const latency = svgs.find(({ name }) => name === 'response time over time')!.text;
  expect(latency.replaceAll('\u2060', '')).toContain(
    'budget &lt;/text&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;{b}\\u{1b}: p95',
  );
});

test('the status of each budget is told in words, whatever their colour', () => {
  const text = budgetsPicture(judge(failing()), 'x').replaceAll(/<[^>]*>/g, '');
  expect(text).toContain('Budget not met: p95 is ∞ (8.0 % not ok), limit &lt; 2 s');
  expect(text).toMatch(/\nFAIL {5}throughput/);
  expect(text).toMatch(/\npass {5}p50/);
});

test('a second load has its number', async () => {
  const pictures = await picturesOf(makeResult(), makeResult());
  expect(pictures.map(({ name }) => name)).toEqual([
    'budgets',
    ...Object.keys(charts),
    ...['budgets', ...Object.keys(charts)].map((name) => `${name} (load 2)`),
  ]);
});

test('what cannot be drawn is said, and the rest stays', async () => {
  const sink: Parameters<typeof attachPictures>[0] = { attachments: [] };
  const load = judgedLoad(failing());
  await attachPictures(sink, [load, load], {
    draw: () => Promise.reject(new Error('no ink')),
  });
  expect(sink.attachments.map(({ name }) => name)).toEqual([
    'budgets',
    'charts',
    'budgets (load 2)',
    'charts (load 2)',
  ]);
  expect(sink.attachments[1]?.body?.toString()).toBe('Not drawn: Error: no ink');
});
