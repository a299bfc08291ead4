/**
 * The pictures of a load in the reports of Playwright and Allure: its budgets first, then its charts.
 * Start reading here: `chart-data.ts` has the data, the other files the drawing.
 */
import type { TestInfo } from '@playwright/test';
import type * as Echarts from 'echarts';
import type { HistoryLine } from '../../baselines/history.ts';
import type { JudgedLoad } from '../../budgets/judged-load.ts';
import type { Result } from '../../metrics/result/result.ts';
import { loadName } from '../allure/metadata.ts';
import { budgetsPicture, budgetsPictureName } from './budgets-picture.ts';
import { chartData, type ChartData } from './chart-data.ts';
import { pictureSize, type ChartOption } from './chart-style.ts';
import type { Progression } from '../../analysis/findings/progression.ts';
import { progressionOption } from './progression-chart.ts';
import { historyOption } from './history-chart.ts';
import { distributionOption, latencyOption } from './latency-charts.ts';
import { readingsOption } from './readings-chart.ts';
import { ratesOption, usersOption } from './time-charts.ts';

export const pictureType = 'image/svg+xml';

/** In the order of display. */
export const charts: Readonly<Record<string, (data: ChartData) => ChartOption>> = {
  'users and requests in flight': usersOption,
  'throughput and errors': ratesOption,
  'response time over time': latencyOption,
  'distribution of the response time': distributionOption,
};

type Sink = Pick<TestInfo, 'attachments'>;

interface PictureOptions {
  readonly draw?: typeof drawSvg;
  /** The lines of a test's history; with two or more there is a chart of them. */
  readonly historyOf?: (result: Result) => readonly HistoryLine[];
}

/**
 * Attaches the pictures of a test's loads. Call it when none of them runs any more, since drawing needs
 * the processor. Never rejects: a drawing error becomes an attachment.
 */
export async function attachPictures(
  testInfo: Sink,
  loads: readonly JudgedLoad[],
  { draw = drawSvg, historyOf = () => [] }: PictureOptions = {},
): Promise<void> {
  for (const [i, load] of loads.entries()) {
    const loadText = loadName(load.plan, i);
    const ofLoad = loadText === '' ? '' : ` (${loadText})`;
    const push = (name: string, contentType: string, text: string): void => {
      testInfo.attachments.push({ name: name + ofLoad, contentType, body: Buffer.from(text) });
    };
    try {
      push(budgetsPictureName, pictureType, budgetsPicture(load.verdict, load.plan.testId));
      const data = chartData(load);
      for (const [name, optionOf] of Object.entries(charts)) {
        push(name, pictureType, await draw(optionOf(data)));
      }
      const readings = readingsOption(data, load);
      if (readings !== undefined)
        push('readings of the monitor', pictureType, await draw(readings));
      const lines = historyOf(load);
      if (lines.length > 1) {
        push('history', pictureType, await draw(historyOption(load.plan.testId, lines)));
      }
    } catch (error) {
      push('charts', 'text/plain', `Not drawn: ${String(error)}`);
    }
  }
}

/** The system's figures from level to level so far, as a picture shown with the test. */
export async function attachLevels(
  { attachments }: Sink,
  progressions: readonly Progression[],
): Promise<void> {
  for (const progression of progressions) {
    const svg = await drawSvg(progressionOption(progression)).catch(() => undefined);
    if (svg === undefined) continue;
    attachments.push({ name: 'levels', contentType: pictureType, body: Buffer.from(svg) });
  }
}

/**
 * The library as one file. Its parts (`echarts/core` and others) are hundreds of modules, which a worker
 * of the test runner takes seconds to load instead of some 60 ms.
 */
const library = 'echarts/dist/echarts.esm.min.mjs';

/**
 * Draws a chart's options as an SVG document, with the same bytes for the same options. Loads the library
 * at the first call. Do not call it while a load runs, since drawing keeps this process busy.
 */
export async function drawSvg(option: ChartOption): Promise<string> {
  const { init } = (await import(library)) as typeof Echarts;
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...pictureSize });
  try {
    chart.setOption(option);
    return plainSvg(chart.renderToSVGString());
  } finally {
    chart.dispose();
  }
}

/**
 * Removes elements that only serve the mouse, and renumbers the ids, which count the charts of this
 * process. Only attributes are changed, which contain no text from outside.
 */
function plainSvg(svg: string): string {
  return svg
    .replace(/<style >[^]*?<\/style>\n?/, '')
    .replaceAll(/ (class="zr\d+-cls-\d+"|ecmeta_\w+="[^"<>]*"|pointer-events="\w+")/g, '')
    .replaceAll(/ id="zr\d+-c(\d+)"/g, ' id="clip-$1"')
    .replaceAll(/="url\(#zr\d+-c(\d+)\)"/g, '="url(#clip-$1)"');
}
