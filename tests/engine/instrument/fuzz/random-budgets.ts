/** Budgets of every kind, with limits that are met about as often as broken. */
import { withDefaults } from '../../../../load/budgets/defaults.ts';
import { parseBudgets } from '../../../../load/budgets/parse.ts';
import type { Budget } from '../../../../load/metrics/log/budget.ts';
import { metrics, taskNames } from './random-user.ts';
import type { Draws } from './draws.ts';

const times = [
  'p50',
  'p75',
  'p90',
  'p95',
  'p99',
  'avg',
  'max',
  'service.p95',
  'service.avg',
  'scheduleLag.p99',
  'size.p95',
  'size.avg',
  'p95{model=small}',
  'p50{request=left}',
  'max{model=large}',
];
const shares = [
  'errorRate',
  'okRate',
  'degradedRate',
  'throttledRate',
  'goodput',
  'useful',
  'cached',
  'apart',
  'errorRate{model=large}',
];
const rates = ['throughput', 'goodputPerSecond'];
const counts = ['droppedIterations', 'tokens', 'errands', 'score.p90', 'score.avg'];

export function randomBudgets(
  draws: Draws,
  { hasOnset, mayAbort }: { readonly hasOnset: boolean; readonly mayAbort: boolean },
): Budget[] {
  const stated: Record<string, unknown> = {};
  for (let i = draws.whole(1, 8); i > 0; i--) stated[draws.of([...times, ...shares])] = undefined;
  for (let i = draws.whole(0, 3); i > 0; i--) stated[draws.of([...rates, ...counts])] = undefined;
  for (const key of Object.keys(stated)) stated[key] = limitOf(key, draws);
  if (draws.chance(0.3)) stated['longestStall'] = `< ${draws.whole(250, 4000)} ms`;
  if (draws.chance(0.2)) stated['rise.p95'] = '< 10 %';
  if (mayAbort) {
    const limit = `< ${draws.whole(1, 40)} %`;
    stated['errorRate'] = { limit, abortOnFail: true, delay: `${draws.whole(1, 4)}s` };
  }
  // The limits by which goodput is measured.
  stated['p95'] ??= limitOf('p95', draws, '<');
  if (draws.chance(0.4)) {
    const key = draws.of(['p90', 'errorRate', 'throughput', 'service.p50']);
    stated['tasks'] = { [draws.of(taskNames)]: { [key]: limitOf(key, draws) } };
  }
  return withDefaults(parseBudgets(stated, { taskNames, metrics }), { hasOnset });
}

function limitOf(key: string, draws: Draws, op = draws.of(['<', '<=', '>', '>='])): string {
  const name = key.replace(/\{.*/, '');
  if (rates.includes(name)) return `${op} ${draws.scaled(0.5, 60).toFixed(2)} /s`;
  if (shares.includes(name)) return `${op} ${draws.scaled(0.2, 99).toFixed(2)} %`;
  if (counts.includes(name)) return `${op} ${draws.whole(1, 200)}`;
  return `${op} ${draws.scaled(2, 2000).toFixed(1)} ms`;
}
