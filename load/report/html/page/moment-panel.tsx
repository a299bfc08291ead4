/** Details of one moment: the figures of every chart, the marks, and single requests. */
import { useMemo } from 'preact/hooks';
import { figureText, momentText } from '../../../metrics/figure-text.ts';
import type { Cell, LoadPage, Span, Table } from '../page-data.ts';
import { valueText } from './chart-option.ts';
import { DataTable } from './data-table.tsx';
import { requestsOf, type ToldRequest } from './told-requests.ts';

interface Props {
  readonly load: LoadPage;
  readonly requests: readonly ToldRequest[];
  readonly moment: Span;
  readonly onMoment: (at: Span | undefined) => void;
}

export function MomentPanel({ load, requests, moment, onMoment }: Props) {
  const own = useMemo(() => requestsOf(requests, moment), [requests, moment]);
  const [fromMs, toMs] = moment;
  const marks = load.marks.filter(({ at }) => at[0] <= toMs && at[1] >= fromMs);
  const phase = load.phases.find(({ at }) => fromMs >= at[0] && fromMs < at[1]);
  const move = (by: number) => () => {
    const start = Math.min(Math.max(0, fromMs + by), load.endMs);
    onMoment([start, start + 1000]);
  };
  const step = Math.max(1000, toMs - fromMs);
  return (
    <aside class="moment-panel" aria-label="The chosen moment">
      <div class="moment-head">
        <h2 aria-live="polite">
          {momentText(fromMs)}–{momentText(Math.max(toMs, fromMs + 1000))}
          {phase === undefined ? '' : `, ${phase.name}`}
        </h2>
        <button type="button" onClick={move(-step)} aria-label="Earlier">
          ◀
        </button>
        <button type="button" onClick={move(step)} aria-label="Later">
          ▶
        </button>
        <button
          type="button"
          onClick={() => {
            onMoment(undefined);
          }}
        >
          Close
        </button>
      </div>
      {marks.length > 0 && (
        <ul class="moment-marks">
          {marks.map(({ text, at }) => (
            <li key={`${at[0]} ${text}`}>{text}</li>
          ))}
        </ul>
      )}
      <div class="moment-body">
        <div class="moment-figures">
          <DataTable title="Figures of the moment" table={figuresOf(load, fromMs)} most={200} />
        </div>
        <div class="moment-requests">
          <h3>Single requests at that moment</h3>
          {own.length === 0 ? (
            <p class="note">None.</p>
          ) : (
            <DataTable title="Requests of the moment" table={requestTable(own)} most={30} />
          )}
          <p class="note">{load.requests.note}</p>
        </div>
      </div>
    </aside>
  );
}

/** One row for each line of each chart that has a value at that moment. */
function figuresOf({ charts }: LoadPage, atMs: number): Table {
  const rows = charts.flatMap(({ title, spans, lines, dimension }) => {
    const index = spans.findIndex(([fromMs, toMs]) => atMs >= fromMs && atMs < toMs);
    if (index < 0) return [];
    return lines.map(({ name, values }) => {
      return { cells: [title, name, valueText(values[index], dimension)] };
    });
  });
  return {
    columns: [{ title: 'chart' }, { title: 'line' }, { title: 'value', isFigure: true }],
    rows,
  };
}

function requestTable(requests: readonly ToldRequest[]): Table {
  const hasStreams = requests.some(({ ttftMs }) => ttftMs !== undefined);
  const figures = [
    'due at',
    'waited here',
    'took',
    ...(hasStreams ? ['first token', 'tokens'] : []),
  ];
  return {
    columns: [
      { title: 'outcome' },
      { title: 'task' },
      ...figures.map((title) => ({ title, isFigure: true })),
      ...['user', 'labels', 'detail', 'trace'].map((title) => ({ title })),
    ],
    rows: requests.map((one) => {
      const {
        outcome,
        kind,
        task,
        request,
        scheduledMs,
        waitMs,
        tookMs,
        user,
        labels,
        detail,
        trace,
      } = one;
      const stream: Cell[] = [
        timeCell(one.ttftMs),
        one.tokens === undefined ? '' : String(one.tokens),
      ];
      const cells: Cell[] = [
        kind === undefined ? outcome : `${outcome}: ${kind}`,
        task === request ? task : `${task}: ${request}`,
        [momentText(scheduledMs), scheduledMs],
        timeCell(waitMs),
        timeCell(tookMs),
        ...(hasStreams ? stream : []),
        user === undefined ? '' : String(user),
        labels,
        detail,
        trace,
      ];
      return { cells, tone: outcome === 'ok' ? 'good' : 'bad' };
    }),
  };
}

function timeCell(ms: number | undefined): Cell {
  return [figureText(ms, 'time'), ms ?? null];
}
