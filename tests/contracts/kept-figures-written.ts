/** Everything that is written of a load: its log, its texts, its tables, its files. */
import type { TestCase, TestResult } from '@playwright/test/reporter';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { reportSections } from '../../fixtures/report-sections.ts';
import { toMeetBudget } from '../../fixtures/matchers/to-meet-budget.ts';
import { captureRun } from '../../load/baselines/capture.ts';
import { readJudgedLoad, type JudgedLoad } from '../../load/budgets/judged-load.ts';
import { judge } from '../../load/budgets/judge.ts';
import { probeFamiliesIn } from '../../load/systems/mcp-server/probe-families.ts';
import { parseLine, readResult } from '../../load/metrics/log/reader.ts';
import type { Result } from '../../load/metrics/result/result.ts';
import * as attach from '../../load/report/playwright/attachments.ts';
import { chartData } from '../../load/report/charts/chart-data.ts';
import { LiveLoad } from '../../load/report/playwright/live-load.ts';
import { plainText, slowLines } from '../../load/report/playwright/live-text.ts';
import { metricFigures } from '../../load/report/text/metric-figures.ts';
import { outcomesIn } from '../../load/report/text/outcomes.ts';
import LoadReporter from '../../load/report/playwright/reporter.ts';
import { statisticsIn } from '../../load/report/text/statistics.ts';
import { targetLevels } from '../../load/report/text/target-table.ts';
import { deferExpectation } from '../../load/report/playwright/deferred-expectations.ts';
import { SliceLog } from '../../load/slices/slice-log.ts';
import { judgeMergedLoad } from '../../load/slices/merged-loads.ts';
import { asked, compare, type Compared, type Texts } from './kept-figures-compared.ts';
import { beginningOf, hashOf, linesOf } from './kept-figures-lines.ts';
import { budgetLines, run, testIdOf, type KeptLoad } from './kept-figures-run.ts';

export interface Written {
  readonly lines: readonly string[];
  readonly result: Result;
  /** As the process had it that ran the load, where that says the same as the log. */
  readonly inMemory: Result | undefined;
  readonly texts: Readonly<Texts>;
  readonly compared: Compared;
}

/** What reports derive of a result, before it is text. */
export function derivedOf(result: Result) {
  const verdict = judge(result);
  return {
    verdict,
    statistics: statisticsIn(result, verdict),
    outcomes: outcomesIn(result),
    metrics: metricFigures(result),
    levels: targetLevels(result),
    probes: probeFamiliesIn(result),
    chart: chartData(result),
    captured: result.series.length === 0 ? undefined : capturedOf(result),
  };
}

export { readResult as readBefore };
export type Derived = ReturnType<typeof derivedOf>;
export type { Result };

function capturedOf(result: Result) {
  try {
    return captureRun(result, { environment: 'kept' });
  } catch (error) {
    return String(error);
  }
}

/** Paths in texts are those of the working directory: it is the test's own. */
export async function within<T>(folder: string, body: () => Promise<T>): Promise<T> {
  const before = process.cwd();
  mkdirSync(folder, { recursive: true });
  process.chdir(folder);
  try {
    return await body();
  } finally {
    process.chdir(before);
  }
}

/** Runs the load within the working directory, and gathers what is there of it at the end. */
export async function write(load: KeptLoad): Promise<Written> {
  mkdirSync('run');
  const logPath = `run/${testIdOf(load)}.ndjson`;
  const test = { attachments: [], annotations: [], errors: [], status: 'passed' };
  const own = test as unknown as TestResult;
  const texts: Texts = {};
  const isSliced = load.slices !== undefined;
  const inMemory = isSliced ? undefined : await run(load, logPath);
  if (isSliced) texts['slices'] = await mergedText(load, own);
  const result = await readJudgedLoad(logPath);
  if (!isSliced) attachAll(own, result, logPath);
  const compared = isSliced ? {} : await compare(load, result, own, texts);
  const console = await printed([own], false);
  texts['console'] = console;
  texts['console, quiet'] = await printed([own], true);
  texts['matcher'] = matcherText(load, result, console);
  texts['live'] = beginningOf(liveText(logPath), 80);
  texts['attachments'] = own.attachments.map((one) => attachmentText(one, console)).join('\n');
  texts['annotations'] = JSON.stringify(own.annotations);
  for (const name of ['summary.md', 'regression-analysis.md']) {
    const path = `run/${name}`;
    if (existsSync(path)) texts[name] = beginningOf(readFileSync(path, 'utf8'), 700);
  }
  texts['results.json'] = linesOf(JSON.parse(readFileSync('run/results.json', 'utf8')));
  const comparison = 'run/comparison.json';
  if (existsSync(comparison)) {
    texts['comparison.json'] = beginningOf(readFileSync(comparison, 'utf8'), 120);
  }
  const samples = logPath.replace(/ndjson$/, 'samples.jsonl.gz');
  if (!isSliced) texts['samples'] = beginningOf(gunzipSync(readFileSync(samples)).toString(), 8);
  const lines = readFileSync(logPath, 'utf8').split('\n');
  const isAsRun = load.isDisturbed !== true && load.tornAfter === undefined;
  return { lines, result, inMemory: isAsRun ? inMemory : undefined, texts, compared };
}

