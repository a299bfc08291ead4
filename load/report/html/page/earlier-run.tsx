/**
 * Overlays the charts with those of an earlier run's report. The file is read in the browser and not sent
 * anywhere.
 */
import { useState } from 'preact/hooks';
import type { LoadPage, PageData, TimeChart } from '../page-data.ts';

interface Props {
  readonly id: string;
  readonly earlier: LoadPage | undefined;
  readonly onEarlier: (load: LoadPage | undefined) => void;
}

export function EarlierRun({ id, earlier, onEarlier }: Props) {
  const [told, setTold] = useState('');
  const read = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    const found = loadIn(await file.text(), id);
    setTold(typeof found === 'string' ? found : `The lines "earlier: …" are of ${found.runId}.`);
    onEarlier(typeof found === 'string' ? undefined : found.load);
  };
  return (
    <p class="earlier">
      <label>
        Lay an earlier run over it (its index.html){' '}
        <input
          type="file"
          accept=".html"
          onChange={({ currentTarget }) => {
            void read(currentTarget.files?.[0]);
          }}
        />
      </label>{' '}
      <span role="status">{told}</span>{' '}
      {earlier !== undefined && (
        <button
          type="button"
          onClick={() => {
            onEarlier(undefined);
            setTold('');
          }}
        >
          Take it away
        </button>
      )}
    </p>
  );
}

/** The load with that name in a report's text, or why there is none. */
function loadIn(text: string, id: string): { load: LoadPage; runId: string } | string {
  const page = new DOMParser().parseFromString(text, 'text/html');
  const dataIn = (name: string): unknown =>
    JSON.parse(page.getElementById(`data-${name}`)?.textContent ?? 'null');
  try {
    const run = dataIn('run') as PageData | null;
    if (run === null) return 'That file is no load report.';
    for (let i = 0; ; i++) {
      const load = dataIn(`load-${i}`) as LoadPage | null;
      if (load === null) return `That report has no load ${id}.`;
      if (load.id === id) return { load, runId: run.runId };
    }
  } catch {
    return 'That file could not be read as a load report.';
  }
}

/** The most important lines. All lines together would hide the current run. */
const toldLines = new Set(['p95', 'ended ok', 'virtual users']);

/** The chart with the same lines of an earlier run, at this run's times. */
export function laidOver(
  chart: TimeChart,
  earlier: Pick<LoadPage, 'charts'> | undefined,
): TimeChart {
  const other = earlier?.charts.find(({ id }) => id === chart.id);
  // On top of a stack the line would look like part of it.
  if (other === undefined || chart.isStacked === true) return chart;
  const known = other.lines.filter(({ name }) => toldLines.has(name));
  const shared = known.length > 0 ? known : other.lines.slice(0, 1);
  const places = chart.spans.map(([fromMs, toMs]) => {
    const middle = (fromMs + toMs) / 2;
    return other.spans.findIndex(([from, to]) => middle >= from && middle < to);
  });
  const lines = shared.map(({ name, values }) => ({
    name: `earlier: ${name}`,
    colour: 'faint' as const,
    isDashed: true,
    values: places.map((place) => values[place] ?? null),
  }));
  return { ...chart, lines: [...chart.lines, ...lines] };
}
