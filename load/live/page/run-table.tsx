/** The table of runs: open, compare, remove. */
import { useState } from 'preact/hooks';
import type { LiveHome } from '../page-data.ts';
import { ask, places, type Runs } from './server.ts';

interface Props {
  readonly runs: Runs;
  readonly home: LiveHome;
  readonly onChange: () => void;
  readonly onProblem: (error: unknown) => void;
}

const mostShown = 30;

export function RunTable({ runs: { runs, table, running }, home, onChange, onProblem }: Props) {
  const [picked, setPicked] = useState<readonly string[]>([]);
  const [isWhole, setWhole] = useState(false);
  if (runs.length === 0) return <p class="note">No load was run yet.</p>;
  const toggle = (id: string): void => {
    setPicked(picked.includes(id) ? picked.filter((one) => one !== id) : [...picked, id].slice(-2));
  };
  const remove = (id: string): void => {
    if (!confirm(`Remove run ${id} with its logs and reports?`)) return;
    ask('/api/delete', { run: id }).then(onChange, onProblem);
  };
  // The list is newest first, so the later run is compared with the earlier one.
  const [after, before] = runs.filter(({ id }) => picked.includes(id)).map(({ id }) => id);
  return (
    <>
      <p class="actions">
        <button
          type="button"
          disabled={before === undefined || after === undefined}
          onClick={() => {
            location.hash = places.compare(before!, after!);
          }}
        >
          Compare the two that are ticked
        </button>
        <button type="button" onClick={onChange}>
          Look again
        </button>
      </p>
      <div class="scroll" tabIndex={0} role="region" aria-label="Runs">
        <table>
          <thead>
            <tr>
              <th scope="col">compare</th>
              {table.columns.map(({ title, isFigure }) => (
                <th key={title} scope="col" class={isFigure ? 'figure' : ''}>
                  {title}
                </th>
              ))}
              <th scope="col">do</th>
            </tr>
          </thead>
          <tbody>
            {runs.slice(0, isWhole ? undefined : mostShown).map((run, row) => (
              <RunRow
                key={run.id}
                run={run}
                columns={table.columns}
                row={table.rows[row]!}
                home={home}
                isRunning={running.includes(run.id)}
                isPicked={picked.includes(run.id)}
                onPick={toggle}
                onRemove={remove}
              />
            ))}
          </tbody>
        </table>
      </div>
      {runs.length > mostShown && !isWhole && (
        <button
          type="button"
          class="more"
          onClick={() => {
            setWhole(true);
          }}
        >
          Show all {runs.length}
        </button>
      )}
    </>
  );
}

interface RowProps {
  readonly run: Runs['runs'][number];
  readonly columns: Runs['table']['columns'];
  readonly row: Runs['table']['rows'][number];
  readonly home: LiveHome;
  readonly isRunning: boolean;
  readonly isPicked: boolean;
  readonly onPick: (id: string) => void;
  readonly onRemove: (id: string) => void;
}

function RunRow({ run, columns, row, home, isRunning, isPicked, onPick, onRemove }: RowProps) {
  const { id, hasReport, canDelete } = run;
  const [first = '', ...others] = row.cells.map((cell) =>
    typeof cell === 'string' ? cell : cell[0],
  );
  return (
    <tr>
      <td>
        <input
          type="checkbox"
          aria-label={`Compare ${id}`}
          checked={isPicked}
          onChange={() => {
            onPick(id);
          }}
        />
      </td>
      <td class={columns[0]?.isFigure ? 'figure' : ''}>
        <a href={places.run(id)}>{first}</a>
      </td>
      {others.map((text, i) => {
        const { title, isFigure } = columns[i + 1]!;
        const isVerdict = title === 'verdict';
        const tone = isVerdict ? `tone-${row.tone ?? 'plain'}` : '';
        return (
          <td key={title} class={isFigure ? 'figure' : tone}>
            {isVerdict && isRunning ? 'running' : text}
          </td>
        );
      })}
      <td class="act">
        {hasReport && (
          <a
            href={`${home.files}${encodeURIComponent(id)}/index.html`}
            target="_blank"
            rel="noopener"
            aria-label={`Report of ${id}`}
          >
            Report
          </a>
        )}{' '}
        {home.canStart && canDelete && !isRunning && (
          <button
            type="button"
            aria-label={`Remove ${id}`}
            onClick={() => {
              onRemove(id);
            }}
          >
            Remove
          </button>
        )}
      </td>
    </tr>
  );
}
