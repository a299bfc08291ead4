/** The values of the form of a load run, and the requests that it sends. */
import type { RefObject } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Problem, Startable } from '../page-data.ts';
import { runOf, type Values } from './form-fields.ts';
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

export interface FormState {
  /** Undefined until the load tests are listed. */
  readonly startable: readonly Startable[] | undefined;
  readonly values: Values;
  readonly problems: readonly Problem[];
  /** The outcome of the last request, in words. */
  readonly message: string;
  readonly element: RefObject<HTMLFormElement | null>;
  readonly change: (more: Partial<Values>) => void;
  readonly start: () => void;
  readonly save: (name: string) => void;
}

export function useRunForm(onSaved: () => void): FormState {
  const [values, setValues] = useState(first);
  const [message, setMessage] = useState('');
  const element = useRef<HTMLFormElement>(null);
  const startable = useStartable(setValues, setMessage);
  const run = useMemo(() => runOf(values), [values]);
  const { problems, check } = useProblems(run, startable !== undefined);
  const change = (more: Partial<Values>): void => {
    setMessage('');
    setValues({ ...values, ...more });
  };
  const start = async (): Promise<void> => {
    if ((await check()).length > 0) {
      setMessage('Not started: see what is marked.');
      element.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
      return;
    }
    location.hash = places.run(await startRun(run));
  };
  const save = async (name: string): Promise<void> => {
    await ask('/api/save', { name, runs: [run] });
    setMessage(`Saved as load-runs/${name}.json.`);
    onSaved();
  };
  const orReport = (done: Promise<void>): void => {
    done.catch((error: unknown) => {
      setMessage(wordsOf(error));
    });
  };
  return {
    startable,
    values,
    problems,
    message,
    element,
    change,
    start: () => {
      orReport(start());
    },
    save: (name) => {
      orReport(save(name));
    },
  };
}

/** Returns the id of the run. */
async function startRun(run: object): Promise<string> {
  const file = { name: 'from-the-page', runs: [run] };
  const { runs } = await ask<{ readonly runs: readonly string[] }>('/api/start', file);
  return runs[0]!;
}

/** Lists the load tests once, and begins with the usual one. */
function useStartable(
  onUsual: (values: Values) => void,
  onProblem: (message: string) => void,
): readonly Startable[] | undefined {
  const [startable, setStartable] = useState<readonly Startable[]>();
  useEffect(() => {
    ask<readonly Startable[]>('/api/startable').then(
      (found) => {
        setStartable(found);
        const usual = found.find(({ scenario }) => scenario === 'custom') ?? found[0];
        if (usual !== undefined) onUsual({ ...first, ...placeOf(usual) });
      },
      (error: unknown) => {
        setStartable([]);
        onProblem(wordsOf(error));
      },
    );
  }, []);
  return startable;
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
