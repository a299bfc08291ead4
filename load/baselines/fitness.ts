/** Whether a run's figures allow it to become a baseline: it must be long enough and its generator in time. */
import { formatMs } from '../platform/duration.ts';
import type { BaselineRun, StoredFigures } from './baseline-run.ts';
import { runsForVerdict } from './compare.ts';
import { lackOf, measuredIn } from './measured.ts';
import type { ComparedPercentile, Tolerances } from './tolerances.ts';

/** A larger lag, as a share of the median, would hide a later slowdown. */
const mostLag = 0.1;

/** Why this run must not become a baseline; `undefined` if it may. */
export function unfitnessOf(run: BaselineRun, tolerances: Tolerances): string | undefined {
  return shortnessOf(run, tolerances) ?? latenessOf(run, tolerances.latencyFloorMs);
}

/** Whether even the task with the most requests has too few for a compared percentile. */
function shortnessOf(run: BaselineRun, tolerances: Tolerances): string | undefined {
  const requests = ({ figures }: BaselineRun['all']): number => figures.total_requests;
  const [busiest] = [...run.tasks].sort((a, b) => requests(b) - requests(a));
  const lack = busiest === undefined ? undefined : lackIn(run, busiest.name, tolerances);
  if (lack === undefined) return undefined;
  return `${lack}: the run is too short for what is compared; run longer`;
}

function lackIn(run: BaselineRun, task: string, { latency }: Tolerances): string | undefined {
  const own = measuredIn(run, task);
  const lacks = (Object.keys(latency) as ComparedPercentile[]).flatMap((metric) => {
    const lack = own === undefined ? undefined : lackOf(own, metric);
    return lack === undefined ? [] : [`${metric} of "${task}": ${lack}`];
  });
  return lacks[0];
}

/** Why this machine's lateness affects the run's latencies too much; `undefined` if it does not. */
export function latenessOf(run: BaselineRun, floorMs: number): string | undefined {
  const late = run.tasks.find(({ lagMs, figures }) => isLate(lagMs?.p99, figures, floorMs));
  if (late !== undefined) return latenessText(late.lagMs!.p99!, late.figures, ` of "${late.name}"`);
  const { generatorLagP99Ms, all } = run;
  if (!isLate(generatorLagP99Ms, all.figures, floorMs)) return undefined;
  return latenessText(generatorLagP99Ms!, all.figures, '');
}

function isLate(
  lagMs: number | null | undefined,
  { median_latency_ms: medianMs }: StoredFigures,
  floorMs: number,
): boolean {
  return (lagMs ?? 0) > floorMs && (lagMs ?? 0) > mostLag * (medianMs ?? Infinity);
}

function latenessText(lagMs: number, figures: StoredFigures, where: string): string {
  return (
    `this machine sent requests${where} ${formatMs(lagMs)} late at p99, more than a tenth of ` +
    `their median of ${formatMs(figures.median_latency_ms!)}: a later slowdown would be hidden; ` +
    'measure it on a quieter machine'
  );
}

/** Notes on the new baseline: what it cannot show, and that it replaces several runs by one. */
export function notesOnBaseline(
  run: BaselineRun,
  tolerances: Tolerances,
  { runs, replaced }: { readonly runs: number; readonly replaced: number },
): string[] {
  const rare = run.tasks.flatMap(({ name }) => lackIn(run, name, tolerances) ?? []);
  const lacking = rare.map((lack) => `${lack}; not compared`);
  if (runs >= runsForVerdict || replaced <= runs) return lacking;
  const few =
    `${runs} of the ${runsForVerdict} runs that a verdict needs, in place of ${replaced}: ` +
    '-u --repeat-each=5 writes five';
  return [few, ...lacking];
}
