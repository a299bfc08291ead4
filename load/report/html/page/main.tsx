/**
 * The page of the load report. Start reading here. Its parts draw plain data (`../page-data.ts`) and
 * redraw when they get new data, so they can also show a running load.
 */
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { LoadPage, PageData } from '../page-data.ts';
import { DataTable } from './data-table.tsx';
import { LevelsView } from './levels-view.tsx';
import { LoadView } from './load-view.tsx';
import { PairView } from './pair-view.tsx';
import { ThemeButton } from './theme.tsx';

function dataOf(id: string): unknown {
  return JSON.parse(document.getElementById(`data-${id}`)?.textContent ?? 'null');
}

/** Loads are parsed when they are first shown, since a run may have many. */
const parsed = new Map<number, LoadPage>();

function loadAt(index: number): LoadPage | undefined {
  if (!parsed.has(index)) parsed.set(index, dataOf(`load-${index}`) as LoadPage);
  return parsed.get(index) ?? undefined;
}

function chosenLoad(): number {
  return Math.max(0, Number(/^#load-(\d+)/.exec(location.hash)?.[1] ?? 0));
}

function useChosenLoad(): [number, (index: number) => void] {
  const [index, setIndex] = useState(chosenLoad);
  useEffect(() => {
    const follow = (): void => {
      setIndex(chosenLoad());
    };
    addEventListener('hashchange', follow);
    return () => {
      removeEventListener('hashchange', follow);
    };
  }, []);
  return [
    index,
    (chosen) => {
      location.hash = `load-${chosen}`;
    },
  ];
}

/** The reasons why the system is slow come first in the list. */
function withFindings(load: LoadPage, { findings }: PageData): LoadPage {
  const items = findings.filter(({ test }) => test === load.test).map(({ text }) => ({ text }));
  if (items.length === 0) return load;
  return { ...load, points: [{ title: 'Why it is slow', items }, ...load.points] };
}

function App({ run }: { readonly run: PageData }) {
  const [index, choose] = useChosenLoad();
  const load = loadAt(index);
  const { overview, unreadable } = run;
  return (
    <>
      <header class="run">
        <p class="run-name">
          Load run <b>{run.runId}</b>
        </p>
        <p class="run-totals">{run.totals}</p>
        <ThemeButton />
      </header>
      {unreadable.length > 0 && (
        <section class="card warn">
          <h2>Not readable</h2>
          <ul>
            {unreadable.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </section>
      )}
      {overview.rows.length > 1 && (
        <nav aria-label="Loads of this run">
          <DataTable title="Loads of this run" table={overview} chosenRow={index} onRow={choose} />
        </nav>
      )}
      {run.levels?.map((levels) => (
        <LevelsView key={levels.title} levels={levels} />
      ))}
      <main>
        {run.pairs.map((pair, i) => (
          <PairView key={i} pair={pair} />
        ))}
        {load === undefined ? (
          run.pairs.length === 0 && <p>No load was recorded.</p>
        ) : (
          <LoadView key={load.id} load={withFindings(load, run)} />
        )}
      </main>
    </>
  );
}

const root = document.getElementById('page')!;
root.replaceChildren();
render(<App run={dataOf('run') as PageData} />, root);
