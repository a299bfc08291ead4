/** Finds the loads of a test in its attachments: the reading side of attachments.ts. */
import type { TestResult } from '@playwright/test/reporter';
import type { Verdict } from '../../budgets/judge.ts';
import { factsName, factsSchema, logAttachment, textType, unjudgedName } from './attachments.ts';
import type { LoadTexts } from '../text/load-texts.ts';

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
export function attachedLoads(attachments: TestResult['attachments']): AttachedLoad[] {
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
    return { logPath, verdict, isUnasked, texts: isUnasked ? undefined : wholeTexts(texts) };
  });
}

function wholeTexts(texts: Partial<Record<string, string>>): LoadTexts | undefined {
  const { budgets, statistics, outcomes } = texts;
  if (budgets === undefined || statistics === undefined || outcomes === undefined) return undefined;
  const { target = '', probes = '', errors = '', baseline = '' } = texts;
  return { budgets, statistics, outcomes, target, probes, errors, baseline };
}
