/** A section added for one system, through all code that reports a load. */
import { expect, test } from '@playwright/test';
import type { TestCase, TestResult } from '@playwright/test/reporter';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJudgedLoad } from '../../../../load/budgets/judged-load.ts';
import { attachLog, attachResult } from '../../../../load/report/playwright/attachments.ts';
import LoadReporter from '../../../../load/report/playwright/reporter.ts';
import type { ReportSection } from '../../../../load/report/text/report-section.ts';
import { requests, writeLog, type MadeLog } from '../make-log.ts';

const carts: ReportSection = {
  name: 'carts',
  title: 'Carts of the shop',
  text: ({ series }) => (series.some(({ task }) => task === 'buy') ? 'carts    7' : ''),
  markdown: (result) => (carts.text(result) === '' ? '' : '| carts | 7 |'),
  json: (result) => (carts.text(result) === '' ? [] : [{ carts: 7 }]),
};

/** The reports of a load of that task, whether its test attached its texts or died. */
async function reportsOf(task: string, dies: boolean) {
  const folder = test.info().outputPath(`run-${task}-${dies}`);
  const log: MadeLog = { seconds: [[requests([1], { task, request: task })]] };
  const path = join(folder, 'shop.ndjson');
  writeLog(path, log);
  const sink = { attachments: [] as TestResult['attachments'], annotations: [] };
  attachLog(sink, path);
  if (!dies) attachResult(sink, await readJudgedLoad(path), [carts]);
  let console = '';
  const print = (text: string): void => {
    console += text;
  };
  const reporter = new LoadReporter({ runFolder: folder, sections: [carts], print });
  const result = { ...sink, status: 'passed' } as unknown as TestResult;
  reporter.onBegin({ reporter: [], projects: [], filteredProjects: [] });
  const testCase = { expectedStatus: 'passed' } as TestCase;
  reporter.onTestBegin(testCase, result);
  reporter.onTestEnd(testCase, result);
  await reporter.onEnd();
  const written = readFileSync(join(folder, 'results.json'), 'utf8');
  const { loads } = JSON.parse(written) as { loads: Record<string, unknown>[] };
  return {
    attached: sink.attachments.map(({ name }) => name).filter((name) => name === 'carts'),
    console: /^carts {4}7$/m.exec(console)?.[0],
    json: loads[0]!['carts'],
    summary: /### Carts of the shop\n\n\| carts \| 7 \|\n/.test(
      readFileSync(join(folder, 'summary.md'), 'utf8'),
    ),
  };
}

for (const dies of [false, true]) {
  const how = dies ? 'of a worker that died' : 'of a test that ended';
  test(`${how}: it is told where the load has it, and nowhere else`, async () => {
    const there = { console: 'carts    7', json: [{ carts: 7 }], summary: true };
    expect(await reportsOf('buy', dies)).toEqual({ attached: dies ? [] : ['carts'], ...there });
    const not = { attached: [], console: undefined, json: [], summary: false };
    expect(await reportsOf('look', dies)).toEqual(not);
  });
}