function attachAll(own: TestResult, result: JudgedLoad, logPath: string): void {
  attach.announceLoad(own, result.plan);
  attach.attachLog(own, logPath);
  attach.attachResult(own, result, reportSections);
}

/** All loads in one run: what is said over all of them. */
export async function writeAll(loads: readonly KeptLoad[]): Promise<Texts> {
  mkdirSync('run');
  const tests: TestResult[] = [];
  for (const load of loads) {
    const test = { attachments: [], annotations: [], errors: [], status: 'passed' };
    const logPath = `run/${testIdOf(load)}.ndjson`;
    await run(load, logPath);
    attach.attachLog(test, logPath);
    attach.attachResult(test, await readJudgedLoad(logPath), reportSections);
    if (load.name === 'red') attach.attachUnjudged(test, logPath);
    tests.push(test as unknown as TestResult);
  }
  const console = (await printed(tests, true)).trimEnd();
  const [overview = ''] = readFileSync('run/summary.md', 'utf8').split('\n## ');
  return { console, overview };
}

/** Merges the slices as their tests' blob reports are merged; the tests' errors are the text. */
async function mergedText(load: KeptLoad, own: TestResult): Promise<string> {
  const tests: TestResult[] = [];
  const parts = [];
  const count = load.slices!;
  for (let index = 1; index <= count; index++) {
    const path = `slices/${index}.ndjson`;
    await run(load, path, {}, { index, count });
    const log = new SliceLog(path);
    const sink = { attachments: [], annotations: [], errors: [], status: 'passed' };
    const result = index === 1 ? own : (sink as unknown as TestResult);
    attach.announceLoad(result, log.plan);
    attach.attachLog(result, path);
    deferExpectation(result, log.plan, { budgets: extraOf(load) });
    deferExpectation(result, log.plan, { baseline: asked });
    tests.push(result);
    parts.push({ log, result, test: 'sliced' });
  }
  const sliced = { testId: testIdOf(load), load: 1, parts };
  const folders = { runId: 'kept', run: 'run', baselines: 'baselines' };
  await judgeMergedLoad(sliced, folders, [], reportSections);
  for (const { log } of parts) log.close();
  return tests
    .flatMap(({ status, errors }) => [status, ...errors.map(({ message }) => message)])
    .join('\n');
}

const extraOf = (load: KeptLoad) =>
  budgetLines(load.extra, load.user({} as never)).map((line) => ({ ...line }));

function matcherText({ extra }: KeptLoad, result: JudgedLoad, console: string): string {
  const say = (isNot: boolean, budgets?: object): string => {
    const { pass, message } = toMeetBudget.call({ isNot } as never, result, budgets);
    return `${pass ? 'passes' : 'fails'}\n${unlessIn(console, message())}`;
  };
  return [say(false), say(false, extra), say(true)].join('\n---\n');
}

function liveText(logPath: string): string {
  const live = new LiveLoad(basename(logPath, '.ndjson'));
  const texts: string[] = [];
  for (const line of readFileSync(logPath, 'utf8').split('\n')) {
    if (!line.endsWith('}')) continue;
    texts.push(...slowLines(live.name, live.add(parseLine(line, logPath))));
    const status = live.status();
    if (status !== undefined) texts.push(plainText(status));
  }
  return texts.join('\n');
}

function attachmentText(
  { name, contentType, path, body }: TestResult['attachments'][number],
  console: string,
): string {
  const text = body === undefined ? basename(path ?? '') : body.toString();
  const isLong = text.length > 3000 || contentType === 'image/svg+xml';
  return `--- ${name} (${contentType})\n${isLong ? hashOf(text) : unlessIn(console, text)}`;
}

/** What stands there already need not be read twice. */
function unlessIn(console: string, text: string): string {
  return console.includes(text) ? 'as in the console' : text;
}

async function printed(tests: readonly TestResult[], quiet: boolean): Promise<string> {
  let text = '';
  const print = (more: string): void => {
    text += more;
  };
  const sections = reportSections;
  const reporter = new LoadReporter({ runFolder: 'run', quiet, print, complain: print, sections });
  reporter.onBegin();
  for (const test of tests) {
    reporter.onTestBegin({} as TestCase, test);
    reporter.onTestEnd({} as TestCase, test);
  }
  await reporter.onEnd();
  return text;
}
