/**
 * The committed baselines of some systems (`baselines/<environment>/baseline/`), with which load levels
 * are compared.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { mixOf, type BaselineLoad } from '../analysis/findings/baseline-load.ts';
import { medianOf } from '../analysis/theil-sen.ts';
import { Histogram } from '../metrics/histogram.ts';
import { readBaseline } from './baseline-file.ts';
import { storedMs, type BaselineRun, type BaselineTask } from './baseline-run.ts';

const scenario = 'baseline';

/** The part of a plan's key about what was sent. */
const sentSchema = z.looseObject({
  system: z.string(),
  level: z.string(),
  target: z.enum(['real', 'reference', 'given']),
  streams: z
    .array(
      z.looseObject({ tasks: z.array(z.looseObject({ name: z.string(), weight: z.number() })) }),
    )
    .min(1),
});

/** A file that cannot be read is skipped here. The comparison of its own load reports the error. */
export function committedLoads(
  folder: string,
  environment: string,
  systems: ReadonlySet<string>,
): BaselineLoad[] {
  const own = join(folder, environment, scenario);
  if (!existsSync(own)) return [];
  const files = readdirSync(own).filter(
    (name) =>
      name.endsWith('.json') && [...systems].some((system) => name.startsWith(`${system}-`)),
  );
  return files
    .sort()
    .flatMap((name) => loadIn(join(own, name)) ?? [])
    .filter(({ system }) => systems.has(system));
}

function loadIn(path: string): BaselineLoad | undefined {
  try {
    const { runs = [] } = readBaseline(path) ?? {};
    const last = runs.at(-1);
    const sent = sentSchema.safeParse(last?.plan).data;
    if (last === undefined || sent === undefined) return undefined;
    const median = (of: (run: BaselineRun) => number): number => medianOf(runs.map(of));
    return {
      system: sent.system,
      level: sent.level.replaceAll('-', ' '),
      committedAt: last.startedAt,
      p95Ms: median(({ all }) => storedMs(all.figures, 'p95_latency_ms') ?? NaN),
      errorRate: median(({ all }) => all.figures.error_rate_pct / 100),
      throughput: median(({ all }) => all.okPerSecond),
      meanMs: new Map(last.tasks.map(({ name }) => [name, meanOf(runs, name)])),
      comparableBy: mixOf(sent.streams[0]!.tasks, sent.target),
    };
  } catch {
    return undefined;
  }
}

/** The mean over the requests of all runs. */
function meanOf(runs: readonly BaselineRun[], task: string): number {
  const histogram = new Histogram();
  const own = runs.flatMap(({ tasks }) => tasks.filter(({ name }) => name === task));
  for (const section of own.flatMap((one: BaselineTask) => one.sections)) {
    histogram.add(section.responseTime);
  }
  return histogram.mean / 1000;
}
