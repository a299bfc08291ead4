/**
 * The attachments of a load test for reports (Playwright's, Allure's), and how the suite's own reporter
 * reads them. They are pushed to the list instead of using `testInfo.attach`, which makes a step; in the
 * teardown of an interrupted test Allure would hide it among the hooks.
 */
import type { TestInfo } from '@playwright/test';
import type { TestResult } from '@playwright/test/reporter';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { Finding } from '../../analysis/findings/finding.ts';
import type { Verdict } from '../../budgets/judge.ts';
import type { JudgedLoad } from '../../budgets/judged-load.ts';
import type { Plan } from '../../metrics/log/schema.ts';
import { figuresJson } from '../../platform/json-file.ts';
import {
  allureMetadata,
  allureParameters,
  hiddenFacts,
  loadName,
  loadParameters,
  metadataName,
  outcomeName,
  verdictLabels,
} from '../allure/metadata.ts';
import { outcomeParameters } from '../allure/outcome.ts';
import type { RunComparison } from '../../baselines/comparison-file.ts';
import type { Snapshot } from '../../baselines/snapshot.ts';
import { baselineText } from '../text/comparison-text.ts';
import { consoleLineSchema, type ConsoleLine } from '../text/console-line.ts';
import { consoleLines } from '../text/console-load.ts';
import { namedTexts, textsOf, type LoadTexts } from '../text/load-texts.ts';
import type { ReportSection } from '../text/report-section.ts';
import { headlineLines } from '../text/verdict-table.ts';
import { bottlenecksMarkdown, bottlenecksName } from '../files/bottlenecks.ts';
import { analysisName, regressionAnalysisMarkdown } from '../files/regression-analysis.ts';

const logAttachment = { name: 'interval log', contentType: 'application/x-ndjson' } as const;
const jsonType = 'application/json';
export const comparisonAttachment = { name: 'comparison.json', contentType: jsonType } as const;
const textType = 'text/plain';
const unjudgedName = 'not judged';

/** The fields of a judged load that the reporter must know. No report shows it. */
const factsSchema = z.object({
  /** Lines for the console. */
  lines: z.array(consoleLineSchema),
  verdict: z.enum(['pass', 'fail', 'no-data', 'invalid']) satisfies z.ZodType<Verdict['verdict']>,
  /** The verdict in one line of the console. */
  /** Missing in blobs of older versions. */
  headline: z.string().default(''),
});

type Sink = Pick<TestInfo, 'attachments' | 'annotations'>;

function push({ attachments }: Sink, name: string, text: string, contentType = textType): void {
  attachments.push({ name, contentType, body: Buffer.from(text) });
}

/** Announces the load before the first request. */
export function announceLoad(testInfo: Sink, plan: Plan): void {
  const earlier = testInfo.attachments.filter(({ name }) => name === metadataName).length;
  testInfo.attachments.push(allureMetadata(plan, earlier));
  for (const { name, value } of allureParameters(loadParameters(plan), loadName(plan, earlier))) {
    testInfo.annotations.push({ type: name, description: value });
  }
}

/** The system was not ready for load, so none was sent. Reports sort the test by this. */
export function attachUnfit({ attachments }: Sink): void {
  attachments.push(hiddenFacts('_unfit', {}, { labels: verdictLabels('preflight') }));
}

const retold = new WeakSet();

/**
 * Replaces the attachments of a slice, load by load, by those of the whole. They keep their places, since
 * Playwright's report needs every attachment that a step has made.
 */
export function retellLoad({ attachments, annotations }: Sink, plan: Plan): void {
  const known = attachments.filter(({ name }) => name === metadataName);
  const ofSlice = known.findIndex((one) => !retold.has(one));
  if (ofSlice < 0) return;
  const { slices = '' } = loadParameters(plan);
  // A further load of the test has its name in parentheses: `slice (recovery)`.
  const parameters = allureParameters({ slice: '', slices }, loadName(plan, ofSlice));
  const [one, whole] = parameters.map(({ name, value }) => ({ type: name, description: value }));
  const ofOne = annotations.find(({ type }) => type === one?.type);
  if (ofOne !== undefined) Object.assign(ofOne, whole);
  retold.add(known[ofSlice]!);
  Object.assign(known[ofSlice]!, { body: allureMetadata(plan, ofSlice).body });
}

/**
 * The interval log, by path and while it is still empty. Reports read the file at the end, so they also
 * get what a killed worker had written.
 */
export function attachLog(testInfo: Sink, path: string): void {
  testInfo.attachments.push({ ...logAttachment, path: resolve(path) });
}

