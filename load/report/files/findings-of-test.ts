/** The findings of a test's loads, compared with the run's finished loads at other levels. */
import type { BaselineLoad } from '../../analysis/findings/baseline-load.ts';
import type { Finding } from '../../analysis/findings/finding.ts';
import { findingsIn } from '../../analysis/findings/findings.ts';
import { progressionsIn, type Progression } from '../../analysis/findings/progression.ts';
import { LoadLevel } from '../../analysis/findings/load-level.ts';
import { readJudgedLoad, type JudgedLoad } from '../../budgets/judged-load.ts';
import { LogReader } from '../../metrics/log/reader.ts';
import { logsIn, truePath } from './rebuild.ts';

/** Ranked. `baselines`: committed ones. Logs that cannot be read are skipped; the reports mention them. */
export async function findingsOfTest(
  loads: readonly JudgedLoad[],
  folder: string,
  baselines: readonly BaselineLoad[] = [],
): Promise<{ readonly findings: Finding[]; readonly progressions: Progression[] }> {
  const levels = loads.map((load) => new LoadLevel(load));
  const own = new Set(
    loads.flatMap(({ logPath }) => (logPath === undefined ? [] : truePath(logPath))),
  );
  const systems = new Set(loads.map(({ plan }) => plan.system));
  for (const path of logsIn(folder)) {
    if (own.has(truePath(path)) || !systems.has(systemOf(path) ?? '')) continue;
    const earlier = await readJudgedLoad(path).catch(() => undefined);
    if (earlier !== undefined) levels.push(new LoadLevel(earlier));
  }
  const tests = new Set(loads.map(({ plan }) => plan.testId));
  const isOwn = ({ testId }: { readonly testId: string }): boolean => tests.has(testId);
  return {
    findings: findingsIn(levels, { baselines }).filter(isOwn),
    progressions: progressionsIn(levels, baselines).filter(({ steps }) => steps.some(isOwn)),
  };
}

/** Reads only the first line, since most logs of a run belong to other systems. */
function systemOf(path: string): string | undefined {
  const reader = new LogReader(path);
  try {
    const plan = reader.next();
    return plan?.type === 'plan' ? plan.system : undefined;
  } catch {
    return undefined;
  } finally {
    reader.close();
  }
}
