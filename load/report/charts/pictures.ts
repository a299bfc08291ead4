/** The pictures of a load in the reports of others: its budgets first, then its charts. */
import type { TestInfo } from '@playwright/test';
import type { HistoryLine } from '../../baselines/history.ts';
import type { JudgedLoad } from '../../budgets/judged-load.ts';
import type { Result } from '../../metrics/result/result.ts';
import { allureDescription } from '../allure/metadata.ts';
import { budgetsPicture } from './budgets-picture.ts';
import { chartData, type ChartData } from './chart-data.ts';
import type { ChartOption } from './chart-style.ts';
import { historyOption } from './history-chart.ts';
import { distributionOption, latencyOption } from './latency-charts.ts';
import { drawSvg } from './svg.ts';
import { ratesOption, usersOption } from './time-charts.ts';
import { verdictTable } from '../text/verdict-table.ts';

export const pictureType = 'image/svg+xml';

/** In the order in which they are shown. */
export const charts: Readonly<Record<string, (data: ChartData) => ChartOption>> = {
  'users and requests in flight': usersOption,
  'throughput and errors': ratesOption,
  'response time over time': latencyOption,
  'distribution of the response time': distributionOption,
};

type Sink = Pick<TestInfo, 'attachments'>;

interface PictureOptions {
  readonly draw?: typeof drawSvg;
  /** Lines of a test's history; a chart of them where there are two or more. */
  readonly historyOf?: (result: Result) => readonly HistoryLine[];
}

/**
 * Pushes the pictures of a test's loads. Call it when none of them runs any more: drawing takes the
 * processor. Never rejects: what can't be drawn is told in an attachment of its own.
 */
export async function attachPictures(
  testInfo: Sink,
  loads: readonly JudgedLoad[],
  { draw = drawSvg, historyOf = () => [] }: PictureOptions = {},
): Promise<void> {
  if (loads.length > 0 && loads.every(({ verdict }) => verdict.verdict === 'pass')) {
    const texts = loads.map((load) => verdictTable(load.verdict, load));
    testInfo.attachments.push(allureDescription(texts));
  }
  for (const [i, load] of loads.entries()) {
    const ofLoad = i > 0 ? ` (load ${i + 1})` : '';
    const push = (name: string, contentType: string, text: string): void => {
      testInfo.attachments.push({ name: name + ofLoad, contentType, body: Buffer.from(text) });
    };
    try {
      push('budgets', pictureType, budgetsPicture(load.verdict, load.plan.testId));
      const data = chartData(load);
      for (const [name, optionOf] of Object.entries(charts)) {
        push(name, pictureType, await draw(optionOf(data)));
      }
      const lines = historyOf(load);
      if (lines.length > 1) {
        push('history', pictureType, await draw(historyOption(load.plan.testId, lines)));
      }
    } catch (error) {
      push('charts', 'text/plain', `Not drawn: ${String(error)}`);
    }
  }
}
