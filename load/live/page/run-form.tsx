/**
 * The form of a load run. The server checks it with the schema for files and settings, so that the page
 * and other clients get the same messages.
 */
import { useState } from 'preact/hooks';
import { Card } from '../../report/html/page/load-view.tsx';
import type { Problem } from '../page-data.ts';
import { fieldsFor, type FieldName, type Values } from './form-fields.ts';
import { useRunForm, type FormState } from './use-run-form.ts';

export function RunForm({ onSaved }: { readonly onSaved: () => void }) {
  const form = useRunForm(onSaved);
  const { values, problems, change } = form;
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
        ref={form.element}
        onSubmit={(event) => {
          event.preventDefault();
          form.start();
        }}
      >
        <div class="fields">
          <ScenarioFields {...form} />
          {fields.shown.map(field)}
        </div>
        <details open={fields.further.some((one) => values[one] !== '')}>
          <summary>Target, time scale, seed</summary>
          <div class="fields">{fields.further.map(field)}</div>
        </details>
        <Actions {...form} />
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

function ScenarioFields({ startable = [], values, change }: FormState) {
  const systems = [...new Set(startable.map(({ system }) => system))];
  const own = startable.filter(({ system }) => system === values.system);
  return (
    <>
      <Choice
        label="System"
        value={values.system}
        options={systems}
        onValue={(system) => {
          const of = startable.filter((one) => one.system === system);
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
    </>
  );
}

function Actions({ startable, message, save }: FormState) {
  const [name, setName] = useState('');
  return (
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
          save(name);
        }}
      >
        Save
      </button>
      <span role="status">
        {startable === undefined ? 'Listing the load tests of this project …' : message}
      </span>
    </p>
  );
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
