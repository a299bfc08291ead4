import { expect, test } from '@playwright/test';
import { judgedLoad } from '../../../../load/budgets/judged-load.ts';
import { printed } from '../../../../load/report/text/console-line.ts';
import { consoleLines } from '../../../../load/report/text/console-load.ts';
import { runTable } from '../../../../load/report/text/run-table.ts';
import { loadEntry } from '../../../../load/report/files/results-json.ts';
import { verdictTable } from '../../../../load/report/text/verdict-table.ts';
import { failing } from '../../budgets/failing-results.ts';
import { budget, makeLoad, repeat } from '../../budgets/make-result.ts';

const green = makeLoad({ intervals: repeat({ series: [{ okMs: repeat(100, 40) }] }, 20) });
const red = judgedLoad(failing());

function marksOf(lines: ReturnType<typeof consoleLines>): [string, string][] {
  return lines.flatMap(({ marked, colour }) =>
    marked === undefined || colour === undefined ? [] : [[colour, marked]],
  );
}

test('a green load: its whole verdict, each row in the colour of its status', () => {
  const lines = consoleLines(green);
  expect(lines.map(({ text }) => text).join('\n')).toBe(verdictTable(green.verdict, green));
  expect(marksOf(lines)).toEqual([
    ['green', 'Budgets met: all 5'],
    ...repeat<[string, string]>(['green', 'pass'], 5),
  ]);
});

test('a red load: statistics, then why, in few lines', () => {
  const lines = consoleLines(red);
  expect(lines.length).toBeLessThanOrEqual(32);
  expect(lines[0]?.text).toMatch(/^task +requests/);
  expect(lines.map(({ text }) => text)).toContain('Switched on: any certificate accepted');
  expect(marksOf(lines)).toContainEqual(['red', 'FAIL']);
  expect(marksOf(lines)[0]?.[1]).toMatch(/^Budget not met: p95/);
});

test('of many rows those that are not met stay', () => {
  const tasks = Array.from({ length: 20 }, (_, i) => `task ${i}`);
  const budgets = tasks.map((task, i) => budget('p50', i === 19 ? '< 1 ms' : '< 1 s', { task }));
  const series = tasks.map((task) => ({ task, request: task, okMs: repeat(100, 20) }));
  const texts = consoleLines(makeLoad({ budgets, intervals: [{ series }] })).map(
    ({ text }) => text,
  );
  expect(texts.filter((text) => text.startsWith('FAIL'))).toHaveLength(1);
  expect(texts.filter((text) => /^(FAIL|pass|marginal)/.test(text))).toHaveLength(10);
  expect(texts.join('\n')).toContain('15 more rows are in the reports');
});

test('a section of the load’s own stands below its budgets, cut where it is long', () => {
  const text = Array.from({ length: 20 }, (_, i) => `probe ${i}`).join('\n');
  const section = { name: 'probes', title: 'Probes', text: () => text, markdown: () => text };
  const texts = consoleLines(red, [section]).map((line) => line.text);
  expect(texts.filter((line) => line.startsWith('probe '))).toHaveLength(7);
});

test('all loads in one table, whose verdicts have their colours', () => {
  const loads = [green, red].map((load, i) =>
    loadEntry(load, load.verdict, `bypass-${i}.ndjson`, 'passed'),
  );
  const text = printed(runTable(loads), true);
  expect(text).toMatch(/^bypass-0 +5 +40 +100 ms +100 ms +0 +\u001b\[32mpass\u001b\[39m$/m);
  expect(text).toMatch(/^bypass-1 .* ∞ +33 \(8\.0 %\) +\u001b\[31mFAIL\u001b\[39m$/m);
  expect(printed(runTable(loads), false)).not.toContain('\u001b');
});
