/** Single requests of a load, packed for its page, and the slowest of them. */
import { momentText, figureText } from '../../metrics/figure-text.ts';
import type { RequestReason, RequestRecord } from '../../metrics/log/request-record.ts';
import type { ToldRequests } from '../../metrics/result/details.ts';
import { sumOf } from '../../platform/lists.ts';
import type { PackedRequests, Row, Table } from './page-data.ts';
import { columns, figureColumns } from './tables.ts';

/** With more the page would be large for little use. */
const mostSampled = 8000;
const mostTold = 6000;
const mostSlowest = 50;

const reasonBits: Readonly<Record<RequestReason, number>> = { slowest: 1, failed: 2, sampled: 4 };
const unknown = -1;

export function packedRequests(told: ToldRequests): PackedRequests {
  const shown = thinned(told);
  const names = new Map<string, number>();
  const placeOf = (name: string | undefined): number => {
    if (name === undefined) return unknown;
    if (!names.has(name)) names.set(name, names.size);
    return names.get(name)!;
  };
  const rows = shown.map((request) => packed(request, placeOf));
  const all = sumOf(told, ({ length }) => length);
  const thin = all === shown.length ? '' : ` ${all - shown.length} more are in the interval log.`;
  const note =
    'The log has, for each interval, the slowest request of each task, the first of each kind of error, ' +
    `and all requests of five users.${thin}`;
  return { names: [...names.keys()], rows, note };
}

/** Slow and failed requests are kept before sampled ones, with an even share for each interval. */
function thinned(told: ToldRequests): RequestRecord[] {
  const isSampled = ({ why }: RequestRecord): boolean => why.length === 1 && why[0] === 'sampled';
  const share = (most: number): number => Math.max(1, Math.floor(most / Math.max(1, told.length)));
  return told.flatMap((requests) => [
    ...requests.filter((one) => !isSampled(one)).slice(0, share(mostTold)),
    ...requests.filter(isSampled).slice(0, share(mostSampled)),
  ]);
}

function packed(
  request: RequestRecord,
  placeOf: (name: string | undefined) => number,
): readonly number[] {
  const { scheduledMs, startedMs, endedMs, why, labels, ttftMs, tokens, user } = request;
  const texts = Object.entries(labels ?? {}).map(([name, value]) => `${name}=${value}`);
  const row = [
    tenths(scheduledMs),
    startedMs === undefined ? unknown : tenths(startedMs - scheduledMs),
    endedMs === undefined ? unknown : tenths(endedMs - scheduledMs),
    placeOf(request.task),
    placeOf(request.request),
    placeOf(request.outcome),
    sumOf(why, (reason) => reasonBits[reason]),
    user ?? unknown,
    placeOf(request.kind),
    placeOf(request.detail),
    placeOf(request.trace),
    placeOf(texts.length === 0 ? undefined : texts.join(', ')),
    ttftMs === undefined ? unknown : tenths(ttftMs),
    tokens ?? unknown,
  ];
  return row.slice(0, row.findLastIndex((value) => value !== unknown) + 1);
}

/** The page shows tenths of a millisecond. */
function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}

export function slowestTable(told: ToldRequests): Table {
  const slowest = told
    .flat()
    .filter(({ why, endedMs }) => why.includes('slowest') && endedMs !== undefined)
    .sort((a, b) => tookMs(b) - tookMs(a))
    .slice(0, mostSlowest);
  return {
    columns: [
      ...columns('task', 'request'),
      ...figureColumns('at', 'took', 'of it waiting here'),
      ...columns('outcome', 'labels', 'trace'),
    ],
    rows: slowest.map(slowestRow),
  };
}

function slowestRow(request: RequestRecord): Row {
  const {
    task,
    scheduledMs,
    startedMs = scheduledMs,
    endedMs = scheduledMs,
    outcome,
    kind,
  } = request;
  const labels = Object.entries(request.labels ?? {}).map(([name, value]) => `${name}=${value}`);
  const waitMs = startedMs - scheduledMs;
  return {
    cells: [
      task,
      request.request,
      [momentText(scheduledMs), scheduledMs],
      [figureText(tookMs(request), 'time'), tookMs(request)],
      [figureText(waitMs, 'time'), waitMs],
      kind === undefined ? outcome : `${outcome}: ${kind}`,
      labels.join(', '),
      request.trace ?? '',
    ],
    tone: outcome === 'ok' ? 'plain' : 'bad',
    at: [Math.floor(scheduledMs), Math.ceil(Math.max(endedMs, scheduledMs + 1))],
  };
}

function tookMs({ scheduledMs, endedMs = scheduledMs }: RequestRecord): number {
  return endedMs - scheduledMs;
}
