/**
 * Puts the data of a run into the page of the load report. The result is a single file without
 * dependencies.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { JudgedPair } from '../../paired/pair-log.ts';
import { ownFile } from '../../platform/own-file.ts';
import { counted } from '../../platform/words.ts';
import type { Results } from '../files/results-json.ts';
import { findingText } from '../text/finding-text.ts';
import { totalsLine } from '../text/run-totals.ts';
import { visible } from '../text/text-table.ts';
import type { LoadPage, PageData } from './page-data.ts';
import { pairPage } from './pair-page.ts';
import { overviewTable } from './tables.ts';

/** Name in the run's folder. */
export const pageName = 'index.html';

const builtPath = ownFile('load/report/html/page.html');

export const notBuilt =
  'index.html is not written: its page is not built; npm run build:page builds it, and npm run report writes it';

const place = '<!-- data -->';

/** The report; undefined if its page is not built. */
export function pageHtml(data: PageData, loads: readonly LoadPage[]): string | undefined {
  if (!existsSync(builtPath)) return undefined;
  const page = readFileSync(builtPath, 'utf8');
  const at = page.indexOf(place);
  // Split instead of replaced, since a replacement would interpret `$&` in the data.
  const scripts = [
    dataScript('run', data),
    ...loads.map((load, i) => dataScript(`load-${i}`, load)),
  ];
  return page.slice(0, at) + scripts.join('\n') + page.slice(at + place.length);
}

/**
 * No text in it can end the script, since `<` is escaped. Characters that change the text direction are
 * shown as escapes.
 */
function dataScript(id: string, data: unknown): string {
  const plain = (_: string, value: unknown): unknown =>
    typeof value === 'string' ? value.split('\n').map(visible).join('\n') : value;
  const json = JSON.stringify(data, plain).replaceAll('<', '\\u003c');
  return `<script type="application/json" id="data-${id}">${json}</script>`;
}

export function runPage(
  { runId, totals, loads, findings, unreadable }: Results,
  pairs: readonly JudgedPair[] = [],
): PageData {
  const isOfPairs = loads.length === 0 && pairs.length > 0;
  return {
    runId,
    totals: isOfPairs ? counted(pairs.length, 'pair') : totalsLine(totals),
    pairs: pairs.map(pairPage),
    overview: overviewTable(loads),
    findings: findings.map((one) => ({ test: one.testId, text: findingText(one) })),
    unreadable: unreadable.map(({ log, reason }) => `${log}: ${reason}`),
  };
}
