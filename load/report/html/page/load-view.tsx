/** A load on the page: the verdict first, and what it rests on below. */
import { useState } from 'preact/hooks';
import type { LoadPage, Span } from '../page-data.ts';
import { DataTable } from './data-table.tsx';
import { DistributionChart } from './distribution-chart.tsx';
import { TimeChartView } from './time-chart.tsx';
import { TimeRange } from './time-range.tsx';

export function LoadView({ load }: { readonly load: LoadPage }) {
  const whole: Span = [0, Math.max(load.endMs, 2000)];
  const [range, setRange] = useState<Span>(whole);
  const [moment, setMoment] = useState<Span>();
  const { phases, marks } = load;
  return (
    <article>
      <VerdictView load={load} />
      <section class="card">
        <h2>Budgets</h2>
        <DataTable title="Budgets" table={load.budgets} onMoment={setMoment} moment={moment} />
      </section>
      <section class="card">
        <h2>Statistics</h2>
        <DataTable title="Statistics" table={load.statistics} />
      </section>
      <section class="card charts">
        <h2>Over time</h2>
        <TimeRange
          {...{ endMs: whole[1], range, phases, marks, moment }}
          onRange={setRange}
          onMoment={setMoment}
        />
        <div class="chart-grid">
          {load.charts.map((chart) => (
            <TimeChartView
              key={chart.id}
              {...{ chart, range, moment, phases, marks }}
              onMoment={setMoment}
              onRange={setRange}
            />
          ))}
        </div>
      </section>
      <section class="card">
        <h2>Distribution of the response time</h2>
        <div class="chart-grid">
          {load.distributions.map((distribution) => (
            <DistributionChart key={distribution.name} distribution={distribution} />
          ))}
        </div>
      </section>
    </article>
  );
}

function VerdictView({ load }: { readonly load: LoadPage }) {
  const { id, title, tone, verdict, sentence, trust, points } = load;
  return (
    <section class={`card verdict ${tone}`}>
      <p class="load-name">
        {id} <span class="load-title">{title}</span>
      </p>
      <h1>
        <span class={`badge ${tone}`}>{verdict}</span> {sentence}
      </h1>
      <p class={`trust ${trust.tone}`}>{trust.text}</p>
      {points.map(({ title: name, items }) => (
        <div key={name} class="points">
          <h2>{name}</h2>
          <ul>
            {items.map((item) => (
              <li key={item}>{item}</li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}
