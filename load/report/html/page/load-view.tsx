/** A load on the page: the verdict first, and its details below. */
import type { ComponentChildren } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { LoadPage, Span } from '../page-data.ts';
import { DataTable } from './data-table.tsx';
import { DistributionChart } from './distribution-chart.tsx';
import { EarlierRun, laidOver } from './earlier-run.tsx';
import { MomentPanel } from './moment-panel.tsx';
import { TimeChartView } from './time-chart.tsx';
import { TimeRange } from './time-range.tsx';
import { unpacked } from './told-requests.ts';
import { UserLanes } from './user-lanes.tsx';
import { VerdictView } from './verdict-view.tsx';

interface Props {
  readonly load: LoadPage;
  /** True while it runs or just after; other runs cannot be overlaid then. */
  readonly isLive?: boolean;
  /** The URL of its files, with a slash at the end. Default: beside the page. */
  readonly files?: string;
  /** Additional content below the verdict. */
  readonly above?: ComponentChildren;
  /** Additional content below the charts. */
  readonly children?: ComponentChildren;
}

export function LoadView({ load, isLive = false, files = '', above, children }: Props) {
  const [moment, setMoment] = useState<Span>();
  const requests = useMemo(() => unpacked(load.requests), [load.requests]);
  const tabled = { onMoment: setMoment, moment };
  const overTime = <OverTime {...{ load, isLive, requests, moment, setMoment }} />;
  return (
    <article class={moment === undefined ? '' : 'has-moment'}>
      <VerdictView load={load} onMoment={setMoment} />
      {above}
      <Card title="Budgets">
        <DataTable title="Budgets" table={load.budgets} {...tabled} />
      </Card>
      {isLive && overTime}
      <Card title="Statistics">
        <DataTable title="Statistics" table={load.statistics} />
      </Card>
      {!isLive && overTime}
      {children}
      <Card title="Distribution of the response time">
        <div class="chart-grid">
          {load.distributions.map((distribution) => (
            <DistributionChart key={distribution.name} distribution={distribution} />
          ))}
        </div>
      </Card>
      {load.comparison !== undefined && (
        <Card title="Compared with the baseline">
          <p>{load.comparison.headline}</p>
          <DataTable title="Comparison with the baseline" table={load.comparison.table} />
          <List items={load.comparison.evidence} />
        </Card>
      )}
      <div class="columns">
        <Card title="Outcomes">
          <DataTable title="Outcomes" table={load.outcomes} />
        </Card>
        <Card title="Errors">
          {load.errors.rows.length === 0 ? (
            <p class="note">Everything in the judged phases ended ok.</p>
          ) : (
            <DataTable title="Errors" table={load.errors} {...tabled} />
          )}
        </Card>
      </div>
      {load.slowest.rows.length > 0 && (
        <Card title="Slowest requests">
          <DataTable title="Slowest requests" table={load.slowest} {...tabled} most={10} />
        </Card>
      )}
      {load.metrics.rows.length > 0 && (
        <Card title="Metrics">
          <DataTable title="Metrics" table={load.metrics} />
        </Card>
      )}
      {load.sections.map(({ title, text }) => (
        <Card key={title} title={title}>
          <pre tabIndex={0}>{text}</pre>
        </Card>
      ))}
      <PlanCard load={load} base={files} />
      {moment !== undefined && <MomentPanel {...{ load, requests, moment }} onMoment={setMoment} />}
    </article>
  );
}

export function Card({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ComponentChildren;
}) {
  return (
    <section class="card">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

export function List({ items }: { readonly items: readonly string[] }) {
  return (
    <ul class="list">
      {items.map((item) => (
        <li key={item}>{item}</li>
      ))}
    </ul>
  );
}

interface OverTimeProps {
  readonly load: LoadPage;
  readonly isLive: boolean;
  readonly requests: ReturnType<typeof unpacked>;
  readonly moment: Span | undefined;
  readonly setMoment: (at: Span | undefined) => void;
}

function OverTime({ load, isLive, requests, moment, setMoment }: OverTimeProps) {
  const { phases, marks } = load;
  const endMs = Math.max(load.endMs, 2000);
  // Undefined: the whole load, even while it grows.
  const [chosen, setRange] = useState<Span>();
  const range = chosen ?? [0, endMs];
  const [earlier, setEarlier] = useState<LoadPage>();
  const charts = useMemo(
    () => load.charts.map((chart) => laidOver(chart, earlier)),
    [load, earlier],
  );
  return (
    <section class="card charts">
      <h2>Over time</h2>
      <TimeRange
        {...{ endMs, range, phases, marks, moment }}
        onRange={([fromMs, toMs]) => {
          setRange(fromMs === 0 && toMs >= endMs ? undefined : [fromMs, toMs]);
        }}
        onMoment={setMoment}
      />
      <p class="note">
        Click a chart for what happened then, drag over it for a shorter time. Grey: not judged.
        {marks.some(({ kind }) => kind === 'stall') && ' Purple: stall.'}
        {marks.some(({ kind }) => kind === 'flag') && ' Dotted: flag.'}
        {marks.some(({ kind }) => kind === 'stage') && ' Thin line: the load was steered.'}
      </p>
      <div class="chart-grid">
        {charts.map((chart) => (
          <TimeChartView
            key={chart.id}
            {...{ chart, range, moment, phases, marks }}
            onMoment={setMoment}
            onRange={setRange}
          />
        ))}
      </div>
      {load.still.length > 0 && (
        <p class="note still">Monitored figures that never changed: {load.still.join(', ')}.</p>
      )}
      {requests.some(({ isSampled }) => isSampled) && (
        <>
          <h3>Sampled users</h3>
          <UserLanes {...{ requests, range, moment }} onMoment={setMoment} />
        </>
      )}
      {!isLive && <EarlierRun id={load.id} earlier={earlier} onEarlier={setEarlier} />}
    </section>
  );
}

interface PlanProps {
  readonly load: LoadPage;
  readonly base: string;
}

function PlanCard({ load: { plan, repeat, files }, base }: PlanProps) {
  return (
    <Card title="How it was made">
      <dl>
        {plan.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div>
          <dt>run it again</dt>
          <dd>
            <code>{repeat}</code>
          </dd>
        </div>
      </dl>
      {files.length > 0 && (
        <>
          <h3>{base === '' ? 'Files beside this page' : 'Downloads'}</h3>
          <ul class="list">
            {files.map(({ name, what }) => (
              <li key={name}>
                <a href={base + encodeURIComponent(name)} download={name}>
                  {name}
                </a>
                : {what}
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}
