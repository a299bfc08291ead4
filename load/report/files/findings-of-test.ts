/** The findings of a test's loads, compared with the run's finished loads at other levels. */
import type { BaselineLoad } from '../../analysis/findings/baseline-load.ts';
import type { Finding } from '../../analysis/findings/finding.ts';
import { findingsIn } from '../../analysis/findings/findings.ts';
import { progressionsIn, type Progression } from '../../analysis/findings/progression.ts';
import { LoadLevel } from '../../analysis/findings/load-level.ts';
import { readJudgedLoad, type JudgedLoad } from '../../budgets/judged-load.ts';
import { LogReader } from '../../metrics/log/reader.ts';
import { logsIn, truePath } from './rebuild.ts';

/**
 * Finished loads by the true paths of their logs. Nothing is added to such a log any more, so that each
 * is read once however many tests of this process come after it.
 */
const finished = new Map<string, LoadLevel>();

/** Ranked. `baselines`: committed ones. Logs that cannot be read are skipped; the reports mention them. */
export async function findingsOfTest(
  loads: readonly JudgedLoad[],
  folder: string,
  baselines: readonly BaselineLoad[] = [],
): Promise<{ readonly findings: Finding[]; readonly progressions: Progression[] }> {
  const levels = loads.map(levelOf);
  const own = new Set(
    loads.flatMap(({ logPath }) => (logPath === undefined ? [] : truePath(logPath))),
  );
  const systems = new Set(loads.map(({ plan }) => plan.system));
  for (const path of logsIn(folder).map(truePath)) {
    if (own.has(path)) continue;
    const earlier = finished.get(path) ?? (await levelIn(path, systems));
    if (earlier !== undefined && systems.has(earlier.plan.system)) levels.push(earlier);
  }
  const tests = new Set(loads.map(({ plan }) => plan.testId));
  const isOwn = ({ testId }: { readonly testId: string }): boolean => tests.has(testId);
  return {
    findings: findingsIn(levels, { baselines }).filter(isOwn),
    progressions: progressionsIn(levels, baselines).filter(({ steps }) => steps.some(isOwn)),
  };
}

function levelOf(load: JudgedLoad): LoadLevel {
  const level = new LoadLevel(load);
  const { end, logPath } = load;
  if (end !== undefined && logPath !== undefined) finished.set(truePath(logPath), level);
  return level;
}

/** The load of a log; undefined if it is of another system, or cannot be read. */
async function levelIn(path: string, systems: ReadonlySet<string>): Promise<LoadLevel | undefined> {
  if (!systems.has(systemOf(path) ?? '')) return undefined;
  const load = await readJudgedLoad(path).catch(() => undefined);
  return load === undefined ? undefined : levelOf(load);
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
