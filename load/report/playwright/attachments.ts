/**
 * What a load test shows in the reports of others (Playwright's, Allure's), and how our own reporter
 * finds it again. Everything is pushed and not attached: `testInfo.attach` makes a step, and in the
 * teardown of an interrupted test Allure would hide it among the hooks.
 */
import type { TestInfo } from '@playwright/test';
import type { TestResult } from '@playwright/test/reporter';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { Verdict } from '../../budgets/judge.ts';
import type { JudgedLoad } from '../../budgets/judged-load.ts';
import type { Plan } from '../../metrics/log/schema.ts';
import { figuresJson } from '../../platform/json-file.ts';
import { allureMetadata, hiddenFacts, loadParameters, metadataName } from '../allure/metadata.ts';
import type { RunComparison } from '../../baselines/comparison-file.ts';
import type { Snapshot } from '../../baselines/snapshot.ts';
import { baselineText } from '../text/comparison-text.ts';
import { namedTexts, textsOf, type LoadTexts } from '../text/load-texts.ts';
import type { ReportSection } from '../text/report-section.ts';
import { analysisName, regressionAnalysisMarkdown } from '../files/regression-analysis.ts';

export const logAttachment = { name: 'interval log', contentType: 'application/x-ndjson' } as const;
export const comparisonAttachment = {
  name: 'comparison.json',
  contentType: 'application/json',
} as const;
const textType = 'text/plain';
const unjudgedName = 'not judged';

/** What the reporter must know of a judged load, as fields; no report shows it. */
const factsName = '_load';
const factsSchema = z.object({
  verdict: z.enum(['pass', 'fail', 'no-data', 'invalid']) satisfies z.ZodType<Verdict['verdict']>,
});

type Sink = Pick<TestInfo, 'attachments' | 'annotations'>;

/** Says what is about to run, before the first request. */
export function announceLoad(testInfo: Sink, plan: Plan): void {
  const earlier = testInfo.attachments.filter(({ name }) => name === metadataName).length;
  testInfo.attachments.push(allureMetadata(plan, earlier + 1));
  for (const [type, description] of Object.entries(loadParameters(plan))) {
    testInfo.annotations.push({ type, description });
  }
}

const retold = new WeakSet();

/**
 * What reports were told of a slice, load after load, becomes what they are told of the whole. In its
 * place: Playwright's wants every attachment that a step has made.
 */
export function retellLoad({ attachments, annotations }: Sink, plan: Plan): void {
  const { slices } = loadParameters(plan);
  const ofOne = annotations.find(({ type }) => type === 'slice');
  if (ofOne !== undefined) Object.assign(ofOne, { type: 'slices', description: slices });
  const known = attachments.filter(({ name }) => name === metadataName);
  const ofSlice = known.findIndex((one) => !retold.has(one));
  if (ofSlice < 0) return;
  retold.add(known[ofSlice]!);
  Object.assign(known[ofSlice]!, { body: allureMetadata(plan, ofSlice + 1).body });
}

/**
 * The interval log, by path and before anything is in it: the reports read the file at the end, so that
 * of a worker that was killed they have what it had written.
 */
export function attachLog(testInfo: Sink, path: string): void {
  testInfo.attachments.push({ ...logAttachment, path: resolve(path) });
}

/** Names the log of a load whose verdict nobody asked for. */
export function attachUnjudged(testInfo: Sink, logPath: string): void {
  const body = Buffer.from(resolve(logPath));
  testInfo.attachments.push({ name: unjudgedName, contentType: textType, body });
}

/**
 * Attaches the budgets, the statistics, the outcomes, the sections, the errors. A slice attaches nothing:
 * its figures are a part of the whole's, which the merge attaches.
 */
export function attachResult(
  testInfo: Sink,
  load: JudgedLoad,
  sections: readonly ReportSection[] = [],
): void {
  if (load.plan.slice.count > 1) return;
  const facts: z.infer<typeof factsSchema> = { verdict: load.verdict.verdict };
  testInfo.attachments.push(hiddenFacts(factsName, facts));
  for (const [name, text] of namedTexts(textsOf(load, load.verdict, sections))) {
    testInfo.attachments.push({ name, contentType: textType, body: Buffer.from(text) });
  }
}

/** Attaches what became of the result beside its baseline, and returns the text. */
export function attachBaseline(testInfo: Sink, snapshot: Snapshot): string {
  const text = baselineText(snapshot);
  testInfo.attachments.push({ name: 'baseline', contentType: textType, body: Buffer.from(text) });
  return text;
}

/** The regression analysis of this test alone. */
export function attachAnalysis(testInfo: Sink, found: RunComparison): void {
  const body = Buffer.from(regressionAnalysisMarkdown(found));
  testInfo.attachments.push({ name: analysisName, contentType: 'text/markdown', body });
  // For the merge: the run's comparison is made of those of its tests.
  const json = Buffer.from(figuresJson(found));
  testInfo.attachments.push({ ...comparisonAttachment, body: json });
}

/** A load as it is found among a test's attachments. */
export interface AttachedLoad {
  readonly logPath: string;
  /** Missing where the worker died before it could judge, and where nobody asked it to. */
  readonly texts: LoadTexts | undefined;
  readonly verdict: Verdict['verdict'] | undefined;
  readonly isUnasked: boolean;
}

interface Found {
  readonly logPath: string;
  readonly texts: Partial<Record<string, string>>;
  verdict?: Verdict['verdict'];
}

/** One for each interval log, in order; none where the test ran no load. */
export function attachedLoads(
  attachments: TestResult['attachments'],
  sections: readonly ReportSection[] = [],
): AttachedLoad[] {
  const loads: Found[] = [];
  const unjudged = new Set<string>();
  for (const { name, contentType, path, body } of attachments) {
    if (contentType === logAttachment.contentType && name === logAttachment.name) {
      if (path !== undefined) loads.push({ logPath: path, texts: {} });
    } else if (name === unjudgedName && contentType === textType && body !== undefined) {
      unjudged.add(body.toString());
    } else if (name === factsName && body !== undefined) {
      const load = loads.at(-1);
      if (load !== undefined) load.verdict = factsSchema.parse(JSON.parse(String(body))).verdict;
    } else if (contentType === textType && body !== undefined) {
      const load = loads.at(-1);
      // The first of a name: what a test attaches itself comes later.
      if (load !== undefined) load.texts[name] ??= body.toString();
    }
  }
  return loads.map(({ logPath, texts, verdict }) => {
    const isUnasked = unjudged.has(logPath);
    const whole = isUnasked ? undefined : wholeTexts(texts, sections);
    return { logPath, verdict, isUnasked, texts: whole };
  });
}

function wholeTexts(
  texts: Partial<Record<string, string>>,
  all: readonly ReportSection[],
): LoadTexts | undefined {
  const { budgets, statistics, outcomes } = texts;
  if (budgets === undefined || statistics === undefined || outcomes === undefined) return undefined;
  const { target = '', errors = '', baseline = '' } = texts;
  const sections = Object.fromEntries(all.map(({ name }) => [name, texts[name] ?? '']));
  return { budgets, statistics, outcomes, target, sections, errors, baseline };
}
