/** A table that can be sorted and filtered. Choosing a row with a moment shows that moment. */
import { useMemo, useState } from 'preact/hooks';
import type { Cell, Row, Span, Table } from '../page-data.ts';

interface Props {
  readonly title: string;
  readonly table: Table;
  readonly chosenRow?: number;
  /** Called with a row's index in the data when the row is chosen. */
  readonly onRow?: (index: number) => void;
  readonly onMoment?: (at: Span) => void;
  readonly moment?: Span | undefined;
  /** Further rows are shown on demand. */
  readonly most?: number;
}

interface Order {
  readonly column: number;
  readonly isDescending: boolean;
}

interface NumberedRow {
  readonly row: Row;
  readonly index: number;
}

const leastToFilter = 6;
/** With more columns they are set closer together. */
const mostRoomy = 14;

export function DataTable({ title, table: given, most = 50, ...acting }: Props) {
  const table = useMemo(() => withoutEmptyColumns(given), [given]);
  const [order, setOrder] = useState<Order>();
  const [filter, setFilter] = useState('');
  const [shown, setShown] = useState(most);
  const rows = useMemo(() => arranged(table.rows, order, filter), [table, order, filter]);
  const { columns, notes = [] } = table;
  return (
    <div class={`data-table ${columns.length > mostRoomy ? 'dense' : ''}`}>
      {table.rows.length >= leastToFilter && (
        <label class="filter">
          Filter{' '}
          <input
            type="search"
            value={filter}
            aria-label={`Filter ${title}`}
            onInput={({ currentTarget }) => {
              setFilter(currentTarget.value);
            }}
          />
        </label>
      )}
      <div class="scroll" tabIndex={0} role="region" aria-label={title}>
        <table>
          <Head columns={columns} order={order} onOrder={setOrder} />
          <tbody>
            {rows.slice(0, shown).map(({ row, index }) => (
              <TableRow key={index} row={row} index={index} columns={columns} {...acting} />
            ))}
          </tbody>
        </table>
      </div>
      {rows.length === 0 && <p class="note">Nothing matches.</p>}
      {rows.length > shown && (
        <button
          type="button"
          class="more"
          onClick={() => {
            setShown(shown + 500);
          }}
        >
          Show {Math.min(500, rows.length - shown)} more of {rows.length}
        </button>
      )}
      {notes.map((note) => (
        <p class="note" key={note}>
          {note}
        </p>
      ))}
    </div>
  );
}

interface HeadProps {
  readonly columns: Table['columns'];
  readonly order: Order | undefined;
  readonly onOrder: (order: Order) => void;
}

function Head({ columns, order, onOrder }: HeadProps) {
  return (
    <thead>
      <tr>
        {columns.map(({ title, isFigure, note }, column) => (
          <th
            key={title}
            scope="col"
            class={isFigure ? 'figure' : ''}
            title={note}
            aria-sort={sortWord(order, column)}
          >
            <button
              type="button"
              onClick={() => {
                const isSame = order?.column === column;
                const isDescending = isSame ? !order.isDescending : isFigure === true;
                onOrder({ column, isDescending });
              }}
            >
              {title}
              <span aria-hidden="true">{sortMark(order, column)}</span>
            </button>
          </th>
        ))}
      </tr>
    </thead>
  );
}

type RowProps = Pick<Props, 'chosenRow' | 'onRow' | 'onMoment' | 'moment'> & {
  readonly row: Row;
  readonly index: number;
  readonly columns: Table['columns'];
};

function TableRow({ row, index, columns, chosenRow, onRow, onMoment, moment }: RowProps) {
  const { at, tone = 'plain', isPart } = row;
  const choose =
    onRow !== undefined
      ? () => {
          onRow(index);
        }
      : onMoment !== undefined && at !== undefined
        ? () => {
            onMoment(at);
          }
        : undefined;
  const isChosen =
    chosenRow === index || (moment !== undefined && at !== undefined && isSameSpan(moment, at));
  const names = [isPart ? 'part' : '', choose ? 'choosable' : '', isChosen ? 'chosen' : ''];
  return (
    <tr class={names.join(' ').trim()} onClick={choose}>
      {row.cells.map((cell, i) => {
        const text = textOf(cell);
        const isFirst = i === 0;
        const content =
          isFirst && choose ? (
            <button type="button" class="row-choice" aria-pressed={isChosen}>
              {text === '' ? 'show' : text}
            </button>
          ) : (
            text
          );
        const names = [
          columns[i]?.isFigure ? 'figure' : '',
          isToned(i, columns) ? `tone-${tone}` : '',
          widthClass(text),
        ];
        return isFirst ? (
          <th key={i} scope="row" class={names.join(' ').trim()}>
            {content}
          </th>
        ) : (
          <td key={i} class={names.join(' ').trim()}>
            {content}
          </td>
        );
      })}
    </tr>
  );
}

/** Columns without any value are left out. */
function withoutEmptyColumns({ columns, rows, ...rest }: Table): Table {
  const isTold = columns.map(
    (_, i) => rows.length === 0 || rows.some(({ cells }) => textOf(cells[i]!) !== ''),
  );
  const told = <T,>(all: readonly T[]): T[] => all.filter((_, i) => isTold[i]);
  return {
    ...rest,
    columns: told(columns),
    rows: rows.map((row) => ({ ...row, cells: told(row.cells) })),
  };
}

/** Short texts stay on one line; long ones get room for some words. */
function widthClass(text: string): string {
  if (text.length <= 18) return 'short';
  return text.length > 26 ? 'long' : '';
}

/** Whether the column shows a verdict, which is coloured. */
function isToned(column: number, columns: Table['columns']): boolean {
  return ['status', 'verdict', 'outcome'].includes(columns[column]?.title ?? '');
}

function isSameSpan([from, to]: Span, [otherFrom, otherTo]: Span): boolean {
  return from === otherFrom && to === otherTo;
}

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell[0];
}

function sortWord(order: Order | undefined, column: number) {
  if (order?.column !== column) return undefined;
  return order.isDescending ? 'descending' : 'ascending';
}

function sortMark(order: Order | undefined, column: number): string {
  if (order?.column !== column) return '';
  return order.isDescending ? ' ▼' : ' ▲';
}

/** Part rows stay below their row, and are shown whenever it is. */
function arranged(rows: readonly Row[], order: Order | undefined, filter: string): NumberedRow[] {
  const groups: NumberedRow[][] = [];
  rows.forEach((row, index) => {
    if (row.isPart === true && groups.length > 0) groups.at(-1)!.push({ row, index });
    else groups.push([{ row, index }]);
  });
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const kept = groups.filter((group) => {
    const text = group
      .flatMap(({ row }) => row.cells.map(textOf))
      .join(' ')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
  if (order === undefined) return kept.flat();
  const sign = order.isDescending ? -1 : 1;
  const keyOf = ([first]: NumberedRow[]) => sortKey(first!.row.cells[order.column] ?? '');
  return [...kept].sort((a, b) => compared(keyOf(a), keyOf(b), sign)).flat();
}

function sortKey(cell: Cell): number | string | undefined {
  if (typeof cell === 'string') return cell.toLowerCase();
  return cell[1] === '∞' ? Infinity : (cell[1] ?? undefined);
}

/** Missing values are last in either direction. */
function compared(
  a: number | string | undefined,
  b: number | string | undefined,
  sign: number,
): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  if (a === b) return 0;
  return (a < b ? -1 : 1) * sign;
}
