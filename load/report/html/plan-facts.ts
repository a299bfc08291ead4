/** How a load was made, so that it can be repeated. */
import type { Plan } from '../../metrics/log/schema.ts';
import { formatMs } from '../../platform/duration.ts';
import { shellWord } from '../../platform/command-words.ts';
import type { LoadEntry } from '../files/results-json.ts';

/** In the order for readers: what was sent, to whom, by which machine and version. */
export function planOf(plan: Plan, entry: LoadEntry): (readonly [string, string])[] {
  const { machine, versions, streams } = plan;
  const { host, cpu, cores, memoryBytes, platform } = machine;
  const tasks = streams.flatMap(({ name, tasks }) =>
    tasks.map((task) => {
      const of = streams.length > 1 ? `${name}: ` : '';
      return `${of}${task.name} (weight ${task.weight}, deadline ${formatMs(task.deadlineMs)})`;
    }),
  );
  return [
    ['system', plan.system],
    ['scenario', plan.scenario],
    ['level', plan.level],
    ['started', entry.startedAt],
    ...Object.entries(entry.parameters),
    ['tasks', tasks.join(', ')],
    ['connections', streams.map(({ connections }) => connections).join(', ')],
    [
      'ended',
      [entry.end.cause ?? 'the log breaks off', entry.end.detail ?? '']
        .join(': ')
        .replace(/: $/, ''),
    ],
    ['reached', `${formatMs(entry.end.reachedMs)} of ${formatMs(entry.end.plannedMs)}`],
    ['machine', `${host}: ${cores} × ${cpu}, ${Math.round(memoryBytes / 1e9)} GB, ${platform}`],
    [
      'versions',
      Object.entries(versions)
        .map((pair) => pair.join(' '))
        .join(', '),
    ],
  ];
}

/** Includes what shaped the load: the seed, and the time scale if there was one. */
export function repeatCommand({ seed, timeScale, scenario, system }: Plan): string {
  const settings = [
    `LOAD_SEED=${seed}`,
    ...(timeScale === 1 ? [] : [`LOAD_TIME_SCALE=${timeScale}`]),
  ];
  return `${settings.join(' ')} npx playwright test --project=${shellWord(scenario)} ${shellWord(system)}`;
}
