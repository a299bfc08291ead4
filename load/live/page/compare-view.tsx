/** Two runs compared test by test, with overlaid charts and the verdict. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { DataTable } from '../../report/html/page/data-table.tsx';
import { laidOver } from '../../report/html/page/earlier-run.tsx';
import { Card, List } from '../../report/html/page/load-view.tsx';
import { TimeChartView } from '../../report/html/page/time-chart.tsx';
import type { Span } from '../../report/html/page-data.ts';
import type { ComparedRuns, ComparedTest } from '../page-data.ts';
import { ask, places, wordsOf } from './server.ts';

interface Props {
  readonly before: string;
  readonly after: string;
}

export function CompareView({ before, after }: Props) {
  const [found, setFound] = useState<ComparedRuns>();
  const [told, setTold] = useState('Reading both runs …');
  useEffect(() => {
    const words = new URLSearchParams({ before, after });
    ask<ComparedRuns>(`/api/compare?${words.toString()}`).then(
      (answer) => {
        setFound(answer);
        setTold(answer.tests.length === 0 ? 'The two runs have no test in common.' : '');
      },
      (error: unknown) => {
        setTold(wordsOf(error));
      },
    );
  }, []);
  return (
    <>
      <h1>
        <a href={places.run(after)}>{after}</a> compared with{' '}
        <a href={places.run(before)}>{before}</a>
      </h1>
      <p role="status">{told}</p>
      {found !== undefined && found.notes.length > 0 && (
        <Card title="What was not compared">
          <List items={found.notes} />
        </Card>
      )}
      {found?.tests.map((test) => (
        <TestView key={test.test} test={test} />
      ))}
    </>
  );
}

function TestView({
  test: { test, comparison, notes, before, after },
}: {
  readonly test: ComparedTest;
}) {
  const endMs = Math.max(before.endMs, after.endMs, 2000);
  const [chosen, setChosen] = useState<Span>();
  const charts = useMemo(
    () => after.charts.map((chart) => laidOver(chart, before)),
    [after, before],
  );
  const { phases, marks } = after;
  const range = chosen ?? [0, endMs];
  return (
    <section class="card" aria-label={test}>
      <h2>{test}</h2>
      {comparison !== undefined && (
        <>
          <p>{comparison.headline}</p>
          <DataTable title={`Comparison of ${test}`} table={comparison.table} />
          <List items={comparison.evidence} />
        </>
      )}
      <List items={notes} />
      <p class="note">
        Dashed lines are of the earlier run. Drag over a chart for a shorter time.{' '}
        {chosen !== undefined && (
          <button
            type="button"
            onClick={() => {
              setChosen(undefined);
            }}
          >
            Whole load
          </button>
        )}
      </p>
      <div class="chart-grid">
        {charts.map((chart) => (
          <TimeChartView
            key={chart.id}
            {...{ chart, range, moment: undefined, phases, marks }}
            onMoment={() => undefined}
            onRange={setChosen}
          />
        ))}
      </div>
    </section>
  );
}
