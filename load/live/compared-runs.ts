/**
 * Compares two runs: each test that both have is judged like a load by its baseline, with the first run
 * as the baseline. A single run does not show how much runs differ, so the comparison says what is
 * different with which certainty, and `provisional` if a verdict needs more runs.
 */
import { basename } from 'node:path';
import { captureRun } from '../baselines/capture.ts';
import { cleanTimes } from '../baselines/clean-times.ts';
import { compareRuns } from '../baselines/compare.ts';
import { readJudgedLoad, type JudgedLoad } from '../budgets/judged-load.ts';
import { DetailFold } from '../metrics/result/details.ts';
import { reasonOf } from '../platform/words.ts';
import { logsIn } from '../report/files/rebuild.ts';
import { comparisonOf } from '../report/html/outcome-tables.ts';
import type { TimeChart } from '../report/html/page-data.ts';
import { timeCharts } from '../report/html/time-charts.ts';
import { nameOfLog } from '../settings/run-folder.ts';
import { mostPoints } from './load-follower.ts';
import type { Charted, ComparedRuns, ComparedTest } from './page-data.ts';

interface ReadRun {
  readonly loads: ReadonlyMap<string, { readonly load: JudgedLoad; readonly charts: TimeChart[] }>;
  readonly unreadable: readonly string[];
}

/** `environment` of both runs: the name of the baselines with which they would be compared. */
export async function comparedRuns(
  [beforeFolder, afterFolder]: readonly [string, string],
  environment: string,
): Promise<ComparedRuns> {
  const [before, after] = [await readRun(beforeFolder), await readRun(afterFolder)];
  const notes = [...before.unreadable, ...after.unreadable];
  const tests: ComparedTest[] = [];
  for (const [test, { load, charts }] of after.loads) {
    const other = before.loads.get(test);
    if (other === undefined) {
      notes.push(`${test}: only the later run has it`);
      continue;
    }
    tests.push({
      test,
      ...comparisonBetween(other.load, load, environment),
      after: { ...drawn(load), charts },
      before: { ...drawn(other.load), charts: other.charts },
    });
  }
  for (const test of before.loads.keys()) {
    if (!after.loads.has(test)) notes.push(`${test}: only the earlier run has it`);
  }
  return { before: basename(beforeFolder), after: basename(afterFolder), tests, notes };
}

function comparisonBetween(
  before: JudgedLoad,
  after: JudgedLoad,
  environment: string,
): Pick<ComparedTest, 'comparison' | 'notes'> {
  try {
    const [baseline, run] = [before, after].map((load) => captureRun(load, { environment }));
    const found = compareRuns(run!, [baseline!], {}, cleanTimes(after));
    const comparison = comparisonOf(found.comparisons);
    const notes = [...steeredNotes({ earlier: before, later: after }), ...found.notes];
    return { ...(comparison === undefined ? undefined : { comparison }), notes };
  } catch (error) {
    return { notes: [`not compared: ${reasonOf(error)}`] };
  }
}

function steeredNotes(runs: Readonly<Record<string, JudgedLoad>>): string[] {
  return Object.entries(runs)
    .filter(([, { stages }]) => stages.length > 0)
    .map(([which]) => `the ${which} run was steered while it ran, so no other run is comparable`);
}

async function readRun(folder: string): Promise<ReadRun> {
  const loads = new Map<string, { load: JudgedLoad; charts: TimeChart[] }>();
  const unreadable: string[] = [];
  for (const path of logsIn(folder)) {
    try {
      const details = new DetailFold();
      const load = await readJudgedLoad(path, details.add);
      const charts = timeCharts(load, details.intervals, { most: mostPoints });
      loads.set(nameOfLog(path), { load, charts });
    } catch (error) {
      unreadable.push(`${basename(path)}: ${reasonOf(error)}`);
    }
  }
  return { loads, unreadable };
}

function drawn({ timeline, plan }: JudgedLoad): Omit<Charted, 'charts'> {
  const phases = (plan.streams[0]?.phases ?? []).map(({ name, startMs, endMs, judged }) => {
    return { name, at: [startMs, endMs] as const, isJudged: judged };
  });
  return { phases, marks: [], endMs: timeline.at(-1)?.endMs ?? 0 };
}