/** Names the log of a load whose verdict the test did not ask for. */
export function attachUnjudged(testInfo: Sink, logPath: string): void {
  push(testInfo, unjudgedName, resolve(logPath));
}

/**
 * Attaches the budgets, the statistics, the outcomes, the sections and the errors. A slice attaches
 * nothing, since the merge attaches the figures of the whole.
 */
export function attachResult(
  testInfo: Sink,
  load: JudgedLoad,
  sections: readonly ReportSection[] = [],
): void {
  if (load.plan.slice.count > 1) return;
  const { verdict } = load.verdict;
  const [headline = ''] = headlineLines(load.verdict);
  const lines = consoleLines(load, sections);
  const facts: z.infer<typeof factsSchema> = { verdict, headline, lines };
  const earlier = testInfo.attachments.filter(({ name }) => name === outcomeName).length;
  const parameters = allureParameters(outcomeParameters(load), loadName(load.plan, earlier));
  const data = { labels: verdictLabels(verdict), parameters };
  testInfo.attachments.push(hiddenFacts(outcomeName, facts, data));
  for (const [name, text] of namedTexts(textsOf(load, load.verdict, sections))) {
    push(testInfo, name, text);
  }
}

/** Attaches the comparison with the baseline, and returns its text. */
export function attachBaseline(testInfo: Sink, snapshot: Snapshot): string {
  const text = baselineText(snapshot);
  push(testInfo, 'baseline', text);
  return text;
}

/** The regression analysis of this test alone. */
export function attachAnalysis(testInfo: Sink, found: RunComparison): void {
  push(testInfo, analysisName, regressionAnalysisMarkdown(found), 'text/markdown');
  // For the merge, which builds the run's comparison from those of its tests.
  const { name, contentType } = comparisonAttachment;
  push(testInfo, name, figuresJson(found), contentType);
}

/** Attaches why the loads of this test were slow, if there are findings. */
export function attachFindings(testInfo: Sink, findings: readonly Finding[]): void {
  if (findings.length === 0) return;
  push(testInfo, bottlenecksName, bottlenecksMarkdown(findings), 'text/markdown');
}

export function isLog({ name, contentType }: TestResult['attachments'][number]): boolean {
  return name === logAttachment.name && contentType === logAttachment.contentType;
}

/** Whether the test was to send a load, even if it sent none. */
export function isLoadTest(attachments: TestResult['attachments']): boolean {
  return attachments.some(({ name }) => name === metadataName);
}

/** A load as read from a test's attachments. */
export interface AttachedLoad {
  readonly logPath: string;
  /** Missing if the worker died before it judged the load, or if the test did not ask for the verdict. */
  readonly texts: LoadTexts | undefined;
  readonly verdict: Verdict['verdict'] | undefined;
  readonly headline: string;
  readonly lines: readonly ConsoleLine[];
  readonly isUnasked: boolean;
}

interface Found {
  readonly logPath: string;
  readonly texts: Partial<Record<string, string>>;
  facts?: z.infer<typeof factsSchema>;
}

/** One per interval log, in order; empty if the test ran no load. */
export function attachedLoads(
  attachments: TestResult['attachments'],
  sections: readonly ReportSection[] = [],
): AttachedLoad[] {
  const loads: Found[] = [];
  const unjudged = new Set<string>();
  for (const attachment of attachments) {
    const { name, contentType, path } = attachment;
    if (isLog(attachment) && path !== undefined) loads.push({ logPath: path, texts: {} });
    const text = attachment.body?.toString();
    const load = loads.at(-1);
    if (text === undefined) continue;
    if (name === unjudgedName && contentType === textType) unjudged.add(text);
    else if (name === outcomeName && load !== undefined) {
      load.facts = factsSchema.parse(JSON.parse(text));
    } else if (contentType === textType && load !== undefined) {
      // The first attachment with the name. Those of the test itself come later.
      load.texts[name] ??= text;
    }
  }
  return loads.map(({ logPath, texts, facts }) => {
    const isUnasked = unjudged.has(logPath);
    const whole = isUnasked ? undefined : wholeTexts(texts, sections);
    const { verdict, headline = '', lines = [] } = facts ?? {};
    return { logPath, verdict, headline, lines, isUnasked, texts: whole };
  });
}

function wholeTexts(texts: Found['texts'], all: readonly ReportSection[]): LoadTexts | undefined {
  const { budgets, statistics, outcomes } = texts;
  if (budgets === undefined || statistics === undefined || outcomes === undefined) return undefined;
  const { target = '', errors = '', baseline = '' } = texts;
  const sections = Object.fromEntries(all.map(({ name }) => [name, texts[name] ?? '']));
  return { budgets, statistics, outcomes, target, sections, errors, baseline };
}
