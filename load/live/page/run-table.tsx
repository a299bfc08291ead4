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
  const verdictAt = table.columns.findIndex(({ title }) => title === 'verdict');
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
            {runs
              .slice(0, isWhole ? undefined : mostShown)
              .map(({ id, hasReport, canDelete }, row) => (
                <tr key={id}>
                  <td>
                    <input
                      type="checkbox"
                      aria-label={`Compare ${id}`}
                      checked={picked.includes(id)}
                      onChange={() => {
                        toggle(id);
                      }}
                    />
                  </td>
                  {table.rows[row]!.cells.map((cell, i) => {
                    const text = typeof cell === 'string' ? cell : cell[0];
                    const isRunning = i === verdictAt && running.includes(id);
                    const tone = i === verdictAt ? `tone-${table.rows[row]!.tone ?? 'plain'}` : '';
                    return (
                      <td key={i} class={table.columns[i]?.isFigure ? 'figure' : tone}>
                        {i === 0 ? (
                          <a href={places.run(id)}>{text}</a>
                        ) : isRunning ? (
                          'running'
                        ) : (
                          text
                        )}
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
                    {home.canStart && canDelete && !running.includes(id) && (
                      <button
                        type="button"
                        aria-label={`Remove ${id}`}
                        onClick={() => {
                          remove(id);
                        }}
                      >
                        Remove
                      </button>
                    )}
                  </td>
                </tr>
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
