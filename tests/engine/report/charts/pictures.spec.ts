import { expect, test } from '@playwright/test';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { judge } from '../../../../load/budgets/judge.ts';
import { judgedLoad } from '../../../../load/budgets/judged-load.ts';
import type { Result } from '../../../../load/metrics/result/result.ts';
import { budgetsPicture } from '../../../../load/report/charts/budgets-picture.ts';
import { chartData } from '../../../../load/report/charts/chart-data.ts';
import { attachPictures, charts } from '../../../../load/report/charts/pictures.ts';
import { failing, invalid } from '../../budgets/failing-results.ts';
import { budget, makeResult, repeat } from '../../budgets/make-result.ts';

/** Compares with a kept file. Where it is missing it is written, and the test fails: look at it first. */
function expectKept(name: string, text: string): void {
  const path = fileURLToPath(new URL(`kept/${name}`, import.meta.url));
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    throw new Error(`${path} was missing and has been written`);
  }
  expect(text).toBe(readFileSync(path, 'utf8'));
}

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

const results: Readonly<Record<string, () => Result>> = {
  failing,
  invalid,
  'one second': () => makeResult(),
  'no interval': () => makeResult({ intervals: [] }),
  'no request': () => makeResult({ intervals: [{}, {}] }),
  'an hour': () => makeResult({ intervals: repeat({ series: [{ okMs: [20, 30] }] }, 3600) }),
  'names of others': () =>
    makeResult({
      stream: { tasks: [task] },
      budgets: [budget('p95', '< 2 s', { task: evil })],
      intervals: [{ series: [{ task: evil, okMs: [10], others: { failed: 1 } }] }],
    }),
};

test('the options of the latencies over time, of a run in which they become ∞', () => {
  const option = charts['response time over time']!(chartData(failing()));
  expectKept('response-time-over-time.json', `${JSON.stringify(option, undefined, 1)}\n`);
});

test('the options of the distribution', () => {
  const option = charts['distribution of the response time']!(chartData(failing()));
  expectKept('distribution.json', `${JSON.stringify(option, undefined, 1)}\n`);
});

test('a chart and a verdict as pictures', async () => {
  const small = makeResult({ intervals: repeat({ series: [{ okMs: repeat(20, 5) }] }, 3) });
  const pictures = await picturesOf(small);
  const svgOf = (name: string): string =>
    pictures.find((one) => one.name === name && one.contentType === 'image/svg+xml')!.text;
  expectKept('throughput.svg', svgOf('throughput and errors'));
  expectKept('budgets.svg', svgOf('budgets'));
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

test('a second load has its number; the verdicts of passes stand in Allure, too', async () => {
  const [description, ...others] = await picturesOf(makeResult(), makeResult());
  expect(description).toMatchObject({
    name: '_allure description',
    contentType: 'application/vnd.allure.message+json',
  });
  expect(description?.text).toContain('    Budgets met: 5 of 5 budgets judged');
  expect(others.map(({ name }) => name)).toEqual([
    'budgets',
    ...Object.keys(charts),
    ...['budgets', ...Object.keys(charts)].map((name) => `${name} (load 2)`),
  ]);
  // What failed has its verdict at the top as the error.
  const names = (await picturesOf(makeResult(), failing())).map(({ name }) => name);
  expect(names).not.toContain('_allure description');
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
