/** The levels of a system: where latency begins to rise and why, the figures, the chart. */
import type { LevelsPage } from '../page-data.ts';
import { DataTable } from './data-table.tsx';

export function LevelsView({ levels }: { readonly levels: LevelsPage }) {
  const { title, text, table, picture } = levels;
  return (
    <section class="card levels">
      <h2>{title}</h2>
      <p>{text}</p>
      <DataTable title={title} table={table} />
      {picture !== undefined && (
        <img
          alt="Latency, throughput and goodput by load; the figures stand in the table."
          src={`data:image/svg+xml,${encodeURIComponent(picture)}`}
        />
      )}
    </section>
  );
}
