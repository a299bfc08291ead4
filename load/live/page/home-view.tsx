/** The start page: a form to start a load run, the saved load runs, and earlier runs. */
import { useEffect, useState } from 'preact/hooks';
import { Card } from '../../report/html/page/load-view.tsx';
import type { LiveHome, SavedRun } from '../page-data.ts';
import { RunForm } from './run-form.tsx';
import { RunTable } from './run-table.tsx';
import { ask, places, wordsOf, type Runs } from './server.ts';

export function HomeView({ home }: { readonly home: LiveHome }) {
  const [runs, setRuns] = useState<Runs>();
  const [saved, setSaved] = useState<readonly SavedRun[]>([]);
  const [told, setTold] = useState('');
  const tell = (error: unknown): void => {
    setTold(wordsOf(error));
  };
  const look = (): void => {
    ask<Runs>('/api/runs').then(setRuns, tell);
    if (home.canStart) ask<readonly SavedRun[]>('/api/saved').then(setSaved, tell);
  };
  useEffect(() => {
    look();
    addEventListener('focus', look);
    return () => {
      removeEventListener('focus', look);
    };
  }, []);
  const startSaved = (name: string): void => {
    ask<{ readonly runs: readonly string[] }>('/api/start-saved', { name }).then(
      ({ runs: ids }) => {
        location.hash = ids.length === 1 ? places.run(ids[0]!) : places.home;
        look();
      },
      tell,
    );
  };
  return (
    <div class="home">
      {home.canStart && <RunForm onSaved={look} />}
      {saved.length > 0 && (
        <Card title="Saved load runs">
          <ul class="saved">
            {saved.map(({ name, runs: entries, problems }) => (
              <li key={name}>
                <b>{name}</b>
                <span class="what">
                  {entries.map(entryText).join(' beside ')}
                  {problems.map(({ field, accepted }) => (
                    <span key={field} class="problem">
                      {field}: accepted is {accepted}
                    </span>
                  ))}
                </span>
                <button
                  type="button"
                  disabled={problems.length > 0}
                  onClick={() => {
                    startSaved(name);
                  }}
                >
                  Start {name}
                </button>
              </li>
            ))}
          </ul>
          <p class="note">
            Files in load-runs/, started as well by <code>npx loadwright run &lt;name&gt;</code>.
          </p>
        </Card>
      )}
      {told !== '' && (
        <p role="alert" class="problem">
          {told}
        </p>
      )}
      <Card title="Runs">
        {runs === undefined ? (
          <p>Looking …</p>
        ) : (
          <RunTable runs={runs} home={home} onChange={look} onProblem={tell} />
        )}
      </Card>
    </div>
  );
}

function entryText({ system, scenario, ...settings }: SavedRun['runs'][number]): string {
  const told = Object.entries(settings).map(([name, value]) => `${name} ${String(value)}`);
  return [`${String(system)}, ${String(scenario)}`, ...told].join(', ');
}
