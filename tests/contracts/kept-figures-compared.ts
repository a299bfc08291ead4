/** A load beside its baseline and its history, and what is written of that. */
import type { TestResult } from '@playwright/test/reporter';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { captureRun } from '../../load/baselines/capture.ts';
import { appendHistory, historyPath } from '../../load/baselines/history-file.ts';
import { historyLineOf } from '../../load/baselines/history.ts';
import { readJudgedLoad, type JudgedLoad } from '../../load/budgets/judged-load.ts';
import * as issue from '../../load/regression-issue/compose.ts';
import { subjectsIn, worthAnIssue } from '../../load/regression-issue/regressions.ts';
import * as attach from '../../load/report/playwright/attachments.ts';
import { compareWithBaseline } from '../../load/baselines/compare-with-baseline.ts';
import { attachPictures } from '../../load/report/charts/pictures.ts';
import { beginningOf } from './kept-figures-lines.ts';
import { run, type KeptLoad, type Variant } from './kept-figures-run.ts';

type Found = NonNullable<ReturnType<typeof compareWithBaseline>['found']>;
type Ask = Parameters<typeof compareWithBaseline>[1];
export type Texts = Record<string, string>;
export type Compared = Readonly<Record<string, Found['comparisons']>>;

/** Says what becomes of the load beside a baseline, and returns what was found. */
export async function compare(
  load: KeptLoad,
  result: JudgedLoad,
  own: TestResult,
  texts: Texts,
): Promise<Compared> {
  const compared: Record<string, Found['comparisons']> = {};
  const beside = (name: string, other: JudgedLoad, ask: Partial<Ask> = {}): Found | undefined => {
    const { snapshot, found } = compareWithBaseline(other, { ...asked, ...ask });
    texts[`baseline: ${name}`] = attach.attachBaseline(own, snapshot);
    if (found !== undefined) attach.attachAnalysis(own, found);
    if (found !== undefined) compared[name] = found.comparisons;
    return found;
  };
  beside('none yet', result);
  beside('none yet, in CI', result, { mode: 'none', environment: 'other' });
  if (load.isCompared === true) await compareInAllWays(load, beside, texts);
  const path = `baselines/kept/kept/scripted-${result.plan.level}.json`;
  if (existsSync(path)) texts['baseline file'] = beginningOf(readFileSync(path, 'utf8'), 160);
  await attachPictures(own, [result], {
    draw: (option) => Promise.resolve(JSON.stringify(option)),
  });
  return compared;
}

export const asked: Ask = {
  options: {},
  environment: 'kept',
  mode: 'missing',
  isRequired: true,
  baselines: 'baselines',
  runFolder: 'run',
};

async function compareInAllWays(
  load: KeptLoad,
  beside: (name: string, result: JudgedLoad, ask?: Partial<Ask>) => Found | undefined,
  texts: Texts,
): Promise<void> {
  let count = 0;
  const other = async (variant: Partial<Variant>): Promise<JudgedLoad> => {
    const path = `other/${(count += 1)}.ndjson`;
    await run(load, path, { seed: 100 + count, hour: count, ...variant });
    return readJudgedLoad(path);
  };
  beside('a run', await other({}));
  beside('written', await other({}), { mode: 'changed' });
  beside('written again', await other({}), { mode: 'changed' });
  beside('slower, not written', await other({ slowness: 30 }), { mode: 'changed' });
  beside('the same', await other({}));
  const slower = beside('slower', await other({ slowness: 2 }));
  const again = beside('slower again', await other({ slowness: 2 }));
  beside('a little slower', await other({ slowness: 1.4 }), {
    options: { tolerances: { latency: { p50: 0.2, p95: 0.2, p90: 0.2 } } },
  });
  beside('faster', await other({ slowness: 0.4 }));
  beside('plain thresholds', await other({ slowness: 2 }), { options: { significance: 'off' } });
  beside('failing', await other({ failing: 0.05 }));
  beside('another plan', await other({ model: 'large' }));
  const { testId } = (await other({})).plan;
  for (let night = 0; night < 10; night++) {
    const captured = captureRun(await other({}), { environment: 'kept' });
    appendHistory(historyPath('baselines', 'kept', testId), historyLineOf(captured));
  }
  texts['history'] = readFileSync(historyPath('baselines', 'kept', testId), 'utf8');
  beside('beside its history', await other({ slowness: 1.3 }));
  const context = { run: slower!, rerun: again!, runUrl: 'http://localhost/run' };
  for (const subject of worthAnIssue(subjectsIn(slower!, again))) {
    const text = issue.issueText(subject, context);
    const more = [issue.stillThereText(subject, context), issue.goneText(subject, context)];
    const labels = issue.followed(text, subject, context).labels;
    texts[`issue: ${issue.nameOf(subject)}`] = [
      ...more,
      text.title,
      text.body,
      ...text.labels,
      ...labels,
    ].join('\n');
  }
}

/** A run of today beside a baseline and a history that lie in the folder. */
export async function compareWithBefore(load: KeptLoad, folder: string) {
  await run(load, 'other/now.ndjson', { seed: 105, hour: 100, slowness: 2 });
  const result = await readJudgedLoad('other/now.ndjson');
  const { testId, level } = result.plan;
  const history = historyPath('baselines', 'kept', testId);
  mkdirSync(dirname(history), { recursive: true });
  mkdirSync('baselines/kept/kept', { recursive: true });
  copyFileSync(join(folder, 'history.jsonl'), history);
  copyFileSync(join(folder, 'baseline.json'), `baselines/kept/kept/scripted-${level}.json`);
  const sink = { attachments: [], annotations: [] };
  const { snapshot, found } = compareWithBaseline(result, asked);
  const texts: Texts = { 'baseline: before': attach.attachBaseline(sink, snapshot) };
  return { texts, compared: { before: found?.comparisons ?? [] } };
}
