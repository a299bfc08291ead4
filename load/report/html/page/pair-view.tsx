/** A pair on the page: a sentence, a chart of both sides, and the difference round by round. */
import type { PairPage } from '../page-data.ts';
import { DataTable } from './data-table.tsx';
import { RoundChartView } from './round-chart.tsx';

export function PairView({ pair }: { readonly pair: PairPage }) {
  const { test, title, tone, verdict, sentence, table, charts, notes } = pair;
  return (
    <section class={`card verdict pair ${tone}`} aria-label={`Pair ${test}`}>
      <p class="load-name">
        {test} <span class="load-title">{title}</span>
      </p>
      <h1>
        <span class={`badge ${tone}`}>{verdict}</span> {sentence}
      </h1>
      <DataTable title={`Pair ${test}`} table={table} />
      <div class="chart-grid">
        {charts.map((chart) => (
          <RoundChartView key={chart.title} chart={chart} />
        ))}
      </div>
      <ul class="list">
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </section>
  );
}
