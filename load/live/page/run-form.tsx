/**
 * The form of a load run. The server checks it with the schema for files and settings, so that the page
 * and other clients get the same messages.
 */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Card } from '../../report/html/page/load-view.tsx';
import type { Problem, Startable } from '../page-data.ts';
import { fieldsFor, runOf, type FieldName, type Values } from './form-fields.ts';
import { ask, places, wordsOf } from './server.ts';

const first: Values = {
  system: '',
  scenario: '',
  model: 'users',
  users: '10',
  spawnRate: '2',
  rate: '10',
  duration: '1m',
  target: '',
  timeScale: '',
  seed: '',
};

export function RunForm({ onSaved }: { readonly onSaved: () => void }) {
  const [startable, setStartable] = useState<readonly Startable[]>();
  const [values, setValues] = useState(first);
  const [name, setName] = useState('');
  const [told, setTold] = useState('');
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    ask<readonly Startable[]>('/api/startable').then(
      (found) => {
        setStartable(found);
        const usual = found.find(({ scenario }) => scenario === 'custom') ?? found[0];
        if (usual !== undefined) setValues({ ...first, ...placeOf(usual) });
      },
      (error: unknown) => {
        setStartable([]);
        setTold(wordsOf(error));
      },
    );
  }, []);
  const run = useMemo(() => runOf(values), [values]);
  const { problems, check } = useProblems(run, startable !== undefined);
  const change = (more: Partial<Values>): void => {
    setTold('');
    setValues({ ...values, ...more });
  };
  const start = async (): Promise<void> => {
    if ((await check()).length > 0) {
      setTold('Not started: see what is marked.');
      form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
      return;
    }
    const { runs } = await ask<{ readonly runs: readonly string[] }>('/api/start', {
      name: 'from-the-page',
      runs: [run],
    });
    location.hash = places.run(runs[0]!);
  };
  const save = async (): Promise<void> => {
    await ask('/api/save', { name, runs: [run] });
    setTold(`Saved as load-runs/${name}.json.`);
    onSaved();
  };
  const orTell = (done: Promise<void>): void => {
    done.catch((error: unknown) => {
      setTold(wordsOf(error));
    });
  };
  const systems = [...new Set((startable ?? []).map(({ system }) => system))];
  const own = (startable ?? []).filter(({ system }) => system === values.system);
  const fields = fieldsFor(values);
  const field = (fieldName: FieldName) => (
    <TextField
      key={fieldName}
      {...{ ...fields.texts[fieldName], name: fieldName }}
      value={values[fieldName]}
      problem={problems.find(({ field: at }) => at === `runs.0.${fieldName}`)}
      onValue={(text) => {
        change({ [fieldName]: text });
      }}
    />
  );
  return (
    <Card title="Start a load">
      <form
        ref={form}
        onSubmit={(event) => {
          event.preventDefault();
          orTell(start());
        }}
      >
        <div class="fields">
          <Choice
            label="System"
            value={values.system}
            options={systems}
            onValue={(system) => {
              const of = (startable ?? []).filter((one) => one.system === system);
              const same = of.find(({ scenario }) => scenario === values.scenario) ?? of[0];
              change({ system, scenario: same?.scenario ?? '' });
            }}
          />
          <Choice
            label="Scenario"
            value={values.scenario}
            options={own.map(({ scenario }) => scenario)}
            hint={own.find(({ scenario }) => scenario === values.scenario)?.titles.join('; ')}
            onValue={(scenario) => {
              change({ scenario });
            }}
          />
          {values.scenario === 'custom' && (
            <Choice
              label="Shape"
              value={values.model}
              options={['users', 'arrivals']}
              hint={
                values.model === 'users'
                  ? 'Closed model: each user waits for its answer.'
                  : 'Open model: this many start, however long the answers take.'
              }
              onValue={(model) => {
                change({ model: model as Values['model'] });
              }}
            />
          )}
          {fields.shown.map(field)}
        </div>
        <details open={fields.further.some((one) => values[one] !== '')}>
          <summary>Target, time scale, seed</summary>
          <div class="fields">{fields.further.map(field)}</div>
        </details>
        <p class="actions">
          <button type="submit" class="primary" disabled={startable === undefined}>
            Start
          </button>
          <label>
            Save as{' '}
            <input
              type="text"
              value={name}
              onInput={({ currentTarget }) => {
                setName(currentTarget.value);
              }}
            />
          </label>
          <button
            type="button"
            disabled={name === '' || startable === undefined}
            onClick={() => {
              orTell(save());
            }}
          >
            Save
          </button>
          <span role="status">
            {startable === undefined ? 'Listing the load tests of this project …' : told}
          </span>
        </p>
        {problems
          .filter(({ field: at }) => !fields.known.some((one) => at === `runs.0.${one}`))
          .map(({ field: at, accepted }) => (
            <p key={at} class="problem">
              {at}: accepted is {accepted}
            </p>
          ))}
      </form>
    </Card>
  );
}

function placeOf({ system, scenario }: Startable): Pick<Values, 'system' | 'scenario'> {
  return { system, scenario };
}

/** The server's problems with the current run. A late answer to an earlier version is dropped. */
function useProblems(run: object, isReady: boolean) {
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const latest = useRef(0);
  const check = async (): Promise<readonly Problem[]> => {
    const own = (latest.current += 1);
    const file = { name: 'from-the-page', runs: [run] };
    const answer = await ask<{ readonly problems: readonly Problem[] }>('/api/check', file);
    if (own === latest.current) setProblems(answer.problems);
    return answer.problems;
  };
  useEffect(() => {
    // If the server does not answer, starting the run reports it.
    if (isReady) void check().catch(() => undefined);
  }, [run, isReady]);
  return { problems, check };
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly string[];
  readonly hint?: string | undefined;
  readonly onValue: (value: string) => void;
}

function Choice({ label, value, options, hint, onValue }: ChoiceProps) {
  const id = `field-${label.toLowerCase()}`;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value}
        onChange={({ currentTarget }) => {
          onValue(currentTarget.value);
        }}
      >
        {options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
      {hint !== undefined && <p class="hint">{hint}</p>}
    </div>
  );
}

interface TextProps {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly problem: Problem | undefined;
  readonly onValue: (value: string) => void;
}

function TextField({ name, label, hint, value, problem, onValue }: TextProps) {
  return (
    <div class="field">
      <label for={`field-${name}`}>{label}</label>
      <input
        id={`field-${name}`}
        type="text"
        autoComplete="off"
        spellcheck={false}
        value={value}
        aria-invalid={problem !== undefined}
        aria-describedby={`about-${name}`}
        onInput={({ currentTarget }) => {
          onValue(currentTarget.value);
        }}
      />
      <p id={`about-${name}`} class={problem === undefined ? 'hint' : 'problem'}>
        {problem === undefined ? hint : `Accepted is ${problem.accepted}`}
      </p>
    </div>
  );
}
