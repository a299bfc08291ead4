/** Every row of the catalogue is a test with its load and its budgets, and there are no further tests. */
import { expect, test } from '@playwright/test';
import { withDefaults } from '../../load/budgets/defaults.ts';
import { budgetableMetrics, parseBudgets } from '../../load/budgets/parse.ts';
import type { Budget } from '../../load/metrics/log/budget.ts';
import type { Workload } from '../../load/workload/workload.ts';
import { catalogue, type CatalogueLoad, type CatalogueSystem } from './catalogue.ts';
import { declaredTests, type DeclaredLoad } from './declared-tests.ts';

/** Every system has these; they are not rows of the catalogue. */
const ofAllSystems = ['smoke', 'custom', 'arrival', 'pair'];
/** Each row can be compared with a baseline of its own. */
const judgedRow = ['toMeetBudget', 'toMatchBaseline'];
const unitsMs: Readonly<Record<string, number>> = { s: 1000, min: 60_000 };

for (const [system, own] of Object.entries(catalogue)) {
  test(`${system}: its projects, and how many tests each has`, async () => {
    const projects = (await declaredTests(system)).map(({ project }) => project);
    const rows = Object.entries(own.rows).flatMap(([project, tests]) => tests.map(() => project));
    expect(projects.sort()).toEqual([...rows, ...ofAllSystems].sort());
  });

  for (const [project, stated] of Object.entries(own.rows)) {
    test(`${system} ${project}: loads and budgets are those of the catalogue`, async () => {
      const declared = (await declaredTests(system)).filter((one) => one.project === project);
      const loads = await Promise.all(declared.map((one) => one.loads()));
      expect(loads.map((list) => list.map(declaredRow))).toEqual(
        stated.map((list) =>
          list.map((one, i) => ({
            ...statedRow(one, own),
            kind: i > 0 && one.load.includes('at once') ? 'stages' : kindOf(project),
            asked: one.as !== undefined ? ['toMeetBudget'] : judgedRow,
          })),
        ),
      );
    });
  }
}

for (const system of Object.keys(catalogue)) {
  test(`${system} smoke: shortened`, async () => {
    const smokes = (await declaredTests(system)).filter(({ project }) => project === 'smoke');
    const loads = (await Promise.all(smokes.map((one) => one.loads()))).flat();
    expect(loads.map(({ workload }) => workload.isShortened)).toEqual([true]);
  });
}

for (const system of Object.keys(catalogue)) {
  test(`${system} arrival: judged, and held against a baseline`, async () => {
    const own = (await declaredTests(system)).filter(({ project }) => project === 'arrival');
    const loads = (await Promise.all(own.map((one) => one.loads()))).flat();
    expect(loads.map(({ asked }) => asked)).toEqual([judgedRow]);
  });
}

/** A spike judges everything from the first user on. */
function kindOf(project: string): Workload['kind'] {
  return project === 'spike' ? 'spike' : 'users';
}

function statedRow(one: CatalogueLoad, { think, mix }: CatalogueSystem) {
  const [count, spawnRate, duration = ''] = one.load.split(' / ');
  const [amount, unit = ''] = duration.split(' ');
  return {
    load: [Number(count), spawnRate, Number(amount) * unitsMs[unit]!],
    think: one.think ?? think,
    mix: one.mix ?? mix,
    budgets: [...one.budgets].sort(),
    background: one.background ?? [],
    as: one.as,
  };
}

function declaredRow({ user, workload, options, asked }: DeclaredLoad) {
  const { budgets, background = [], as } = options;
  const metrics = budgetableMetrics([user.metrics, ...background.map((one) => one.user.metrics)]);
  const known = { taskNames: Object.keys(user.tasks), metrics };
  const lines = withDefaults(parseBudgets(budgets, known));
  const isOwn = ({ key, isDefault }: Budget): boolean => isDefault !== true || key === 'errorRate';
  const tasks = Object.entries(user.tasks).map(([name, { weight }]) => [name, weight] as const);
  const thinkTime = (workload.model === 'closed' ? workload.thinkTime : null) ?? user.thinkTime;
  if (thinkTime.kind !== 'uniform') throw new Error('the catalogue knows no pacing');
  return {
    load: shapeOf(workload),
    think: [thinkTime.fromMs / 1000, thinkTime.toMs / 1000],
    mix: Object.fromEntries(tasks),
    budgets: lines.filter(isOwn).map(textOf).sort(),
    as,
    background: background.map(
      ({ name, workload: { segments } }) => `${name} ${segments[0]!.from}/s`,
    ),
    kind: workload.kind,
    asked,
  };
}

function shapeOf({ segments }: Workload) {
  const last = segments.at(-1)!;
  const [ramp] = segments;
  const atOnce = segments.length === 1 && last.from === last.to;
  const spawnRate = atOnce
    ? 'at once'
    : String(Number(((last.to / ramp!.endMs) * 1000).toFixed(6)));
  return [last.to, spawnRate, last.endMs];
}

function textOf({ task, key, limitText, lastMs, whereReported }: Budget): string {
  return [
    `${task === undefined ? '' : `${task}: `}${key} ${limitText}`,
    ...(lastMs === undefined ? [] : [`last ${lastMs / 60_000} min`]),
    ...(whereReported === true ? ['where reported'] : []),
  ].join(', ');
}
