/** Tables that only the live view has: how tasks share the load, and errors of the tasks' own code. */
import type { JudgedLoad } from '../budgets/judged-load.ts';
import { figureText, momentText, shareText } from '../metrics/figure-text.ts';
import { scheduledOf } from '../metrics/outcome.ts';
import { outcomesOf, selectSeries } from '../metrics/result/select.ts';
import { groupedBy, sumOf } from '../platform/lists.ts';
import type { LiveLoad } from '../report/playwright/live-load.ts';
import type { Cell, Table } from '../report/html/page-data.ts';
import { cellOf, columns, figureColumns } from '../report/html/tables.ts';

/** Requests of all phases count, since a ramp-up has its tasks too. */
export function ratioTable(load: JudgedLoad): Table {
  const tasks = load.plan.streams[0]?.tasks ?? [];
  const weights = sumOf(tasks, ({ weight }) => weight);
  const all = scheduledOf(outcomesOf(selectSeries(load, { phases: 'all' })));
  return {
    columns: [
      ...columns('task'),
      ...figureColumns('weight', 'planned share', 'requests', 'share of the requests'),
    ],
    rows: tasks.map(({ name, weight }) => {
      const requests = scheduledOf(outcomesOf(selectSeries(load, { task: name, phases: 'all' })));
      const cells: Cell[] = [
        name,
        cellOf(weight, 'number'),
        shareCell(weight, weights),
        cellOf(requests, 'number'),
        shareCell(requests, all),
      ];
      return { cells };
    }),
    notes: [
      'A task that sends several requests has a larger share of them than of the iterations.',
    ],
  };
}

/** The figures of the last seconds, as in the console's line. */
export function nowOf(load: LiveLoad): (readonly [string, string])[] {
  const status = load.status();
  if (status === undefined) return [];
  const { phase, users, inFlight, requestsPerSecond, p95Ms, ended, failures, atMs, leftMs } =
    status;
  return [
    ['phase', phase],
    ['users', figureText(users, 'number')],
    ['in flight', figureText(inFlight, 'number')],
    ['requests/s (10 s)', figureText(requestsPerSecond, 'number')],
    ['p95 (10 s)', figureText(p95Ms, 'time')],
    ['not ok', `${failures} of ${ended}`],
    ['time', momentText(atMs)],
    ['left', leftMs > 0 ? momentText(leftMs) : 'drains'],
  ];
}

function shareCell(part: number, whole: number): Cell {
  return whole === 0 ? ['–', null] : [shareText(part / whole), part / whole];
}

/** The error kind for what a task itself throws. */
const ofTask = 'task';

export function exceptionTable(load: JudgedLoad): Table {
  const own = selectSeries(load, { phases: 'all' }).flatMap(({ task, errors }) =>
    errors.filter(({ kind }) => kind === ofTask).map((error) => ({ task, ...error })),
  );
  const bySample = [...groupedBy(own, ({ task, sample }) => JSON.stringify([task, sample]))];
  return {
    columns: [...columns('exception', 'task'), ...figureColumns('count')],
    rows: bySample.map(([, errors]) => {
      const { task, sample } = errors[0]!;
      return {
        cells: [
          sample,
          task,
          cellOf(
            sumOf(errors, ({ count }) => count),
            'number',
          ),
        ],
      };
    }),
  };
}
