/** The fields of the form, and the entry of a load run's file that they make. */

export interface Values {
  readonly system: string;
  readonly scenario: string;
  readonly model: 'users' | 'arrivals';
  readonly users: string;
  readonly spawnRate: string;
  readonly rate: string;
  readonly duration: string;
  readonly target: string;
  readonly timeScale: string;
  readonly seed: string;
}

export type FieldName = Exclude<keyof Values, 'system' | 'scenario' | 'model'>;

const texts: Readonly<Record<FieldName, { readonly label: string; readonly hint: string }>> = {
  users: { label: 'Users', hint: 'virtual users at the peak' },
  spawnRate: { label: 'Spawn rate', hint: 'users started per second' },
  rate: { label: 'Rate', hint: 'arrivals per second' },
  duration: { label: 'Duration', hint: 'such as 90s, 5m or 1h' },
  target: { label: 'Target', hint: 'empty: as the environment says, else the reference service' },
  timeScale: { label: 'Time scale', hint: '0.1 makes ten minutes to one; empty: 1' },
  seed: { label: 'Seed', hint: 'of every random draw; empty: 1' },
};

const further = ['target', 'timeScale', 'seed'] as const;

export function fieldsFor({ scenario, model }: Values) {
  const shown: readonly FieldName[] =
    scenario === 'custom'
      ? [
          ...(model === 'users' ? (['users', 'spawnRate'] as const) : (['rate'] as const)),
          'duration',
        ]
      : scenario === 'baseline'
        ? ['duration']
        : [];
  const known: readonly string[] = ['system', 'scenario', ...shown, ...further];
  return { texts, shown, further, known };
}

/** Only fields that are shown and filled in; an empty field means the default. */
export function runOf(values: Values): Readonly<Record<string, string | number>> {
  const { system, scenario } = values;
  const { shown, further: more } = fieldsFor(values);
  const given = [...shown, ...more].filter((name) => values[name].trim() !== '');
  const entries = given.map((name) => [name, valueOf(name, values[name].trim())] as const);
  return { system, scenario, ...Object.fromEntries(entries) };
}

const areTexts: ReadonlySet<FieldName> = new Set(['duration', 'target']);

/** A number if the text is one. The schema checks other texts. */
function valueOf(name: FieldName, text: string): string | number {
  return areTexts.has(name) || !/^-?\d+(\.\d+)?$/.test(text) ? text : Number(text);
}
