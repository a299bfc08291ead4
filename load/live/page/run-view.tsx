/** One run: its actions, its loads, and the selected load. */
import { useState } from 'preact/hooks';
import { DataTable } from '../../report/html/page/data-table.tsx';
import { Card, List, LoadView } from '../../report/html/page/load-view.tsx';
import { ThemeButton } from '../../report/html/page/theme.tsx';
import type { LivePage, RunState } from '../page-state.ts';
import type { LiveHome } from '../page-data.ts';
import { ask, places, wordsOf } from './server.ts';
import { useRun, type Connection } from './use-run.ts';

interface Props {
  readonly home: LiveHome;
  readonly run: string;
  /** Undefined: the running load. */
  readonly load: string | undefined;
}

export function RunView({ home, run, load: asked }: Props) {
  const { state, connection } = useRun(run, asked);
  const files = `${home.files}${encodeURIComponent(run)}/`;
  return (
    <>
      <header class="run">
        <p class="run-name">
          {home.only === undefined && (
            <>
              <a href={places.home}>Load runs</a> /{' '}
            </>
          )}
          <b>{run}</b>{' '}
          {state !== undefined && (
            <span class={`phase-badge ${state.phase}`}>{phaseTexts[state.phase]}</span>
          )}
        </p>
        <p class="run-totals connection" role="status">
          {connectionTexts[connection]}
        </p>
        <ThemeButton />
      </header>
      <main>
        {state === undefined ? <p>Waiting for the run …</p> : <Run {...{ state, files }} />}
      </main>
    </>
  );
}

const phaseTexts: Readonly<Record<RunState['phase'], string>> = {
  starting: 'starting',
  running: 'running',
  stopping: 'stopping: what is in flight drains',
  over: 'over',
  failed: 'did not start',
};

const connectionTexts: Readonly<Record<Connection, string>> = {
  open: '',
  lost: 'No answer from the server of this page; trying again.',
  gone: 'The run is over and this view has ended with it. The figures stay here.',
};

function Run({ state, files }: { readonly state: RunState; readonly files: string }) {
  const { tests, overview, names, chosen, load, slices, unreadable, phase, runId } = state;
  return (
    <>
      <Controls state={state} files={files} />
      {unreadable.length > 0 && (
        <Card title="Not readable">
          <List items={unreadable} />
        </Card>
      )}
      {tests.rows.length > 1 && (
        <Card title="Tests of this run">
          <DataTable title="Tests of this run" table={tests} />
        </Card>
      )}
      {names.length > 1 && (
        <Card title="Loads of this run">
          <DataTable
            title="Loads of this run"
            table={overview}
            chosenRow={names.indexOf(chosen)}
            onRow={(index) => {
              location.hash = places.load(runId, names[index]!);
            }}
          />
        </Card>
      )}
      {load === undefined ? (
        <Card title={phase === 'failed' ? 'It did not start' : 'Nothing is measured yet'}>
          <p>
            {phase === 'failed'
              ? 'No load was sent. The runner says why:'
              : 'The runner starts, checks the system, and then sends the load.'}
          </p>
        </Card>
      ) : (
        <LoadView key={load.id} load={load} isLive files={files} above={<Now load={load} />}>
          {slices.rows.length > 0 && (
            <Card title="Slices">
              <DataTable title="Slices" table={slices} />
            </Card>
          )}
          <LiveCards load={load} />
        </LoadView>
      )}
      {state.console !== '' && (
        <Card title="What the runner says">
          <pre class="said" tabIndex={0}>
            {state.console}
          </pre>
        </Card>
      )}
    </>
  );
}

function Now({ load: { now } }: { readonly load: LivePage }) {
  if (now.length === 0) return null;
  return (
    <dl class="now" aria-label="Now">
      {now.map(([name, text]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

function LiveCards({ load }: { readonly load: LivePage }) {
  return (
    <div class="columns">
      <Card title="Ratio of the tasks">
        <DataTable title="Ratio of the tasks" table={load.ratio} />
      </Card>
      <Card title="Exceptions">
        {load.exceptions.rows.length === 0 ? (
          <p class="note">The tasks' own code has thrown no errors.</p>
        ) : (
          <DataTable title="Exceptions" table={load.exceptions} />
        )}
      </Card>
      <Card title="Log">
        <ul class="log-list" tabIndex={0} aria-label="Log, newest first">
          {load.log.map(({ text }, i) => (
            <li key={load.log.length - i}>{text}</li>
          ))}
        </ul>
      </Card>
    </div>
  );
}

function Controls({ state, files }: { readonly state: RunState; readonly files: string }) {
  const { runId, canStop, phase, hasReport, steerable } = state;
  const [told, setTold] = useState('');
  const act = (path: string, body: object, done: string): void => {
    setTold('');
    ask(path, body).then(
      () => {
        setTold(done);
      },
      (error: unknown) => {
        setTold(wordsOf(error));
      },
    );
  };
  if (!canStop && !hasReport) return null;
  return (
    <section class="card actions" aria-label="This run">
      {canStop && (
        <button
          type="button"
          class="danger"
          disabled={phase === 'stopping'}
          onClick={() => {
            act('/api/stop', { run: runId }, 'It drains, and then writes its reports.');
          }}
        >
          Stop
        </button>
      )}
      {steerable !== 'nothing' && phase === 'running' && (
        <Steer
          what={steerable}
          onChange={(value) => {
            act('/api/steer', { run: runId, [steerable]: value }, `Asked for ${value}.`);
          }}
        />
      )}
      {hasReport && (
        <a href={`${files}index.html`} target="_blank" rel="noopener">
          Open the report
        </a>
      )}
      {hasReport && (
        <a href={`${files}results.json`} download="results.json">
          results.json
        </a>
      )}
      <span role="status">{told}</span>
    </section>
  );
}

const steerTexts = { users: 'Users', rate: 'Arrivals per second' } as const;

function Steer({
  what,
  onChange,
}: {
  readonly what: keyof typeof steerTexts;
  readonly onChange: (value: number) => void;
}) {
  const [text, setText] = useState('');
  return (
    <form
      class="steer"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') onChange(Number(text));
      }}
    >
      <label>
        {steerTexts[what]}{' '}
        <input
          type="text"
          inputMode="decimal"
          value={text}
          onInput={({ currentTarget }) => {
            setText(currentTarget.value);
          }}
        />
      </label>
      <button type="submit">Change</button>
    </form>
  );
}
